"""One sales channel of one Octopia seller: every port that the connector implements."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from comptoir.connectors.octopia.acceptance import Acceptor
from comptoir.connectors.octopia.account import Account
from comptoir.connectors.octopia.cancellations import Canceller
from comptoir.connectors.octopia.certification import Certifier
from comptoir.connectors.octopia.client import OctopiaClient
from comptoir.connectors.octopia.conversations import ConversationDesk
from comptoir.connectors.octopia.invoices import InvoiceDesk
from comptoir.connectors.octopia.listing import Listing
from comptoir.connectors.octopia.offer_requests import LONGEST_PREPARATION
from comptoir.connectors.octopia.offers import OfferWriter
from comptoir.connectors.octopia.order_reading import OrderReader
from comptoir.connectors.octopia.package_results import PackageResults
from comptoir.connectors.octopia.packages import PackageDesk
from comptoir.connectors.octopia.price_watch import GTINS_PER_CALL, Watch
from comptoir.connectors.octopia.profile import read_profile
from comptoir.connectors.octopia.refunds import Refunder
from comptoir.connectors.octopia.running_discounts import RunningDiscounts
from comptoir.connectors.octopia.settings import OctopiaSettings
from comptoir.connectors.octopia.settlements import SettlementReader
from comptoir.connectors.octopia.shipments import Shipper
from comptoir.connectors.octopia.xml_desk import XmlDesk
from comptoir.sdk.certification import Check
from comptoir.sdk.connector import Context
from comptoir.sdk.conversations import ConversationPage, Reply
from comptoir.sdk.invoices import CustomerInvoice
from comptoir.sdk.records import (
    Cancellation,
    ChannelProfile,
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
from comptoir.sdk.settlements import SettlementPage


class OctopiaConnection:
    stock_batch_size = 5000
    price_batch_size = 5000
    offer_batch_size = 5000
    lead_time_batch_size = 5000
    longest_lead_time = LONGEST_PREPARATION
    watch_batch_size = GTINS_PER_CALL

    def __init__(self, settings: OctopiaSettings, context: Context) -> None:
        self.stock_batch_size = self.price_batch_size = self.offer_batch_size = settings.package_size
        self.lead_time_batch_size = settings.package_size
        self._settings = settings
        self._client = client = OctopiaClient(settings, context)
        self._account = account = Account(client, settings, context.cache)
        self._orders = orders = OrderReader(client, settings, context)
        self._acceptor = Acceptor(client, orders)
        self._shipper = Shipper(client, orders, account)
        self._canceller = Canceller(client, settings, orders, account, self._acceptor)
        self._refunder = Refunder(client, settings, orders, self._canceller)
        desk = PackageDesk(client, settings.sales_channel_id, context)
        xml_desk = XmlDesk(client, settings, context)
        self._listing = Listing(client, settings)
        discounts = RunningDiscounts(context.cache, context.clock)
        self._offers = OfferWriter(desk, xml_desk, settings, account, self._listing, discounts)
        self._results = PackageResults(client, desk, xml_desk, context.clock)
        self._watch = Watch(self._listing, settings.currency)
        self._settlements = SettlementReader(client, settings.currency)
        self._conversations = ConversationDesk(client, settings.sales_channel_id, context.clock)
        self._invoices = InvoiceDesk(client)
        self._certifier = Certifier(client, settings, context.clock)

    def close(self) -> None:
        self._client.close()

    def read_again(self, operation: str, url: str) -> None:
        self._client.read_again(operation, url)

    def check(self) -> ChannelProfile:
        return read_profile(self._settings, self._account, self._orders)

    def order_pages(self, cursor: str) -> Iterator[OrderPage]:
        return self._orders.changed(cursor)

    def orders_between(self, start: datetime, end: datetime) -> Iterator[OrderPage]:
        return self._orders.between(start, end)

    def orders_by_id(self, order_ids: Sequence[str]) -> Iterator[OrderPage]:
        return self._orders.by_id(order_ids)

    def decide_orders(self, decisions: Sequence[OrderDecision]) -> Iterator[Verdict]:
        return self._acceptor.decide(decisions)

    def confirm_shipments(self, shipments: Sequence[Shipment]) -> Iterator[Verdict]:
        return self._shipper.confirm(shipments)

    def cancel_orders(self, cancellations: Sequence[Cancellation]) -> Iterator[Verdict]:
        return self._canceller.cancel(cancellations)

    def refund_orders(self, refunds: Sequence[Refund]) -> Iterator[Verdict]:
        return self._refunder.refund(refunds)

    def submit_stock(self, updates: Sequence[StockUpdate]) -> Receipt:
        return self._offers.submit_stock(updates)

    def submit_prices(self, updates: Sequence[PriceUpdate]) -> Receipt:
        return self._offers.submit_prices(updates)

    def submit_lead_times(self, updates: Sequence[LeadTimeUpdate]) -> Receipt:
        return self._offers.submit_lead_times(updates)

    def submit_offers(self, offers: Sequence[OfferDraft]) -> Receipt:
        return self._offers.submit_offers(offers)

    def read_submission(self, kind: str, external_id: str) -> SubmissionReport:
        return self._results.read(external_id)

    def listed_offers(self) -> Iterator[Sequence[ListedOffer]]:
        return self._listing.listed()

    def competing_offers(self, eans: Sequence[str]) -> Iterator[Sequence[CompetingOffer]]:
        return self._watch.competing(eans)

    def settlement_pages(self, since: datetime) -> Iterator[SettlementPage]:
        return self._settlements.pages(since)

    def conversation_pages(self, since: datetime) -> Iterator[ConversationPage]:
        return self._conversations.pages(since)

    def send_replies(self, replies: Sequence[Reply]) -> Iterator[Verdict]:
        return self._conversations.send(replies)

    def send_invoices(self, invoices: Sequence[CustomerInvoice]) -> Iterator[Verdict]:
        return self._invoices.send(invoices)

    def read_invoice(self, external_id: str) -> Verdict:
        return self._invoices.read(external_id)

    def certify(self) -> Iterator[Check]:
        return self._certifier.run()
