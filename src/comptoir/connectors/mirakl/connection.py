"""One shop on one Mirakl marketplace: the ports, each handed to the file of its subject."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from comptoir.connectors.mirakl import acceptance, imports, listing, offers, prices, references, stock
from comptoir.connectors.mirakl.cancellations import CancellationWriter
from comptoir.connectors.mirakl.client import MiraklClient
from comptoir.connectors.mirakl.offer_export import FROM_OFFERS, OfferExport
from comptoir.connectors.mirakl.order_sweep import OrderReader
from comptoir.connectors.mirakl.price_watch import CHUNK, competing_offers
from comptoir.connectors.mirakl.profile import Profile
from comptoir.connectors.mirakl.refunds import RefundWriter
from comptoir.connectors.mirakl.settings import MiraklSettings
from comptoir.connectors.mirakl.shipments import ShipmentWriter
from comptoir.sdk.connector import Context
from comptoir.sdk.records import (
    Cancellation,
    ChannelProfile,
    CompetingOffer,
    ListedOffer,
    OfferDraft,
    OrderDecision,
    OrderPage,
    OrderReference,
    PriceUpdate,
    Receipt,
    Refund,
    Shipment,
    StockUpdate,
    SubmissionReport,
    Verdict,
)


class MiraklConnection:
    stock_batch_size = stock.BATCH
    price_batch_size = prices.BATCH
    offer_batch_size = offers.BATCH
    watch_batch_size = CHUNK

    def __init__(self, settings: MiraklSettings, context: Context) -> None:
        self._settings = settings
        self._context = context
        self._client = MiraklClient(settings, context)
        self._profile = Profile(self._client, context.cache)
        self._orders = OrderReader(self._client, settings, context.clock)

    def close(self) -> None:
        self._client.close()

    def read_again(self, operation: str, url: str) -> None:
        self._client.read_again(operation, url)

    def check(self) -> ChannelProfile:
        return self._profile.read()

    # --- orders -----------------------------------------------------------------------------------------

    def order_pages(self, cursor: str) -> Iterator[OrderPage]:
        return self._orders.changed(cursor)

    def orders_between(self, start: datetime, end: datetime) -> Iterator[OrderPage]:
        return self._orders.between(start, end)

    def orders_by_id(self, order_ids: Sequence[str]) -> Iterator[OrderPage]:
        return self._orders.by_id(order_ids)

    def decide_orders(self, decisions: Sequence[OrderDecision]) -> Iterator[Verdict]:
        return acceptance.decide_orders(self._client, decisions)

    def confirm_shipments(self, shipments: Sequence[Shipment]) -> Iterator[Verdict]:
        return ShipmentWriter(self._client, self._profile, self._settings).confirm(shipments)

    def cancel_orders(self, cancellations: Sequence[Cancellation]) -> Iterator[Verdict]:
        return CancellationWriter(self._client, self._settings, self._context.cache).cancel(cancellations)

    def refund_orders(self, refunds: Sequence[Refund]) -> Iterator[Verdict]:
        return RefundWriter(self._client, self._settings, self._context.cache).refund(refunds)

    def write_references(self, written: Sequence[OrderReference]) -> Iterator[Verdict]:
        return references.write_references(self._client, written)

    # --- offers -----------------------------------------------------------------------------------------

    def submit_stock(self, updates: Sequence[StockUpdate]) -> Receipt:
        return stock.submit_stock(self._client, updates)

    def submit_prices(self, updates: Sequence[PriceUpdate]) -> Receipt:
        return prices.submit_prices(self._client, updates, self._currency)

    def submit_offers(self, drafts: Sequence[OfferDraft]) -> Receipt:
        return offers.submit_offers(self._client, drafts, self._currency, self._settings.new_condition)

    def read_submission(self, kind: str, external_id: str) -> SubmissionReport:
        return imports.read_submission(self._client, external_id)

    def listed_offers(self) -> Iterator[Sequence[ListedOffer]]:
        now, centers = self._context.clock(), self._settings.operator_center_codes
        first = listing.first_page(self._client)
        if (first.total_count or 0) >= FROM_OFFERS:
            export = OfferExport(self._client, self._context.cache, self._context.sleep)
            if number := export.start():
                yield from export.read(number, centers, now)
                return
        yield from listing.paged_offers(self._client, first, centers, now)

    def competing_offers(self, eans: Sequence[str]) -> Iterator[Sequence[CompetingOffer]]:
        return competing_offers(self._client, eans, self._profile.account().shop_name or "")

    @property
    def _currency(self) -> str:
        return self._profile.account().currency_iso_code or ""
