"""What crosses the border between the hub and the outside: frozen, typed, in the field's vocabulary.

Amounts are Decimal in the record's `currency`; whether tax is inside is said by `prices_include_tax`.
Instants are aware and UTC. Strings are stripped and never None: "" is absent.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Literal

import msgspec

from comptoir.sdk.money import ZERO
from comptoir.sdk.statuses import ImportState, OrderStatus
from comptoir.sdk.storable import storable


class Record(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Base of every record: immutable, compared by value."""


# --- orders ---------------------------------------------------------------------------------------------


class Address(Record, frozen=True, kw_only=True):
    name: str = ""
    company: str = ""
    street_1: str = ""
    street_2: str = ""
    postcode: str = ""
    city: str = ""
    region: str = ""
    country: str = ""
    """ISO 3166-1 alpha-2; the channel's own text when it cannot be translated."""
    phone: str = ""


class Buyer(Record, frozen=True, kw_only=True):
    external_id: str = ""
    name: str = ""
    email: str = ""
    """Usually an alias of the marketplace."""
    phone: str = ""
    locale: str = ""


class OrderLine(Record, frozen=True, kw_only=True):
    external_id: str
    sku: str
    """Our article reference, as the channel gives it back; "" when it does not."""
    quantity: int
    """Units ordered, cancelled ones included."""
    unit_price: Decimal
    amount: Decimal
    """Price of the line without shipping: what the channel says, not what we compute."""
    status: OrderStatus
    external_status: str
    title: str = ""
    shipping_amount: Decimal = ZERO
    discount_amount: Decimal = ZERO
    tax_amount: Decimal = ZERO
    commission_amount: Decimal | None = None
    """What the channel will keep, tax included; None when it does not say."""
    shipped_quantity: int = 0
    cancelled_quantity: int = 0
    refunded_quantity: int = 0
    refunded_amount: Decimal = ZERO
    external_product_id: str = ""
    external_offer_id: str = ""
    fulfilled_by: Literal["seller", "channel"] = "seller"
    """Lines that the channel ships from its own warehouse never touch our stock."""
    shipping_address: Address | None = None
    """Where this line goes, when that is not the order's own address."""


class Order(Record, frozen=True, kw_only=True):
    external_id: str
    status: OrderStatus
    external_status: str
    placed_at: datetime
    updated_at: datetime
    """The channel's own instant of last change: it decides which news is the newer."""
    currency: str
    lines: tuple[OrderLine, ...]
    total_amount: Decimal
    """What the buyer pays: lines + shipping − discounts + tax that comes on top."""
    shipping_amount: Decimal = ZERO
    discount_amount: Decimal = ZERO
    tax_amount: Decimal = ZERO
    """Tax that comes on top: 0 where prices include it."""
    prices_include_tax: bool = True
    number: str = ""
    """The number that the buyer knows, where it differs from `external_id`."""
    buyer: Buyer = Buyer()
    shipping_address: Address | None = None
    billing_address: Address | None = None
    accept_by: datetime | None = None
    ship_by: datetime | None = None
    deliver_by: datetime | None = None
    shipping_method: str = ""
    can_cancel: bool | None = None
    cancel_request: str = ""
    """The buyer asks us to cancel, for this reason (the channel's own word); "" when nobody asks."""
    marketplace: str = ""
    """Which of the account's marketplaces it was placed on, where one read brings the orders of several."""
    test: bool = False
    warnings: tuple[str, ...] = ()
    """What does not add up in it, for a person to look at; the order is taken all the same."""
    raw: bytes = b""
    """The payload as it came, kept whole beside the order."""


class Rejected(Record, frozen=True, kw_only=True):
    """A record that could not be read; the rest of its page could."""

    external_id: str
    message: str
    code: str = ""
    line: int | None = None
    """Its line number, where the source is a file (the header is line 1)."""
    raw: bytes = b""


class OrderPage(Record, frozen=True, kw_only=True):
    orders: tuple[Order, ...]
    cursor: str
    """Opaque; stored in the transaction that stores the orders, and handed back on the next read."""
    rejected: tuple[Rejected, ...] = ()
    total: int | None = None
    """How many orders the whole read will give, where the channel says so."""
    last: bool = False
    exchange: str = ""


class OrderDecision(Record, frozen=True, kw_only=True):
    order_id: str
    lines: Mapping[str, bool]
    """Each line's external id: do we accept it? Every line must be decided."""


class Parcel(Record, frozen=True, kw_only=True):
    carrier: str
    """Our carrier code (`COLISSIMO`); the connector translates it."""
    carrier_name: str = ""
    tracking_number: str = ""
    tracking_url: str = ""


class ShippedLine(Record, frozen=True, kw_only=True):
    line_id: str
    sku: str
    quantity: int


class Shipment(Record, frozen=True, kw_only=True):
    """One departure of one order: these units, in this parcel."""

    reference: str
    """Ours, unique for ever: what makes sending it twice harmless where the channel has such a key."""
    order_id: str
    parcel: Parcel
    lines: tuple[ShippedLine, ...]
    shipped_at: datetime
    completes_order: bool
    """True when nothing of the order is left to ship after it."""
    marketplace: str = ""
    """The order's own `marketplace`, where it has one."""


class LineAmount(Record, frozen=True, kw_only=True):
    line_id: str
    quantity: int
    amount: Decimal = ZERO
    shipping_amount: Decimal = ZERO
    currency: str = "EUR"


class Cancellation(Record, frozen=True, kw_only=True):
    reference: str
    order_id: str
    lines: tuple[LineAmount, ...]
    """Empty: the whole order."""
    reason: str = ""
    """The channel's own reason code; "" takes the channel's default from its settings."""


class Refund(Record, frozen=True, kw_only=True):
    reference: str
    order_id: str
    lines: tuple[LineAmount, ...]
    reason: str = ""


class OrderReference(Record, frozen=True, kw_only=True):
    order_id: str
    reference: str
    """Our number for it."""


# --- verdicts -------------------------------------------------------------------------------------------


class Outcome(StrEnum):
    DONE = "done"
    REJECTED = "rejected"
    RETRY = "retry"
    """Not done, and nobody's fault: try again later."""
    UNKNOWN = "unknown"
    """Sent, and no answer: look before doing it again."""
    DEFERRED = "deferred"
    """A parcel that is not told on its own: this channel hears of an order's shipment with its last parcel."""


class Verdict(Record, frozen=True, kw_only=True):
    """What the other side said of one item of a write."""

    key: str
    outcome: Outcome
    code: str = ""
    message: str = ""
    external_id: str = ""

    def __post_init__(self) -> None:
        """The other side's words are kept: without what no database holds."""
        for name in ("code", "message", "external_id"):
            words = getattr(self, name)
            if words and words != (kept := storable(words)):
                msgspec.structs.force_setattr(self, name, kept)


class Receipt(Record, frozen=True, kw_only=True):
    """A bulk write was taken in; its result comes later under `external_id`."""

    external_id: str
    report: SubmissionReport | None = None
    """Already known, where the other side answers at once."""


class SubmissionReport(Record, frozen=True, kw_only=True):
    state: ImportState
    verdicts: tuple[Verdict, ...] = ()
    """Of the items that the other side speaks of. With `COMPLETE`, the silent ones were taken."""
    message: str = ""
    retry_after_s: float | None = None

    def __post_init__(self) -> None:
        if self.message != (kept := storable(self.message)):
            msgspec.structs.force_setattr(self, "message", kept)


# --- offers ---------------------------------------------------------------------------------------------


class StockUpdate(Record, frozen=True, kw_only=True):
    sku: str
    quantity: int
    warehouse: str = ""
    lead_time_days: int | None = None
    """For channels on which it is written along with the quantity; others leave it alone."""


class LeadTimeUpdate(Record, frozen=True, kw_only=True):
    sku: str
    days: int
    """Until the parcel leaves, as the channel counts days."""


class PriceUpdate(Record, frozen=True, kw_only=True):
    sku: str
    price: Decimal
    currency: str
    floor: Decimal
    """Never sell below: checked again by the connector, just before it writes."""
    extra: Mapping[str, str] = {}
    """Channel-specific fields that go with a price, such as eco-contributions, by the channel's names."""


class OfferDraft(Record, frozen=True, kw_only=True):
    """A whole offer, for creation or full update: nothing that we know of it is left out."""

    sku: str
    ean: str
    price: Decimal
    currency: str
    floor: Decimal
    quantity: int
    condition: str = "new"
    title: str = ""
    description: str = ""
    lead_time_days: int | None = None
    external_product_id: str = ""
    extra: Mapping[str, str] = {}
    """Channel-specific fields, by the channel's own names."""
    delete: bool = False


class ListedOffer(Record, frozen=True, kw_only=True):
    """An offer as the channel shows it now."""

    sku: str
    quantity: int | None
    price: Decimal | None
    currency: str = ""
    active: bool = True
    external_id: str = ""
    external_product_id: str = ""
    ean: str = ""
    condition: str = ""
    inactive_reasons: tuple[str, ...] = ()
    commission_rate: Decimal | None = None
    fulfilled_by: Literal["seller", "channel"] = "seller"


class CompetingOffer(Record, frozen=True, kw_only=True):
    ean: str
    seller: str
    price: Decimal
    shipping_price: Decimal
    currency: str
    condition: str = ""
    rank: int | None = None
    has_buy_box: bool | None = None
    """None where the channel has no buy box or does not say who holds it."""
    is_ours: bool = False
    grade: Decimal | None = None
    evaluations: int | None = None
    lead_time_days: int | None = None
    expected_price: Decimal | None = None
    """On our own offer: the price at which the channel expects it to be featured, where it tells."""


# --- catalogue and ERP ----------------------------------------------------------------------------------


class Product(Record, frozen=True, kw_only=True):
    sku: str
    title: str
    ean: str = ""
    brand: str = ""
    family: str = ""
    supplier: str = ""
    purchase_price: Decimal | None = None
    purchase_currency: str = "EUR"
    list_price: Decimal | None = None
    currency: str = "EUR"
    vat_rate: Decimal | None = None
    """Percent: 20 for 20 %."""
    weight_g: int | None = None
    length_mm: int | None = None
    width_mm: int | None = None
    height_mm: int | None = None
    active: bool = True
    components: Mapping[str, int] | None = None
    """Of a kit: SKU → units in one kit. {}: an article of its own. None: the ERP does not say, and what the
    hub knows of it stays."""
    updated_at: datetime | None = None


class StockLevel(Record, frozen=True, kw_only=True):
    sku: str
    warehouse: str
    quantity: int
    """Physical units, reserved or not."""
    incoming: int = 0


class Batch(Record, frozen=True, kw_only=True):
    """One delivery of the ERP: a file, a page of rows. Taken whole in one transaction, then acknowledged."""

    key: str
    """Names the batch for `acknowledge`: `stock-000000012`."""
    cursor: str
    rejected: tuple[Rejected, ...] = ()


class ProductBatch(Batch, frozen=True, kw_only=True):
    products: tuple[Product, ...]
    lines: tuple[int, ...] = ()
    """The file line of each product, where there is one."""
    complete: bool = False


class StockBatch(Batch, frozen=True, kw_only=True):
    levels: tuple[StockLevel, ...]
    as_of: datetime
    """The ERP's clock: shipments up to this instant are already out of the quantities."""
    lines: tuple[int, ...] = ()
    complete: bool = False


class ErpShipmentLine(Record, frozen=True, kw_only=True):
    """One line of one parcel, as the ERP tells it."""

    order_reference: str
    shipment_id: str
    line_id: str
    sku: str
    quantity: int
    warehouse: str
    parcel: Parcel
    shipped_at: datetime
    line: int | None = None


class ShipmentBatch(Batch, frozen=True, kw_only=True):
    shipments: tuple[ErpShipmentLine, ...]


class ErpOrderState(Record, frozen=True, kw_only=True):
    order_reference: str
    document: str
    status: Literal["received", "preparing", "shipped", "cancelled", "rejected"]
    changed_at: datetime
    message: str = ""
    line: int | None = None


class OrderStateBatch(Batch, frozen=True, kw_only=True):
    states: tuple[ErpOrderState, ...]


class BookedOrder(Record, frozen=True, kw_only=True):
    """One of our orders as the ERP has it booked: for the daily comparison."""

    order_reference: str
    document: str
    """Its first number there: two of them for one reference are an order written twice."""
    total: Decimal
    """Tax included, of what is left of it."""
    placed_date: date
    state: Literal["waiting", "shipped", "cancelled"]


class ErpOrder(Record, frozen=True, kw_only=True):
    """An order as it leaves for the ERP."""

    reference: str
    """Ours, at most 17 characters, unique for ever: the ERP creates nothing twice under it."""
    channel: str
    order: Order


class ErpCancellation(Record, frozen=True, kw_only=True):
    cancellation_id: str
    order_reference: str
    line_id: str
    line_number: int
    sku: str
    quantity: int
    reason: str
    cancelled_at: datetime
    left: int | None = None
    """Units of the line that are still wanted, all cancellations counted: where the ERP keeps no ids of what it
    was asked, writing this number is harmless twice. None: not told."""


class ErpRefund(Record, frozen=True, kw_only=True):
    refund_id: str
    order_reference: str
    line_id: str
    line_number: int
    sku: str
    quantity: int
    amount: Decimal
    currency: str
    reason: str
    refunded_at: datetime


# --- the account itself ---------------------------------------------------------------------------------


class Choice(Record, frozen=True, kw_only=True):
    """A code of the channel with its words: carriers, reasons, conditions, shipping methods."""

    code: str
    label: str
    kind: str = ""


class ChannelProfile(Record, frozen=True, kw_only=True):
    """What a connection test learns: who we are there, and what that account can do."""

    account_id: str
    account_name: str
    state: str = "open"
    currency: str = ""
    features: Mapping[str, str] = {}
    """What the channel declares, by name: `multi_shipment: true`, `order_acceptance: automatic`."""
    carriers: tuple[Choice, ...] = ()
    reasons: tuple[Choice, ...] = ()
    conditions: tuple[Choice, ...] = ()
    shipping_methods: tuple[Choice, ...] = ()
    warnings: tuple[str, ...] = ()
    key_expires_at: datetime | None = None
    """When the key, secret or consent ends, where the channel says so: an alert is raised before."""
