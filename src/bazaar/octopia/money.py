"""Amounts to the cent, and instants as Octopia writes them."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal

import msgspec

CENT = Decimal("0.01")
ZERO = Decimal("0.00")
HUNDRED = Decimal(100)
# Amounts are JSON numbers.
JSON = msgspec.json.Encoder(decimal_format="number")


def cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)


def percent(amount: Decimal, rate: Decimal) -> Decimal:
    """`rate` percent of `amount`, to the cent."""
    return cents(amount * rate / HUNDRED)


def stamp(instant: datetime) -> str:
    """ISO 8601 in UTC with milliseconds and `Z`."""
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def to_millisecond(instant: datetime) -> datetime:
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)


def parse_instant(text: str) -> datetime:
    """ISO 8601; a missing offset means UTC. Raises ValueError."""
    parsed = datetime.fromisoformat(text)
    return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)
