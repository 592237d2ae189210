"""One Fnac or Darty shop behind the hub's ports."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from comptoir.connectors.fnac.after_sale_reading import (
    parse_incident,
    parse_invoice,
    parse_message,
    parse_review,
    read_since,
)
from comptoir.connectors.fnac.after_sale_writing import AfterSaleWriter
from comptoir.connectors.fnac.carriers import CarrierBook
from comptoir.connectors.fnac.client import FnacClient
from comptoir.connectors.fnac.fields import text
from comptoir.connectors.fnac.offer_reading import OfferReader
from comptoir.connectors.fnac.offer_writing import (
    LONGEST_TIME_TO_SHIP,
    OFFERS_PER_BATCH,
    WHOLE_OFFERS_PER_BATCH,
    OfferWriter,
)
from comptoir.connectors.fnac.offers import CONDITIONS, parse_listed_offer
from comptoir.connectors.fnac.order_plans import plan_cancellation, plan_decision, plan_refund, plan_shipment
from comptoir.connectors.fnac.order_reading import OrderReader
from comptoir.connectors.fnac.order_writing import OrderWriter
from comptoir.connectors.fnac.orders import CURRENCY, SHIPPING_METHODS
from comptoir.connectors.fnac.pricing import PRODUCTS_PER_QUERY, PricingReader
from comptoir.connectors.fnac.settings import REFUND_REASONS, FnacSettings
from comptoir.sdk.aftersales import ChannelInvoice, Incident, Message, MessageReply, Review, ReviewReply
from comptoir.sdk.connector import Context
from comptoir.sdk.records import (
    Cancellation,
    ChannelProfile,
    Choice,
    CompetingOffer,
    LeadTimeUpdate,
    ListedOffer,
    OfferDraft,
    OrderDecision,
    OrderPage,
    PriceUpdate,
    Receipt,
    Refund,
    Shipment,
    StockUpdate,
    SubmissionReport,
    Verdict,
)


class FnacConnection:
    offer_batch_size = OFFERS_PER_BATCH
    stock_batch_size = WHOLE_OFFERS_PER_BATCH
    price_batch_size = WHOLE_OFFERS_PER_BATCH
    lead_time_batch_size = WHOLE_OFFERS_PER_BATCH
    longest_lead_time = LONGEST_TIME_TO_SHIP
    watch_batch_size = PRODUCTS_PER_QUERY

    def __init__(self, settings: FnacSettings, context: Context) -> None:
        self._settings = settings
        self._client = FnacClient(settings, context)
        self._orders = OrderReader(self._client, settings)
        self._order_writer = OrderWriter(self._client, self._orders)
        self._offers = OfferReader(self._client)
        self._offer_writer = OfferWriter(self._client, settings, self._offers, context.cache, context.clock)
        self._carriers = CarrierBook(self._client, settings, context.cache)
        self._pricing = PricingReader(self._client, settings.shop_name)
        self._after_sale = AfterSaleWriter(self._client)
        if settings.partial_offers:
            self.stock_batch_size = self.price_batch_size = self.lead_time_batch_size = OFFERS_PER_BATCH

    def close(self) -> None:
        self._client.close()

    def check(self) -> ChannelProfile:
        """Signs in and reads the shop's carriers: the id, the key and the right to ask are good."""
        carriers = self._carriers.read()
        return ChannelProfile(
            account_id=self._settings.shop_id,
            account_name=self._settings.shop_name,
            currency=CURRENCY,
            features={
                "api_version": self._client.version,
                "market": self._settings.market,
                "partial_offers": str(self._settings.partial_offers).lower(),
                "multi_shipment": "by line",
            },
            carriers=carriers,
            reasons=tuple(Choice(code=code, label=label, kind="refund") for code, label in REFUND_REASONS),
            conditions=tuple(Choice(code=code, label=word) for word, code in CONDITIONS.items()),
            shipping_methods=tuple(Choice(code=c, label=label) for c, label in SHIPPING_METHODS.items()),
            warnings=() if self._settings.shop_name else ("shop_name_missing",),
        )

    # --- orders -----------------------------------------------------------------------------------------

    def order_pages(self, cursor: str) -> Iterator[OrderPage]:
        return self._orders.since(cursor)

    def orders_between(self, start: datetime, end: datetime) -> Iterator[OrderPage]:
        return self._orders.between(start, end)

    def orders_by_id(self, order_ids: Sequence[str]) -> Iterator[OrderPage]:
        return self._orders.by_id(order_ids)

    def decide_orders(self, decisions: Sequence[OrderDecision]) -> Iterator[Verdict]:
        return self._order_writer.carry_out(
            decisions, key=lambda d: d.order_id, order_id=lambda d: d.order_id, plan=plan_decision
        )

    def confirm_shipments(self, shipments: Sequence[Shipment]) -> Iterator[Verdict]:
        return self._order_writer.carry_out(
            shipments,
            key=lambda s: s.reference,
            order_id=lambda s: s.order_id,
            plan=lambda s, order: plan_shipment(s, order, self._carriers.code_for(s.parcel)),
        )

    def cancel_orders(self, cancellations: Sequence[Cancellation]) -> Iterator[Verdict]:
        return self._order_writer.carry_out(
            cancellations,
            key=lambda c: c.reference,
            order_id=lambda c: c.order_id,
            plan=lambda c, order: plan_cancellation(c, order, self._settings.cancel_reason),
        )

    def refund_orders(self, refunds: Sequence[Refund]) -> Iterator[Verdict]:
        return self._order_writer.carry_out(
            refunds,
            key=lambda r: r.reference,
            order_id=lambda r: r.order_id,
            plan=lambda r, order: plan_refund(r, order, self._settings.refund_reason),
        )

    # --- offers -----------------------------------------------------------------------------------------

    def submit_stock(self, updates: Sequence[StockUpdate]) -> Receipt:
        return self._offer_writer.submit_stock(updates)

    def submit_prices(self, updates: Sequence[PriceUpdate]) -> Receipt:
        return self._offer_writer.submit_prices(updates)

    def submit_lead_times(self, updates: Sequence[LeadTimeUpdate]) -> Receipt:
        return self._offer_writer.submit_lead_times(updates)

    def submit_offers(self, offers: Sequence[OfferDraft]) -> Receipt:
        return self._offer_writer.submit_offers(offers)

    def read_submission(self, kind: str, external_id: str) -> SubmissionReport:
        """Stock, prices and offers travel in the same batches: `kind` makes no difference."""
        return self._offer_writer.read_report(external_id)

    def listed_offers(self) -> Iterator[Sequence[ListedOffer]]:
        for page in self._offers.pages():
            # An offer without a seller id is not one of ours to name.
            yield [parse_listed_offer(node) for node in page if text(node, "offer_seller_id")]

    def competing_offers(self, eans: Sequence[str]) -> Iterator[Sequence[CompetingOffer]]:
        return self._pricing.competing_offers(eans)

    # --- after the sale ---------------------------------------------------------------------------------

    def messages_since(self, since: datetime) -> Iterator[Sequence[Message]]:
        return read_since(self._client, "messages_query", "message", "UpdatedAt", since, parse_message)

    def reply_to_messages(self, replies: Sequence[MessageReply]) -> Iterator[Verdict]:
        return self._after_sale.reply_to_messages(replies)

    def incidents_since(self, since: datetime) -> Iterator[Sequence[Incident]]:
        return read_since(self._client, "incidents_query", "incident", "UpdatedAt", since, parse_incident)

    def reviews_since(self, since: datetime) -> Iterator[Sequence[Review]]:
        service, item = "client_order_comments_query", "client_order_comment"
        return read_since(self._client, service, item, "Modified", since, parse_review)

    def reply_to_reviews(self, replies: Sequence[ReviewReply]) -> Iterator[Verdict]:
        return self._after_sale.reply_to_reviews(replies)

    def channel_invoices_since(self, since: datetime) -> Iterator[Sequence[ChannelInvoice]]:
        return read_since(self._client, "shop_invoices_query", "shop_invoice", "", since, parse_invoice)
