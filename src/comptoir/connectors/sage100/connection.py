"""The ports of an ERP over Sage 100."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from comptoir.connectors.sage100 import queries
from comptoir.connectors.sage100.database import Database
from comptoir.connectors.sage100.pont import Pont
from comptoir.connectors.sage100.reading import Reader
from comptoir.connectors.sage100.settings import Sage100Settings
from comptoir.connectors.sage100.writing import Writer
from comptoir.sdk.buyers import BuyerAccount
from comptoir.sdk.connector import Context
from comptoir.sdk.documents import DocumentBatch
from comptoir.sdk.errors import ConfigurationError, UnexpectedAnswer
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

CONTRACT = "comptoir-pont/1"


class Sage100Connection:
    order_batch_size: int = 100

    def __init__(self, settings: Sage100Settings, context: Context) -> None:
        self._settings = settings
        self._database = database = Database(settings, context)
        self._pont = pont = Pont(settings, context)
        self._reader = Reader(database, settings, context)
        self._writer = Writer(database, pont, settings)
        self.order_batch_size = settings.order_batch

    def close(self) -> None:
        self._database.close()
        self._pont.close()

    def check(self) -> ChannelProfile:
        """Both doors, the customers and the service articles. ConfigurationError names what is missing."""
        self._database.columns()
        company = self._database.rows(queries.COMPANY)[0]
        depots = self._reader.depots()
        self._require(
            queries.CLIENTS,
            {self._settings.client, *self._settings.client_of().values()},
            "ct_num",
            "customer",
        )
        services = {
            self._settings.shipping_article,
            self._settings.discount_article,
            self._settings.rounding_article,
        }
        self._require(queries.ARTICLES_EXIST, services, "ar_ref", "article")
        health = self._pont.health()
        if health.contrat != CONTRACT:
            raise ConfigurationError(f"The pont speaks {health.contrat!r}, not {CONTRACT}.")
        later = "do_refexterne" in self._database.columns()["f_docentete"]
        return ChannelProfile(
            account_id=self._settings.database,
            account_name=health.base or self._settings.database,
            currency="EUR",
            features={"articles": str(company["articles"]), "depots": ", ".join(depots.values()),
                      "sage": health.sage, "external_reference": "DO_RefExterne" if later else "DO_NoWeb"},
        )  # fmt: skip

    # --- from the ERP -----------------------------------------------------------------------------------

    def product_batches(self, cursor: str) -> Iterator[ProductBatch]:
        return self._reader.products(cursor)

    def product_keys(self) -> Iterator[Sequence[str]]:
        return self._reader.product_keys()

    def stock_batches(self, cursor: str) -> Iterator[StockBatch]:
        return self._reader.stock(cursor)

    def shipment_batches(self, cursor: str) -> Iterator[ShipmentBatch]:
        return self._reader.shipments(cursor)

    def order_state_batches(self, cursor: str) -> Iterator[OrderStateBatch]:
        return self._reader.states(cursor)

    def booked_orders(self, start: date, end: date) -> Iterator[Sequence[BookedOrder]]:
        return self._reader.booked(start, end)

    def document_batches(self, cursor: str) -> Iterator[DocumentBatch]:
        return self._reader.documents(cursor)

    def purchase_state_batches(self, cursor: str) -> Iterator[PurchaseStateBatch]:
        return self._reader.purchases(cursor)

    def buyer_accounts(self, references: Sequence[str]) -> Mapping[str, BuyerAccount]:
        return self._reader.accounts(references)

    def forget_account(self, number: str) -> None:
        self._pont.forget(number)

    # --- to the ERP -------------------------------------------------------------------------------------

    def submit_orders(self, number: int, orders: Sequence[ErpOrder]) -> Receipt:
        return self._writer.orders(number, orders)

    def submit_cancellations(self, number: int, cancellations: Sequence[ErpCancellation]) -> Receipt:
        return self._writer.cancellations(number, cancellations)

    def submit_refunds(self, number: int, refunds: Sequence[ErpRefund]) -> Receipt:
        return self._writer.refunds(number, refunds)

    def submit_purchase_orders(self, number: int, orders: Sequence[ErpPurchaseOrder]) -> Receipt:
        return self._writer.purchases(number, orders)

    def read_export(self, kind: str, external_id: str) -> SubmissionReport:
        """The pont answers at once; a receipt without its report was not given by this connection."""
        raise UnexpectedAnswer(f"{external_id}: the pont gives no later receipt.", code="no_receipt")

    def _require(self, statement: str, wanted: set[str], column: str, what: str) -> None:
        names = sorted(wanted - {""})
        rows = self._database.rows(statement.format(marks=", ".join("?" * len(names))), names)
        if missing := sorted(set(names) - {row[column] for row in rows}):
            raise ConfigurationError(f"Sage has no {what} {', '.join(missing)}.")
