"""Can our tables hold this order? What they cannot hold is set aside alone, before the bulk write.

COPY is all or nothing: one text too long, one NUL, one amount of twenty digits would take its whole page
with it, and the cursor would never pass that page. Texts that only a person reads (titles, names) are cut
to their column instead: the raw payload keeps them whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Final

import msgspec

from comptoir.sdk.records import Order, OrderLine, Rejected

MAX_UNITS: Final = 1_000_000
"""Of one line. More is a mistake, and sums of such lines would not fit an integer any more."""
MAX_ID: Final = 120
MAX_SKU: Final = 80
_TOO_MUCH: Final = Decimal(999_999_999_999)
_TOO_LITTLE: Final = -_TOO_MUCH
"""Columns of money hold twelve digits before the mark."""
_EARLIEST, _LATEST = 1970, 2999
_encode = msgspec.json.Encoder(order="deterministic").encode


@dataclass(frozen=True)
class Fit:
    """An order that can be stored, and everything that we keep of it as JSON: its content is hashed from that."""

    order: Order
    content: bytes


def set_aside(orders: Iterable[Order]) -> tuple[list[Fit], list[Rejected]]:
    """Orders that can be stored, and the others with what is wrong with each and its raw payload."""
    fit: list[Fit] = []
    rejected: list[Rejected] = []
    for order in orders:
        try:
            content = _encode(msgspec.structs.replace(order, raw=b""))
            fault = next(_faults(order, content), "")
        except (InvalidOperation, TypeError, ValueError) as error:
            # NaN compares to nothing, half a surrogate pair has no bytes: nobody could read it back.
            fault = f"A value of the order cannot be read ({error!r})."
        if fault:
            told = Rejected(external_id=order.external_id, message=fault, code="invalid", raw=order.raw)
            rejected.append(told)
        else:
            fit.append(Fit(order, content))
    return fit, rejected


def _faults(order: Order, content: bytes) -> Iterator[str]:
    if not 0 < len(order.external_id) <= MAX_ID:
        yield f"The order's id has {len(order.external_id)} characters, 1 to {MAX_ID} are possible."
    if not (len(order.currency) == 3 and order.currency.isalpha()):
        yield f"{order.currency[:20]!r} is no currency code."
    if not order.lines:
        yield "The order has no line."
    for instant in (order.placed_at, order.updated_at, order.accept_by, order.ship_by, order.deliver_by):
        if instant is not None and not _is_exact(instant):
            yield f"{instant.isoformat()} is no exact instant: it has no time zone, or no possible year."
    for amount in (order.total_amount, order.shipping_amount, order.discount_amount, order.tax_amount):
        if not _TOO_LITTLE < amount < _TOO_MUCH:
            yield f"The amount {amount} is not possible."
    for line in order.lines:
        yield from _line_faults(line)
    if len({line.external_id for line in order.lines}) < len(order.lines):
        yield "Two lines of the order have the same id."
    # \u0000 in JSON is a NUL, unless the backslash is itself a written one.
    if b"\\u0000" in content and b"\\u0000" in content.replace(b"\\\\", b""):
        yield "A text of the order holds a NUL character."


def _line_faults(line: OrderLine) -> Iterator[str]:
    if not 0 < len(line.external_id) <= MAX_ID:
        yield f"A line's id has {len(line.external_id)} characters, 1 to {MAX_ID} are possible."
    if len(line.sku) > MAX_SKU:
        yield f"A SKU has {len(line.sku)} characters, {MAX_SKU} are possible: {line.sku[:30]}…"
    if not 0 <= line.cancelled_quantity <= line.quantity <= MAX_UNITS:
        yield f"Line {line.external_id}: {line.cancelled_quantity} of {line.quantity} units cancelled."
    if not 0 <= line.refunded_quantity <= MAX_UNITS:
        yield f"Line {line.external_id}: {line.refunded_quantity} units refunded."
    for amount in (line.unit_price, line.amount, line.shipping_amount, line.discount_amount, line.tax_amount,
                   line.refunded_amount, line.commission_amount):  # fmt: skip
        if amount is not None and not _TOO_LITTLE < amount < _TOO_MUCH:
            yield f"Line {line.external_id}: the amount {amount} is not possible."


def _is_exact(instant: datetime) -> bool:
    return instant.tzinfo is not None and _EARLIEST <= instant.year <= _LATEST
