"""The ports of an ERP over Sage X3."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from comptoir.connectors.sage_x3.attempts import Attempts
from comptoir.connectors.sage_x3.client import Client
from comptoir.connectors.sage_x3.counting import Counter
from comptoir.connectors.sage_x3.customers import Customers
from comptoir.connectors.sage_x3.deliveries import Deliveries
from comptoir.connectors.sage_x3.lists import Lists
from comptoir.connectors.sage_x3.purchasing import Purchasing
from comptoir.connectors.sage_x3.reading import Reader
from comptoir.connectors.sage_x3.services import Services
from comptoir.connectors.sage_x3.settings import SageX3Settings
from comptoir.connectors.sage_x3.setup_check import check_setup
from comptoir.connectors.sage_x3.writing import Writer
from comptoir.sdk.connector import Context
from comptoir.sdk.documents import DocumentBatch
from comptoir.sdk.errors import UnexpectedAnswer
from comptoir.sdk.purchasing import ErpPurchaseOrder, PurchaseStateBatch
from comptoir.sdk.records import (
    BookedOrder,
    ChannelProfile,
    ErpCancellation,
    ErpOrder,
    ErpRefund,
    OrderStateBatch,
    ProductBatch,
    Receipt,
    ShipmentBatch,
    StockBatch,
    SubmissionReport,
)


class SageX3Connection:
    order_batch_size: int = 50

    def __init__(self, settings: SageX3Settings, context: Context) -> None:
        self._settings = settings
        self._mapped = mapped = settings.mapped()
        self._client = client = Client(settings, context)
        self._services = services = Services(client, settings)
        self._lists = lists = Lists(client, settings, mapped)
        attempts = Attempts(settings, context)
        customers = Customers(lists, services, settings, mapped)
        self._reader = reader = Reader(lists, settings, mapped, context)
        self._counter = Counter(lists, services, reader, settings, mapped, context)
        deliveries = Deliveries(attempts, own_numbers=settings.own_numbers)
        self._purchasing = Purchasing(lists, services, deliveries, settings, mapped, context)
        self._writer = Writer(lists, services, customers, deliveries, settings, mapped)
        self.order_batch_size = settings.order_batch

    def close(self) -> None:
        self._client.close()

    def read_again(self, operation: str, url: str) -> None:
        self._client.read_again(operation, url)

    def check(self) -> ChannelProfile:
        """Every list, every published field, the customers and the articles. ConfigurationError names what lacks."""
        with self._client.patient():
            return check_setup(self._lists, self._services, self._settings, self._mapped)

    # --- from the ERP -----------------------------------------------------------------------------------

    def product_batches(self, cursor: str) -> Iterator[ProductBatch]:
        return self._reader.products(cursor)

    def product_keys(self) -> Iterator[Sequence[str]]:
        return self._reader.product_keys()

    def stock_batches(self, cursor: str) -> Iterator[StockBatch]:
        return self._counter.batches(cursor)

    def shipment_batches(self, cursor: str) -> Iterator[ShipmentBatch]:
        return self._reader.shipments(cursor)

    def order_state_batches(self, cursor: str) -> Iterator[OrderStateBatch]:
        return self._reader.states(cursor)

    def document_batches(self, cursor: str) -> Iterator[DocumentBatch]:
        return self._reader.documents(cursor)

    def booked_orders(self, start: date, end: date) -> Iterator[Sequence[BookedOrder]]:
        return self._reader.booked(start, end)

    # --- to the ERP -------------------------------------------------------------------------------------

    def submit_orders(self, number: int, orders: Sequence[ErpOrder]) -> Receipt:
        return self._writer.orders(number, orders)

    def submit_cancellations(self, number: int, cancellations: Sequence[ErpCancellation]) -> Receipt:
        return self._writer.cancellations(number, cancellations)

    def submit_refunds(self, number: int, refunds: Sequence[ErpRefund]) -> Receipt:
        return self._writer.refunds(number, refunds)

    def submit_purchase_orders(self, number: int, orders: Sequence[ErpPurchaseOrder]) -> Receipt:
        return self._purchasing.submit(number, orders)

    def purchase_state_batches(self, cursor: str) -> Iterator[PurchaseStateBatch]:
        return self._purchasing.states(cursor)

    def read_export(self, kind: str, external_id: str) -> SubmissionReport:
        """The web service answers at once; a receipt without its report was not given by this connection."""
        raise UnexpectedAnswer(f"{external_id}: X3 gives no later receipt.", code="no_receipt")
