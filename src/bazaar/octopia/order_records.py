"""Orders as Octopia keeps them. Amounts are tax included, in the sales channel's currency."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import msgspec

from bazaar.octopia.money import ZERO
from bazaar.world.facts import Buyer

ENDED = frozenset({"Refused", "Cancelled", "Rejected"})
LEFT = frozenset({"Shipped", "Delivered"})


class Parcel(msgspec.Struct, frozen=True, kw_only=True):
    number: str
    carrier: str = ""
    url: str = ""


class Line(msgspec.Struct, kw_only=True):
    line_id: str
    sku: str
    ean: str
    title: str
    offer_id: str
    quantity: int
    unit_price: Decimal
    price: Decimal  # for the quantity
    shipping_price: Decimal
    state: str
    supply_mode: str = "Seller"
    parcels: tuple[Parcel, ...] = ()

    @property
    def total(self) -> Decimal:
        return self.price + self.shipping_price

    @property
    def ended(self) -> bool:
        return self.state in ENDED


class Order(msgspec.Struct, kw_only=True):
    order_id: str
    reference: str
    party: str  # key of the sales channel's party
    sales_channel_id: str
    sales_channel_name: str
    state: str
    buyer: Buyer
    currency: str
    created_at: datetime
    updated_at: datetime
    lines: list[Line]
    ship_by: datetime | None = None
    accepted_at: datetime | None = None
    cancelled_at: datetime | None = None
    business: bool = False

    @property
    def total(self) -> Decimal:
        return sum((line.total for line in self.lines), ZERO)

    @property
    def open_lines(self) -> list[Line]:
        return [line for line in self.lines if not line.ended]

    def line(self, line_id: str) -> Line | None:
        return next((line for line in self.lines if line.line_id == line_id), None)


class CancellationRequest(msgspec.Struct, kw_only=True):
    request_id: str
    order_id: str
    lines: tuple[str, ...]  # empty: the whole order
    reason: str
    created_at: datetime
    status: str = "Pending"


class Gesture(msgspec.Struct, kw_only=True):
    request_id: str
    order_id: str
    reason: str
    details: str
    amount: Decimal
    created_at: datetime
    status: str = "Accepted"


class Operation(msgspec.Struct, kw_only=True):
    """One movement of the seller's money; shown from `visible_at` on."""

    reference: str
    order_id: str
    kind: str  # Sale, Commission, Refund
    amount: Decimal  # signed: positive is owed to the seller
    currency: str
    created_at: datetime
    visible_at: datetime
    payment_state: str = "Estimated"
    released_at: datetime | None = None


class Discussion(msgspec.Struct, kw_only=True):
    discussion_id: str
    order_id: str
    sales_channel_id: str
    customer: str
    subject: str
    created_at: datetime
    updated_at: datetime
    messages: tuple[Message, ...] = ()
    is_open: bool = True
    graduation: str = "Discussion"


class Message(msgspec.Struct, frozen=True, kw_only=True):
    message_id: str
    body: str
    created_at: datetime
    user_id: str
    user_type: str


class InvoiceImport(msgspec.Struct, kw_only=True):
    import_id: str
    created_at: datetime
    files: tuple[str, ...]
    order_ids: tuple[str, ...]
    status: str = "Pending"
