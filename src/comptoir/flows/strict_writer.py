"""The last guard: records of prices, looked at once more just before they leave.

Written apart from the two others (`offers.steps` where a price is decided, `offers.price_guard` in the statement
that claims): it trusts neither, and reads the limits of the channel itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from comptoir.channels.models import Channel
from comptoir.sdk.errors import RejectedRecord
from comptoir.sdk.records import OfferDraft, PriceUpdate


@dataclass(frozen=True)
class Limits:
    up_percent: Decimal | None
    down_percent: Decimal | None
    amount: Decimal | None


@dataclass(frozen=True)
class Footing:
    """What the price of one offer moves from, and the one price that a person let pass."""

    last: Decimal | None
    allowed: Decimal | None


def read_limits(channel: Channel) -> Limits:
    """As they are in the database now, whatever the object at hand was read with."""
    names = ("price_step_up", "price_step_down", "price_step_amount")
    return Limits(*Channel.objects.values_list(*names).get(pk=channel.pk))


def refuse_unsafe(
    records: Sequence[PriceUpdate | OfferDraft], footing: Mapping[str, Footing], limits: Limits
) -> None:
    """Raises RejectedRecord for the first record whose price must not leave, by its SKU."""
    for record in records:
        if why := _unsafe(record, footing.get(record.sku), limits):
            raise RejectedRecord(
                f"{record.sku}: {why}. Comptoir did not send it.",
                code="unsafe_price",
                record_id=record.sku,
            )


def _unsafe(record: PriceUpdate | OfferDraft, footing: Footing | None, limits: Limits) -> str:
    price, floor = record.price, record.floor
    if footing is None:
        return "nobody knows from which price it moves"
    if price is None or floor is None or not (price.is_finite() and floor.is_finite()):
        return "a price and a floor price are needed"
    if price <= 0 or floor > price:
        return f"{price} {record.currency} is under its floor of {floor} {record.currency}"
    if price == footing.allowed or not footing.last or footing.last < 0:
        return ""
    move = price - footing.last
    ratio = 100 * abs(move) / footing.last
    most = limits.up_percent if move > 0 else limits.down_percent
    if most is not None and ratio > most:
        return f"{footing.last} → {price} {record.currency} is {ratio:.1f} %, {most} % are allowed"
    if limits.amount is not None and abs(move) > limits.amount:
        return f"{footing.last} → {price} moves by {abs(move)} {record.currency}, {limits.amount} are allowed"
    return ""
