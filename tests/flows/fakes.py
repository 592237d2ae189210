"""A marketplace and an ERP at the ports of the sdk: they remember what they are told, and fail on demand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated, Any, ClassVar

from comptoir.sdk import records as r
from comptoir.sdk.accounting import AccountingLine
from comptoir.sdk.buyers import BuyerAccount
from comptoir.sdk.connector import ConnectorType, Context, Role
from comptoir.sdk.documents import DocumentBatch
from comptoir.sdk.errors import ConnectorError
from comptoir.sdk.purchasing import ErpPurchaseOrder, PurchaseStateBatch
from comptoir.sdk.settings import ConnectorSettings, Setting
from comptoir.sdk.settlements import SettlementEntry, SettlementPage
from comptoir.sdk.statuses import ImportState, OrderStatus


class FakeSettings(ConnectorSettings):
    api_key: Annotated[str, Setting("Key", secret=True)] = "secret-key"
    account: str = ""
    marketplace: str = ""


@dataclass
class Market:
    """The state behind every connection of one fake channel."""

    orders: dict[str, r.Order] = field(default_factory=dict)
    page_size: int = 100
    fail_next: list[ConnectorError] = field(default_factory=list)
    cut_after_page: bool = False
    stock: dict[str, int] = field(default_factory=dict)
    prices: dict[str, Any] = field(default_factory=dict)
    lead_times: dict[str, int] = field(default_factory=dict)
    created: dict[str, int | None] = field(default_factory=dict)
    """Lead times of whole offers."""
    carried: dict[str, int | None] = field(default_factory=dict)
    """Lead times that came along with a quantity."""
    submissions: dict[str, r.SubmissionReport] = field(default_factory=dict)
    rejects: dict[str, str] = field(default_factory=dict)
    decisions: list[r.OrderDecision] = field(default_factory=list)
    shipments: list[r.Shipment] = field(default_factory=list)
    cancellations: list[r.Cancellation] = field(default_factory=list)
    refunds: list[r.Refund] = field(default_factory=list)
    references: dict[str, str] = field(default_factory=dict)
    rivals: dict[str, list[r.CompetingOffer]] = field(default_factory=dict)
    listed: list[r.ListedOffer] = field(default_factory=list)
    watched: list[list[str]] = field(default_factory=list)
    settlements: list[SettlementEntry] = field(default_factory=list)
    verdict: r.Outcome = r.Outcome.DONE
    calls: list[str] = field(default_factory=list)

    fail_after: dict[str, tuple[int, ConnectorError]] = field(default_factory=dict)
    """After so many more calls of that name: this error, once."""

    def called(self, name: str) -> None:
        self.calls.append(name)
        if name in self.fail_after:
            left, error = self.fail_after.pop(name)
            if not left:
                raise error
            self.fail_after[name] = (left - 1, error)
        if self.fail_next:
            raise self.fail_next.pop(0)


MARKETS: dict[str, Market] = {}


class FakeConnection:
    stock_batch_size: ClassVar[int] = 1000
    price_batch_size: ClassVar[int] = 1000
    offer_batch_size: ClassVar[int] = 1000
    lead_time_batch_size: ClassVar[int] = 1000
    longest_lead_time: ClassVar[int] = 30
    watch_batch_size: ClassVar[int] = 2

    def __init__(self, settings: FakeSettings, context: Context) -> None:
        self.market = MARKETS.setdefault(context.account, Market())

    def check(self) -> r.ChannelProfile:
        self.market.called("check")
        return r.ChannelProfile(account_id="1", account_name="Fake shop")

    def order_pages(self, cursor: str) -> Iterator[r.OrderPage]:
        """Sorted by id; the cursor is how many were read."""
        start = int(cursor or 0)
        found = sorted(self.market.orders.values(), key=lambda o: o.external_id)
        for offset in range(start, max(len(found), start + 1), self.market.page_size):
            self.market.called("order_pages")
            page = found[offset : offset + self.market.page_size]
            last = offset + self.market.page_size >= len(found)
            yield r.OrderPage(orders=tuple(page), cursor="" if last else str(offset + len(page)), last=last)
            if self.market.cut_after_page and not last:
                from comptoir.sdk.errors import TransientError

                raise TransientError("the connection was cut")

    def orders_between(self, start: datetime, end: datetime) -> Iterator[r.OrderPage]:
        self.market.called("orders_between")
        yield r.OrderPage(orders=tuple(self.market.orders.values()), cursor="", last=True)

    def orders_by_id(self, order_ids: Sequence[str]) -> Iterator[r.OrderPage]:
        self.market.called("orders_by_id")
        found = [self.market.orders[i] for i in order_ids if i in self.market.orders]
        yield r.OrderPage(orders=tuple(found), cursor="", last=True)

    def decide_orders(self, decisions: Sequence[r.OrderDecision]) -> Iterator[r.Verdict]:
        for decision in decisions:
            self.market.called("decide_orders")
            self.market.decisions.append(decision)
            yield r.Verdict(key=decision.order_id, outcome=self.market.verdict, message="said the fake")

    def confirm_shipments(self, shipments: Sequence[r.Shipment]) -> Iterator[r.Verdict]:
        for shipment in shipments:
            self.market.called("confirm_shipments")
            self.market.shipments.append(shipment)
            yield r.Verdict(key=shipment.reference, outcome=self.market.verdict, message="said the fake")

    def cancel_orders(self, cancellations: Sequence[r.Cancellation]) -> Iterator[r.Verdict]:
        for cancellation in cancellations:
            self.market.called("cancel_orders")
            self.market.cancellations.append(cancellation)
            yield r.Verdict(key=cancellation.reference, outcome=self.market.verdict, message="said the fake")

    def refund_orders(self, refunds: Sequence[r.Refund]) -> Iterator[r.Verdict]:
        for refund in refunds:
            self.market.called("refund_orders")
            self.market.refunds.append(refund)
            yield r.Verdict(key=refund.reference, outcome=self.market.verdict, message="said the fake")

    def write_references(self, references: Sequence[r.OrderReference]) -> Iterator[r.Verdict]:
        self.market.called("write_references")
        for one in references:
            refused = self.market.rejects.get(one.order_id)
            if self.market.verdict is r.Outcome.DONE and not refused:
                self.market.references[one.order_id] = one.reference
            outcome = r.Outcome.REJECTED if refused else self.market.verdict
            yield r.Verdict(key=one.order_id, outcome=outcome, message=refused or "")

    def competing_offers(self, eans: Sequence[str]) -> Iterator[Sequence[r.CompetingOffer]]:
        self.market.called("competing_offers")
        self.market.watched.append(list(eans))
        yield [offer for ean in eans for offer in self.market.rivals.get(ean, [])]

    def settlement_pages(self, since: datetime) -> Iterator[SettlementPage]:
        for start in range(0, max(1, len(self.market.settlements)), self.market.page_size):
            self.market.called("settlement_pages")
            page = self.market.settlements[start : start + self.market.page_size]
            yield SettlementPage(
                entries=tuple(e for e in page if e.booked_at is None or e.booked_at >= since)
            )

    def submit_stock(self, updates: Sequence[r.StockUpdate]) -> r.Receipt:
        self.market.called("submit_stock")
        self.market.carried |= {u.sku: u.lead_time_days for u in updates}
        return self._take({u.sku: u.quantity for u in updates}, self.market.stock)

    def submit_prices(self, updates: Sequence[r.PriceUpdate]) -> r.Receipt:
        self.market.called("submit_prices")
        return self._take({u.sku: u.price for u in updates}, self.market.prices)

    def submit_lead_times(self, updates: Sequence[r.LeadTimeUpdate]) -> r.Receipt:
        self.market.called("submit_lead_times")
        return self._take({u.sku: u.days for u in updates}, self.market.lead_times)

    def submit_offers(self, offers: Sequence[r.OfferDraft]) -> r.Receipt:
        self.market.called("submit_offers")
        self.market.created |= {o.sku: o.lead_time_days for o in offers}
        self._take({o.sku: o.price for o in offers}, self.market.prices)
        return self._take({o.sku: o.quantity for o in offers}, self.market.stock)

    def read_submission(self, kind: str, external_id: str) -> r.SubmissionReport:
        self.market.called("read_submission")
        return self.market.submissions[external_id]

    def listed_offers(self) -> Iterator[Sequence[r.ListedOffer]]:
        self.market.called("listed_offers")
        if self.market.listed:
            yield self.market.listed
        yield [
            r.ListedOffer(sku=sku, quantity=quantity, price=self.market.prices.get(sku), currency="EUR")
            for sku, quantity in self.market.stock.items()
        ]

    def _take(self, values: dict[str, Any], into: dict[str, Any]) -> r.Receipt:
        into.update({sku: value for sku, value in values.items() if sku not in self.market.rejects})
        verdicts = tuple(
            r.Verdict(key=sku, outcome=r.Outcome.REJECTED, message=self.market.rejects[sku])
            for sku in values
            if sku in self.market.rejects
        )
        external_id = f"import-{len(self.market.submissions) + 1}"
        self.market.submissions[external_id] = r.SubmissionReport(
            state=ImportState.COMPLETE, verdicts=verdicts
        )
        return r.Receipt(external_id=external_id)


FAKE = ConnectorType(
    key="fake",
    label="Fake",
    role=Role.MARKETPLACE,
    settings=FakeSettings,
    connection=FakeConnection,
    account=lambda settings: settings.account,
    marketplace=lambda settings: settings.marketplace,
)


@dataclass
class Erp:
    """The other side of the ERP ports: documents by reference, and how often each number was sent."""

    documents: dict[str, r.ErpOrder] = field(default_factory=dict)
    sent: list[int] = field(default_factory=list)
    cancelled: list[r.ErpCancellation] = field(default_factory=list)
    refunded: list[r.ErpRefund] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    die_after_taking: bool = False
    shipments: list[r.ShipmentBatch] = field(default_factory=list)
    counts: list[r.StockBatch] = field(default_factory=list)
    products: list[r.ProductBatch] = field(default_factory=list)
    states: list[r.OrderStateBatch] = field(default_factory=list)
    acknowledged: list[tuple[str, int]] = field(default_factory=list)
    booked: list[r.BookedOrder] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    accounts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    forgotten: list[str] = field(default_factory=list)
    papers: list[DocumentBatch] = field(default_factory=list)
    purchases: dict[str, ErpPurchaseOrder] = field(default_factory=dict)
    purchase_calls: list[tuple[int, list[str]]] = field(default_factory=list)
    purchase_answers: list[r.SubmissionReport | BaseException] = field(default_factory=list)
    purchase_states: list[PurchaseStateBatch] = field(default_factory=list)
    journals: list[tuple[int, list[AccountingLine]]] = field(default_factory=list)
    journal_answers: list[r.SubmissionReport | BaseException] = field(default_factory=list)


ERPS: dict[str, Erp] = {}


class FakeCatalogue:
    """An ERP that tells articles and all its keys; `ERPS[…]` keeps them."""

    def __init__(self, settings: FakeSettings, context: Context) -> None:
        self.erp = ERPS.setdefault(context.account, Erp())

    def product_batches(self, cursor: str) -> Iterator[r.ProductBatch]:
        yield from ()

    def check(self) -> r.ChannelProfile:
        return r.ChannelProfile(account_id="erp", account_name="Fake catalogue")

    def product_keys(self) -> Iterator[Sequence[str]]:
        yield self.erp.keys


class FakeErpConnection:
    order_batch_size: ClassVar[int] = 100

    def __init__(self, settings: FakeSettings, context: Context) -> None:
        self.erp = ERPS.setdefault(context.account, Erp())

    def check(self) -> r.ChannelProfile:
        return r.ChannelProfile(account_id="erp", account_name="Fake ERP")

    def submit_orders(self, number: int, orders: Sequence[r.ErpOrder]) -> r.Receipt:
        self.erp.sent.append(number)
        for order in orders:
            if order.reference not in self.erp.refused:
                self.erp.documents[order.reference] = order
        if self.erp.die_after_taking:
            self.erp.die_after_taking = False
            raise KeyboardInterrupt  # as sudden as a kill -9: nothing of ours runs after it
        return r.Receipt(external_id=f"orders-{number}")

    def submit_cancellations(self, number: int, cancellations: Sequence[r.ErpCancellation]) -> r.Receipt:
        self.erp.cancelled += cancellations
        return r.Receipt(external_id=f"cancellations-{number}")

    def submit_refunds(self, number: int, refunds: Sequence[r.ErpRefund]) -> r.Receipt:
        self.erp.refunded += refunds
        return r.Receipt(external_id=f"refunds-{number}")

    def read_export(self, kind: str, external_id: str) -> r.SubmissionReport:
        verdicts = tuple(
            r.Verdict(key=key, outcome=r.Outcome.REJECTED, message=why)
            for key, why in self.erp.refused.items()
        )
        return r.SubmissionReport(state=ImportState.COMPLETE, verdicts=verdicts if kind == "orders" else ())

    def shipment_batches(self, cursor: str) -> Iterator[r.ShipmentBatch]:
        yield from (batch for batch in self.erp.shipments if batch.cursor > cursor)

    def product_batches(self, cursor: str) -> Iterator[r.ProductBatch]:
        yield from (batch for batch in self.erp.products if batch.cursor > cursor)

    def stock_batches(self, cursor: str) -> Iterator[r.StockBatch]:
        yield from (batch for batch in self.erp.counts if batch.cursor > cursor)

    def order_state_batches(self, cursor: str) -> Iterator[r.OrderStateBatch]:
        yield from (batch for batch in self.erp.states if batch.cursor > cursor)

    def booked_orders(self, start: date, end: date) -> Iterator[Sequence[r.BookedOrder]]:
        yield [order for order in self.erp.booked if start <= order.placed_date < end]

    def document_batches(self, cursor: str) -> Iterator[DocumentBatch]:
        yield from (batch for batch in self.erp.papers if batch.cursor > cursor)

    def submit_purchase_orders(self, number: int, orders: Sequence[ErpPurchaseOrder]) -> r.Receipt:
        """Looked up before they are made: told again, an order is the one that is there."""
        self.erp.purchase_calls.append((number, [order.reference for order in orders]))
        answer = self.erp.purchase_answers.pop(0) if self.erp.purchase_answers else None
        for order in orders:
            refused = isinstance(answer, r.SubmissionReport) and any(
                v.key == order.reference and v.outcome is not r.Outcome.DONE for v in answer.verdicts
            )
            if not refused:
                self.erp.purchases.setdefault(order.reference, order)
        if isinstance(answer, BaseException):
            raise answer
        report = answer or r.SubmissionReport(state=ImportState.COMPLETE)
        return r.Receipt(external_id=f"purchase_orders-{number}", report=report)

    def purchase_state_batches(self, cursor: str) -> Iterator[PurchaseStateBatch]:
        yield from (batch for batch in self.erp.purchase_states if batch.cursor > cursor)

    def submit_journal(self, number: int, lines: Sequence[AccountingLine]) -> r.Receipt:
        self.erp.journals.append((number, list(lines)))
        answer = self.erp.journal_answers.pop(0) if self.erp.journal_answers else None
        if isinstance(answer, BaseException):
            raise answer
        report = answer or r.SubmissionReport(state=ImportState.COMPLETE)
        return r.Receipt(external_id=f"journal-{number}", report=report)

    def buyer_accounts(self, references: Sequence[str]) -> dict[str, BuyerAccount]:
        return {
            number: BuyerAccount(number=number, references=orders)
            for number, orders in self.erp.accounts.items()
            if set(orders) & set(references)
        }

    def forget_account(self, number: str) -> None:
        self.erp.forgotten.append(number)

    def acknowledge(self, key: str, rejected: Sequence[r.Rejected]) -> None:
        self.erp.acknowledged.append((key, len(rejected)))


FAKE_ERP = ConnectorType(
    key="fake_erp", label="Fake ERP", role=Role.ERP, settings=FakeSettings, connection=FakeErpConnection
)


def became(order: r.Order, status: OrderStatus, *, at: datetime) -> r.Order:
    """The same order, later."""
    import msgspec

    lines = tuple(
        msgspec.structs.replace(line, status=status, external_status=status.upper()) for line in order.lines
    )
    return msgspec.structs.replace(
        order, status=status, external_status=status.upper(), updated_at=at, lines=lines
    )
