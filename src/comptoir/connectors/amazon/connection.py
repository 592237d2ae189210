"""One Amazon channel: the ports of the sdk, each in a few words, on the files beside this one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import msgspec

from comptoir.connectors.amazon.beyond_offers import BeyondOffers
from comptoir.connectors.amazon.catalogue import Catalogue
from comptoir.connectors.amazon.client import AmazonClient
from comptoir.connectors.amazon.listed import LISTINGS_REPORT, parse_listings
from comptoir.connectors.amazon.listing_changes import (
    LONGEST_LEAD_TIME,
    lead_time_change,
    offer_change,
    price_change,
    stock_change,
)
from comptoir.connectors.amazon.order_cursor import OrderCursor
from comptoir.connectors.amazon.order_feed_desk import OrderFeedDesk
from comptoir.connectors.amazon.order_sweep import AMAZON_DELAY, FIRST_SWEEP, OrderSweep
from comptoir.connectors.amazon.pricing import PriceReader
from comptoir.connectors.amazon.profile import (
    ask_participations,
    build_profile,
    known_participations,
)
from comptoir.connectors.amazon.refunding import cancel, refund
from comptoir.connectors.amazon.reports import ReportDesk
from comptoir.connectors.amazon.settings import AmazonSettings
from comptoir.connectors.amazon.shipping import confirm
from comptoir.connectors.amazon.submission_reading import SubmissionLooker
from comptoir.connectors.amazon.submissions import URGENT_UP_TO, Submitter, build_changes
from comptoir.sdk.connector import Context
from comptoir.sdk.errors import RejectedRecord
from comptoir.sdk.records import (
    Cancellation,
    ChannelProfile,
    CompetingOffer,
    LeadTimeUpdate,
    ListedOffer,
    OfferDraft,
    OrderPage,
    PriceUpdate,
    Receipt,
    Refund,
    Shipment,
    StockUpdate,
    SubmissionReport,
    Verdict,
)


class AmazonConnection(BeyondOffers):
    stock_batch_size = 25_000
    price_batch_size = 25_000
    lead_time_batch_size = 25_000
    longest_lead_time = LONGEST_LEAD_TIME
    urgent_batch_size = URGENT_UP_TO
    # A whole offer takes about a kilobyte, and a feed ten megabytes.
    offer_batch_size = 8_000

    def __init__(self, settings: AmazonSettings, context: Context) -> None:
        self.settings = settings
        self.context = context
        self.client = AmazonClient(settings, context)
        self.sweep = OrderSweep(self.client, timedelta(minutes=settings.overlap_minutes))
        self.reports = ReportDesk(self.client, context.cache, [settings.marketplace.id])
        self.catalogue = Catalogue(self.client, context.cache, settings.marketplace, settings.seller_id)
        self.prices = PriceReader(self.client, self.catalogue, settings.marketplace, settings.seller_id)
        self._submitter = Submitter(settings, context, self.client)
        self._looker = SubmissionLooker(settings, context, self.client)

    def close(self) -> None:
        self.client.close()

    def read_again(self, operation: str, url: str) -> None:
        self.client.read_again(operation, url)

    def check(self) -> ChannelProfile:
        found = ask_participations(self.client, self.context)
        return build_profile(found, self.settings, self.context.clock().date())

    # --- orders -----------------------------------------------------------------------------------------

    def order_pages(self, cursor: str) -> Iterator[OrderPage]:
        now = self.context.clock()
        start = OrderCursor.read(cursor) if cursor else OrderCursor(after=now - FIRST_SWEEP)
        places = start.places or self._places()
        if not places:
            yield OrderPage(orders=(), cursor=start.text(), last=True)
            return
        yield from self.sweep.pages(msgspec.structs.replace(start, places=places), now)

    def orders_between(self, start: datetime, end: datetime) -> Iterator[OrderPage]:
        now = self.context.clock()
        until = min(end, now - AMAZON_DELAY)
        places = self._places() if start < until else ()
        if places:
            yield from self.sweep.pages(OrderCursor(after=start, places=places), now, until=until)

    def orders_by_id(self, order_ids: Sequence[str]) -> Iterator[OrderPage]:
        return self.sweep.by_id(order_ids)

    def confirm_shipments(self, shipments: Sequence[Shipment]) -> Iterator[Verdict]:
        return confirm(self.client, shipments, self._place_of, self.context.clock())

    def cancel_orders(self, cancellations: Sequence[Cancellation]) -> Iterator[Verdict]:
        return cancel(self._order_feeds(), cancellations, self.settings.cancel_reason)

    def refund_orders(self, refunds: Sequence[Refund]) -> Iterator[Verdict]:
        return refund(self._order_feeds(), refunds, self.settings.refund_reason)

    # --- offers -----------------------------------------------------------------------------------------

    def submit_stock(self, updates: Sequence[StockUpdate]) -> Receipt:
        return self._submitter.submit(*build_changes(updates, lambda u: stock_change(u, self.settings)))

    def submit_lead_times(self, updates: Sequence[LeadTimeUpdate]) -> Receipt:
        return self._submitter.submit(*build_changes(updates, lead_time_change))

    def submit_urgent_stock(self, updates: Sequence[StockUpdate]) -> Receipt:
        """Last units: what must not wait behind a feed."""
        changes, refused = build_changes(updates, lambda u: stock_change(u, self.settings))
        return self._submitter.submit_urgent(changes, refused)

    def submit_urgent_prices(self, updates: Sequence[PriceUpdate]) -> Receipt:
        changes, refused = build_changes(updates, lambda u: price_change(u, self.settings))
        return self._submitter.submit_urgent(changes, refused)

    def submit_prices(self, updates: Sequence[PriceUpdate]) -> Receipt:
        return self._submitter.submit(*build_changes(updates, lambda u: price_change(u, self.settings)))

    def submit_offers(self, offers: Sequence[OfferDraft]) -> Receipt:
        """Each on its article and allowed there; what may not be sold is refused with Amazon's reasons."""
        able, told = self.barcodes().ready(offers)
        changes, refused = build_changes(able, lambda o: offer_change(o, self.settings))
        return self._submitter.submit(changes, (*told, *refused))

    def read_submission(self, kind: str, external_id: str) -> SubmissionReport:
        if kind not in ("stock", "price", "lead", "offer"):
            raise RejectedRecord(f"unknown kind of submission {kind!r}", record_id=external_id)
        return self._looker.read(external_id)

    def listed_offers(self) -> Iterator[Sequence[ListedOffer]]:
        yield from parse_listings(self.reports.fetch(LISTINGS_REPORT), self.settings.marketplace)

    def competing_offers(self, eans: Sequence[str]) -> Iterator[Sequence[CompetingOffer]]:
        return self.prices.competing_offers(eans)

    def _places(self) -> tuple[str, ...]:
        """The marketplaces to sweep; of a whole region, those where the account sells."""
        if self.settings.order_sweep != "region":
            return self.settings.swept_marketplaces
        found = known_participations(self.client, self.context)
        sold = {p.marketplace.id for p in found if p.participation.is_participating}
        return tuple(place for place in self.settings.swept_marketplaces if place in sold)

    def _place_of(self, shipment: Shipment) -> str:
        """Asked of Amazon only where this channel brings in the orders of several marketplaces."""
        if self.settings.order_sweep == "region":
            for page in self.orders_by_id([shipment.order_id]):
                return page.orders[0].marketplace if page.orders else self.settings.marketplace.id
        return self.settings.marketplace.id

    def _order_feeds(self) -> OrderFeedDesk:
        places = self._places() or (self.settings.marketplace.id,)
        return OrderFeedDesk(self.client, self.context, places)
