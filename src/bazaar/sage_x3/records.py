"""What this X3 remembers. Amounts include tax, as its orders are entered (`PRITYP` 2)."""

from __future__ import annotations

from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

import msgspec

CENT = Decimal("0.01")


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """SORDERP and SORDERQ of one line. `number`: 1000, 2000…"""

    number: int
    article: str
    title: str
    quantity: int
    ordered: int
    """`ORIQTY`: as it was first entered."""
    price: Decimal
    stocked: bool
    allocated: int = 0
    delivered: int = 0
    closed: bool = False

    @property
    def open(self) -> int:
        """Units still to deliver."""
        return 0 if self.closed else self.quantity - self.delivered

    @property
    def amount(self) -> Decimal:
        return worth(self.price, self.quantity)


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """SORDER."""

    number: str
    type: str
    customer: str
    date: str
    currency: str
    reference: str
    channel: str
    external_id: str
    delivery_address: dict[str, str]
    lines: tuple[Line, ...]
    created_at: datetime
    updated_at: datetime
    closed: bool = False
    short: bool = False
    taken_off: Decimal = Decimal(0)
    """Amount of the units that were taken off it: its lines no longer say it."""

    @property
    def total(self) -> Decimal:
        return sum((line.amount for line in self.lines), Decimal(0))

    @property
    def goods(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.stocked)

    def with_line(self, changed: Line) -> Order:
        lines = tuple(changed if line.number == changed.number else line for line in self.lines)
        return msgspec.structs.replace(self, lines=lines)


class DeliveryLine(msgspec.Struct, frozen=True, kw_only=True):
    number: int
    order_line: int
    article: str
    quantity: int


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """SDELIVERY, validated at once: its units are gone."""

    number: str
    order: str
    carrier: str
    parcel: str
    lines: tuple[DeliveryLine, ...]
    created_at: datetime
    invoiced: bool = False


class InvoiceLine(msgspec.Struct, frozen=True, kw_only=True):
    article: str
    quantity: int
    amount: Decimal


class Invoice(msgspec.Struct, frozen=True, kw_only=True):
    """SINVOICE: `credit` is one of the other direction. `order` is ours or X3's number, whichever it was made from."""

    number: str
    type: str
    order: str
    delivery: str
    reference: str
    customer: str
    currency: str
    lines: tuple[InvoiceLine, ...]
    created_at: datetime
    credit: bool = False

    @property
    def total(self) -> Decimal:
        return sum((line.amount for line in self.lines), Decimal(0))


class PurchaseLine(msgspec.Struct, frozen=True, kw_only=True):
    """PORDERQ. `number`: 1000, 2000…"""

    number: int
    article: str
    quantity: int
    received: int = 0


class Purchase(msgspec.Struct, frozen=True, kw_only=True):
    """PORDER."""

    number: str
    reference: str
    supplier: str
    lines: tuple[PurchaseLine, ...]
    updated_at: datetime


class Movement(msgspec.Struct, frozen=True, kw_only=True):
    """STOJOU: written once, never changed."""

    number: int
    voucher_type: int
    voucher: str
    line: int
    article: str
    quantity: int
    at: datetime


class Customer(msgspec.Struct, frozen=True, kw_only=True):
    number: str
    name: str
    active: bool = True
    city: str = ""


def worth(price: Decimal, quantity: int) -> Decimal:
    return (price * quantity).quantize(CENT, ROUND_HALF_UP)
