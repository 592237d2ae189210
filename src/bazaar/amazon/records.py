"""What the simulated Amazon remembers."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

import msgspec

from bazaar.world.facts import Buyer

ZERO = Decimal("0.00")
OrderState = Literal["PENDING", "UNSHIPPED", "PARTIALLY_SHIPPED", "SHIPPED", "CANCELLED"]
Work = Literal["IN_QUEUE", "IN_PROGRESS", "DONE", "CANCELLED", "FATAL"]


class Issue(msgspec.Struct, frozen=True, kw_only=True):
    code: str
    message: str
    severity: Literal["ERROR", "WARNING", "INFO"] = "ERROR"
    attribute: str = ""
    category: str = "INVALID_ATTRIBUTE"


class Listing(msgspec.Struct, kw_only=True):
    """One SKU: one quantity for the whole region, one price for each marketplace."""

    sku: str
    asin: str
    ean: str
    created_at: datetime
    updated_at: datetime
    product_type: str = "PRODUCT"
    condition: str = "new_new"
    quantity: int = 0
    lead_time_days: int | None = None
    prices: dict[str, Decimal] = {}
    minimums: dict[str, Decimal] = {}
    maximums: dict[str, Decimal] = {}
    sales: dict[str, dict[str, str]] = {}  # {price, start_at?, end_at?} by marketplace
    attributes: dict[str, list[dict[str, Any]]] = {}
    issues: tuple[Issue, ...] = ()
    amazon_quantity: int | None = None  # units in Amazon's warehouse; None: we ship it ourselves

    @property
    def by_amazon(self) -> bool:
        return self.amazon_quantity is not None

    @property
    def available(self) -> int:
        return self.quantity if self.amazon_quantity is None else self.amazon_quantity


class Item(msgspec.Struct, kw_only=True):
    item_id: str
    sku: str
    asin: str
    title: str
    family: str
    quantity: int
    unit_price: Decimal
    amount: Decimal
    shipping: Decimal
    shipped: int = 0
    cancelled: int = 0
    cancelled_by: str = ""
    refunded: int = 0
    refunded_amount: Decimal = ZERO
    cancel_reason: str = ""  # why the buyer asks to cancel

    @property
    def open(self) -> int:
        return self.quantity - self.shipped - self.cancelled

    @property
    def total(self) -> Decimal:
        return self.amount + self.shipping


class Package(msgspec.Struct, frozen=True, kw_only=True):
    reference: str
    carrier: str
    tracking: str
    method: str
    created_at: datetime
    shipped_at: datetime
    lines: dict[str, int]  # units by item id
    delivered: bool = False


class Order(msgspec.Struct, kw_only=True):
    order_id: str
    place: str
    state: OrderState
    buyer: Buyer
    currency: str
    created_at: datetime
    updated_at: datetime
    ship_by: datetime
    deliver_by: datetime
    items: list[Item]
    by_amazon: bool = False
    packages: dict[str, Package] = {}

    @property
    def total(self) -> Decimal:
        return sum((item.total for item in self.items), ZERO)

    def item(self, item_id: str) -> Item | None:
        return next((item for item in self.items if item.item_id == item_id), None)


class Document(msgspec.Struct, kw_only=True):
    """Something behind a presigned address."""

    document_id: str
    content_type: str
    expires_at: datetime
    body: bytes | None = None  # None: not uploaded yet
    gzip: bool = False


class Feed(msgspec.Struct, kw_only=True):
    feed_id: str
    feed_type: str
    places: tuple[str, ...]
    document_id: str
    created_at: datetime
    options: dict[str, str] = {}
    status: Work = "IN_QUEUE"
    started_at: datetime | None = None
    ended_at: datetime | None = None
    result_id: str = ""


class Report(msgspec.Struct, kw_only=True):
    report_id: str
    report_type: str
    places: tuple[str, ...]
    created_at: datetime
    status: Work = "IN_QUEUE"
    ended_at: datetime | None = None
    document_id: str = ""
    since: datetime | None = None
    until: datetime | None = None


class Destination(msgspec.Struct, frozen=True, kw_only=True):
    destination_id: str
    name: str
    arn: str


class Subscription(msgspec.Struct, frozen=True, kw_only=True):
    subscription_id: str
    destination_id: str
    payload_version: str


class Effect(msgspec.Struct, frozen=True, kw_only=True):
    """A change that was accepted and is not live yet."""

    sku: str
    place: str
    operation: Literal["PATCH", "UPDATE", "DELETE"]
    attributes: dict[str, list[dict[str, Any]]] = {}
    removed: tuple[str, ...] = ()


class Money(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the seller's account: what a settlement lists."""

    at: datetime
    order_id: str
    kind: Literal["Order", "Refund"]
    item_id: str
    sku: str
    amount_type: str  # ItemPrice, ItemFees
    description: str  # Principal, Shipping, Commission…
    amount: Decimal
    quantity: int = 0
    settled: bool = False
