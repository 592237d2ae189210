"""What the simulated shop keeps."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import msgspec

from bazaar.world.facts import Buyer

ZERO = Decimal("0.00")


class Session(msgspec.Struct, kw_only=True):
    token: str
    ends_at: datetime


class Offer(msgspec.Struct, kw_only=True):
    sku: str
    ean: str
    offer_id: str
    title: str
    price: Decimal
    quantity: int
    state: str  # product_state: 11 is new
    created_at: datetime
    updated_at: datetime
    description: str = ""
    internal_comment: str = ""
    extra: dict[str, str] = {}
    deleted: bool = False


class Line(msgspec.Struct, kw_only=True):
    """One `order_detail`."""

    number: int
    sku: str
    ean: str
    offer_id: str
    title: str
    quantity: int
    unit_price: Decimal
    shipping_price: Decimal
    fee: Decimal  # without tax
    state: str
    created_at: datetime
    product_state: str = "11"
    shown_state: str = ""
    """The state shown until `settled_at`."""
    settled_at: datetime | None = None
    debited_at: datetime | None = None
    shipped_at: datetime | None = None
    received_at: datetime | None = None
    refused_at: datetime | None = None
    tracking_number: str = ""
    tracking_company: str = ""
    invoice_id: str = ""

    @property
    def amount(self) -> Decimal:
        return self.unit_price * self.quantity

    @property
    def total(self) -> Decimal:
        return self.amount + self.shipping_price

    def state_at(self, now: datetime) -> str:
        """What the outside is shown: for some seconds after an answer, the state before it."""
        return self.shown_state if self.settled_at is not None and now < self.settled_at else self.state


class Order(msgspec.Struct, kw_only=True):
    order_id: str
    buyer: Buyer
    created_at: datetime
    updated_at: datetime
    lines: list[Line]
    accepted_at: datetime | None = None

    @property
    def total(self) -> Decimal:
        return sum((line.total for line in self.lines), ZERO)

    def line(self, number: str) -> Line | None:
        return next((line for line in self.lines if str(line.number) == number), None)


class OfferRow(msgspec.Struct, kw_only=True):
    """One `offer` element of an offers_update: its elements by name, "" where they are empty."""

    fields: dict[str, str]
    reference_type: str
    product_type: str


class RowVerdict(msgspec.Struct, kw_only=True):
    status: str  # OK, WARNING, ERROR
    sku: str
    offer_id: str = ""
    product_id: str = ""
    code: str = ""
    message: str = ""


class Batch(msgspec.Struct, kw_only=True):
    batch_id: str
    created_at: datetime
    rows: list[OfferRow]
    status: str = "ACTIVE"
    verdicts: list[RowVerdict] = []


class Message(msgspec.Struct, kw_only=True):
    message_id: str
    order_id: str
    sender: str  # CLIENT, SELLER, CALLCENTER
    author: str
    subject: str
    body: str
    created_at: datetime
    updated_at: datetime
    state: str = "UNREAD"
    archived: bool = False


class IncidentLine(msgspec.Struct, kw_only=True):
    number: int
    kind: str  # why: 1 is « not received »
    created_at: datetime
    updated_at: datetime
    status: str = "OPENED"
    refunded_amount: Decimal | None = None
    refunded_shipping: Decimal = ZERO
    refunded_fee: Decimal = ZERO


class Incident(msgspec.Struct, kw_only=True):
    incident_id: str
    order_id: str
    message: str
    created_at: datetime
    updated_at: datetime
    lines: list[IncidentLine]
    status: str = "OPENED"


class Comment(msgspec.Struct, kw_only=True):
    comment_id: str
    order_id: str
    author: str
    rate: int
    text: str
    created_at: datetime
    reply: str = ""


class Invoice(msgspec.Struct, kw_only=True):
    """Of one period: what was delivered and not billed before, less the fees."""

    invoice_id: str
    created_at: datetime
    order_amount: Decimal
    shipping_amount: Decimal
    fee: Decimal  # tax included
    fee_tax: Decimal
