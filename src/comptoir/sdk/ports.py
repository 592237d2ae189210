"""What a connector can do, one small port per ability.

A connection implements the ports it can; capabilities are read from that and declared nowhere else.
Reads are iterators of pages or batches, so that memory stays bounded and what was read before a
failure is kept. Writes take batches and give one `Verdict` per item, so that one refusal disturbs no
other. Every method may raise the errors of `comptoir.sdk.errors`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Protocol, runtime_checkable

from comptoir.sdk.accounting import JournalTarget
from comptoir.sdk.buyers import BuyerAccounts
from comptoir.sdk.certification import Certifiable
from comptoir.sdk.conversations import ConversationSource, ConversationTarget
from comptoir.sdk.credentials import CredentialClock
from comptoir.sdk.documents import DocumentSource
from comptoir.sdk.invoices import InvoiceTarget
from comptoir.sdk.listings import ListingTarget
from comptoir.sdk.notices import NotificationSource
from comptoir.sdk.purchasing import PurchaseOrderSource, PurchaseOrderTarget
from comptoir.sdk.records import (
    BookedOrder,
    Cancellation,
    ChannelProfile,
    CompetingOffer,
    ErpCancellation,
    ErpOrder,
    ErpRefund,
    LeadTimeUpdate,
    ListedOffer,
    OfferDraft,
    OrderDecision,
    OrderPage,
    OrderReference,
    OrderStateBatch,
    PriceUpdate,
    ProductBatch,
    Receipt,
    Refund,
    Rejected,
    Shipment,
    ShipmentBatch,
    StockBatch,
    StockUpdate,
    SubmissionReport,
    Verdict,
)
from comptoir.sdk.settlements import SettlementSource


@runtime_checkable
class Checkable(Protocol):
    """Every connection is: the test behind the « connect » button."""

    def check(self) -> ChannelProfile: ...


# --- marketplaces: orders -------------------------------------------------------------------------------


@runtime_checkable
class OrderSource(Protocol):
    def order_pages(self, cursor: str) -> Iterator[OrderPage]:
        """What changed since `cursor` ("" the first time), oldest first, to the end.

        Each page's `cursor` is safe to resume from once that page is stored: nothing before it is lost
        when the next page never comes. Reading some orders again is expected; missing one is not.
        """
        ...

    def orders_between(self, start: datetime, end: datetime) -> Iterator[OrderPage]:
        """Every order that changed between the two instants: catch-up and reconciliation."""
        ...

    def orders_by_id(self, order_ids: Sequence[str]) -> Iterator[OrderPage]:
        """These orders as they are now; unknown ids are simply absent."""
        ...


@runtime_checkable
class OrderAcceptor(Protocol):
    def decide_orders(self, decisions: Sequence[OrderDecision]) -> Iterator[Verdict]:
        """Accept or refuse lines; one verdict per order, keyed by its external id."""
        ...


@runtime_checkable
class ShipmentTarget(Protocol):
    def confirm_shipments(self, shipments: Sequence[Shipment]) -> Iterator[Verdict]:
        """One verdict per shipment, keyed by its reference."""
        ...


@runtime_checkable
class CancellationTarget(Protocol):
    def cancel_orders(self, cancellations: Sequence[Cancellation]) -> Iterator[Verdict]: ...


@runtime_checkable
class RefundTarget(Protocol):
    def refund_orders(self, refunds: Sequence[Refund]) -> Iterator[Verdict]: ...


@runtime_checkable
class ReferenceTarget(Protocol):
    def write_references(self, references: Sequence[OrderReference]) -> Iterator[Verdict]:
        """Write our order number on the channel's order; keyed by the channel's id."""
        ...


# --- marketplaces: offers -------------------------------------------------------------------------------


@runtime_checkable
class StockTarget(Protocol):
    stock_batch_size: int

    def submit_stock(self, updates: Sequence[StockUpdate]) -> Receipt: ...


@runtime_checkable
class PriceTarget(Protocol):
    price_batch_size: int

    def submit_prices(self, updates: Sequence[PriceUpdate]) -> Receipt: ...


@runtime_checkable
class LeadTimeTarget(Protocol):
    """For channels on which the preparation time of an offer is changed without losing anything else of it.

    The others are told it with the whole offer, when that is created.
    """

    lead_time_batch_size: int
    longest_lead_time: int
    """Days; the channel takes no more."""

    def submit_lead_times(self, updates: Sequence[LeadTimeUpdate]) -> Receipt: ...


@runtime_checkable
class UrgentStockTarget(Protocol):
    """For channels whose usual way takes its time: the last units go ahead of it."""

    urgent_batch_size: int

    def submit_urgent_stock(self, updates: Sequence[StockUpdate]) -> Receipt: ...


@runtime_checkable
class UrgentPriceTarget(Protocol):
    """The same for what is on sale under its floor."""

    urgent_batch_size: int

    def submit_urgent_prices(self, updates: Sequence[PriceUpdate]) -> Receipt: ...


@runtime_checkable
class OfferTarget(Protocol):
    offer_batch_size: int

    def submit_offers(self, offers: Sequence[OfferDraft]) -> Receipt:
        """Create or fully update (or delete) offers."""
        ...


@runtime_checkable
class SubmissionReader(Protocol):
    def read_submission(self, kind: str, external_id: str) -> SubmissionReport:
        """`kind` is `stock`, `price`, `lead` or `offer`; verdicts are keyed by SKU."""
        ...


@runtime_checkable
class OfferSource(Protocol):
    def listed_offers(self) -> Iterator[Sequence[ListedOffer]]:
        """Everything that we sell there, as the channel shows it now, page by page."""
        ...


@runtime_checkable
class PriceWatch(Protocol):
    def competing_offers(self, eans: Sequence[str]) -> Iterator[Sequence[CompetingOffer]]:
        """What the others (and we) ask for these products; one that the channel does not know gives none.

        A connection may say in `watch_batch_size` how many products one call of the channel takes: the hub
        asks for so many at a time (20 where it does not say) and keeps them before it asks for the next.
        """
        ...


# --- ERP ------------------------------------------------------------------------------------------------


@runtime_checkable
class BatchAcknowledger(Protocol):
    def acknowledge(self, key: str, rejected: Sequence[Rejected]) -> None:
        """Tell the ERP that the batch is stored, and which of its lines are not. Harmless twice."""
        ...


@runtime_checkable
class ProductSource(Protocol):
    def product_batches(self, cursor: str) -> Iterator[ProductBatch]: ...


@runtime_checkable
class ProductKeySource(Protocol):
    def product_keys(self) -> Iterator[Sequence[str]]:
        """The SKU of every article that the ERP has, asleep or not: what is not among them was deleted there."""
        ...


@runtime_checkable
class StockSource(Protocol):
    def stock_batches(self, cursor: str) -> Iterator[StockBatch]: ...


@runtime_checkable
class ShipmentSource(Protocol):
    def shipment_batches(self, cursor: str) -> Iterator[ShipmentBatch]: ...


@runtime_checkable
class OrderStateSource(Protocol):
    def order_state_batches(self, cursor: str) -> Iterator[OrderStateBatch]: ...


@runtime_checkable
class BookedOrderSource(Protocol):
    def booked_orders(self, start: date, end: date) -> Iterator[Sequence[BookedOrder]]:
        """Every order of ours that the ERP booked on the days from `start` to `end`, `end` not included."""
        ...


@runtime_checkable
class OrderTarget(Protocol):
    """The ERP takes orders.

    `number` is the hub's own sequence for that kind, fixed before the first attempt: sending the same
    number again must look for the first attempt's result and never create anything twice.
    """

    order_batch_size: int

    def submit_orders(self, number: int, orders: Sequence[ErpOrder]) -> Receipt: ...
    def submit_cancellations(self, number: int, cancellations: Sequence[ErpCancellation]) -> Receipt: ...
    def submit_refunds(self, number: int, refunds: Sequence[ErpRefund]) -> Receipt: ...
    def read_export(self, kind: str, external_id: str) -> SubmissionReport:
        """`kind` is `orders`, `cancellations` or `refunds`; verdicts are keyed by the items' own ids."""
        ...


MARKETPLACE_PORTS: tuple[type, ...] = (
    OrderSource,
    OrderAcceptor,
    ShipmentTarget,
    CancellationTarget,
    RefundTarget,
    ReferenceTarget,
    StockTarget,
    PriceTarget,
    LeadTimeTarget,
    UrgentStockTarget,
    UrgentPriceTarget,
    OfferTarget,
    SubmissionReader,
    OfferSource,
    PriceWatch,
    SettlementSource,
    ConversationSource,
    ConversationTarget,
    InvoiceTarget,
    NotificationSource,
    CredentialClock,
    ListingTarget,
    Certifiable,
)
ERP_PORTS: tuple[type, ...] = (
    BatchAcknowledger,
    ProductSource,
    ProductKeySource,
    StockSource,
    ShipmentSource,
    OrderStateSource,
    BookedOrderSource,
    OrderTarget,
    DocumentSource,
    PurchaseOrderTarget,
    PurchaseOrderSource,
    JournalTarget,
    BuyerAccounts,
)
