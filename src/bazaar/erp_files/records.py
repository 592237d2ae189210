"""What this ERP remembers."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Literal

import msgspec

RowKind = Literal["order_status", "shipments", "documents", "purchase_status"]
DocumentState = Literal["received", "preparing", "short", "shipped", "cancelled"]


class DocumentLine(msgspec.Struct, frozen=True, kw_only=True):
    line_number: int
    line_reference: str
    sku: str
    title: str
    quantity: int
    unit_price: Decimal
    line_amount: Decimal
    cancelled: int = 0
    shipped: int = 0
    refunded: int = 0

    @property
    def open(self) -> int:
        """Units still to ship."""
        return self.quantity - self.cancelled - self.shipped


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """A sales document; `reference` is the hub's key."""

    reference: str
    number: str
    channel: str
    external_id: str
    placed_at: str
    currency: str
    customer: dict[str, str]
    shipping_amount: Decimal
    discount_amount: Decimal
    total: Decimal
    lines: tuple[DocumentLine, ...]
    created_at: datetime
    state: DocumentState = "received"
    sent: int = 1  # how many times the hub sent this reference; the document is created once

    def line(self, number: int) -> DocumentLine | None:
        return next((line for line in self.lines if line.line_number == number), None)

    def with_line(self, line: DocumentLine) -> Document:
        lines = tuple(line if line.line_number == old.line_number else old for old in self.lines)
        return msgspec.structs.replace(self, lines=lines)


class Purchase(msgspec.Struct, frozen=True, kw_only=True):
    """An order to a supplier; `reference` is the hub's key."""

    reference: str
    number: str
    ordered: dict[str, int]
    received: dict[str, int]


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """An exchange that was read: the fingerprint of its two files, and the receipt given."""

    fingerprint: str
    receipt: bytes


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A line that waits for the next file of its kind."""

    kind: RowKind
    cells: dict[str, str]


class Rejection(msgspec.Struct, frozen=True, kw_only=True):
    line: int
    key: str
    code: str
    message: str
