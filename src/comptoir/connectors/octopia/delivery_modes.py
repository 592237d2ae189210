"""The delivery modes of an offer, as a merchant writes them: `TRK:4.90:1.00, REG:6.90:0`.

An offer that names a code which is not the account's is refused whole: the codes are compared with
`GET /sellers/delivery-modes` before anything is sent.
"""

from __future__ import annotations

from decimal import Decimal

import msgspec

from comptoir.sdk.money import ZERO, parse_amount


class DeliveryMode(msgspec.Struct, frozen=True, rename="camel"):
    """`cost` for the first unit, `additional_cost` for each further one, tax included."""

    code: str
    cost: Decimal
    additional_cost: Decimal = ZERO


def parse_delivery_modes(text: str) -> tuple[DeliveryMode, ...]:
    """ValueError when a part is not `code:cost` or `code:cost:further`, or is given twice."""
    modes = tuple(_parse_mode(part) for part in text.split(",") if part.strip())
    if len({mode.code for mode in modes}) != len(modes):
        raise ValueError("a delivery mode is given twice")
    return modes


def _parse_mode(part: str) -> DeliveryMode:
    code, *costs = [piece.strip() for piece in part.split(":")]
    amounts = [parse_amount(cost) for cost in costs]
    if not code or not 1 <= len(amounts) <= 2 or any(amount is None or amount < 0 for amount in amounts):
        raise ValueError(f"not a delivery mode: {part.strip()!r}")
    return DeliveryMode(code, *[amount for amount in amounts if amount is not None])
