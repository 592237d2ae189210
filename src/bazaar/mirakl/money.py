"""Amounts to the cent, and instants as the marketplace writes them."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
ZERO = Decimal("0.00")
HUNDRED = Decimal(100)


def cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)


def percent(amount: Decimal, rate: Decimal) -> Decimal:
    """`rate` percent of `amount`, to the cent."""
    return cents(amount * rate / HUNDRED)


def share(amount: Decimal, part: Decimal, whole: Decimal) -> Decimal:
    """`amount` in the proportion part/whole, to the cent; zero when the whole is zero."""
    return cents(amount * part / whole) if whole else ZERO


def to_millisecond(instant: datetime) -> datetime:
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)


def stamp(instant: datetime) -> str:
    """ISO 8601 UTC with milliseconds and `Z`, as in the examples of the specification."""
    return instant.isoformat(timespec="milliseconds")[:-6] + "Z"


def stamp_or_null(instant: datetime | None) -> str | None:
    return None if instant is None else stamp(instant)


def parse_instant(text: str) -> datetime:
    """An ISO 8601 instant; a missing offset means UTC. Raises ValueError."""
    # An unencoded "+" of an offset reaches the server as a space, which the real one refuses too.
    parsed = datetime.fromisoformat(text)
    return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)
