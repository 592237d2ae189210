"""Hub and ERP compared, order by order: what is on one side alone, what differs, what is there twice, what is stuck."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from comptoir.core.bulk import fetch
from comptoir.sdk.i18n import N_
from comptoir.sdk.records import BookedOrder

TOLERANCE = Decimal("0.02")
KINDS = {
    "missing": N_("in the hub, not in the ERP"),
    "stranger": N_("in the ERP, not in the hub"),
    "amount": N_("another amount in the ERP"),
    "doubled": N_("twice in the ERP"),
    "stuck": N_("sent to the ERP, no answer"),
}
_HERE = """
SELECT o.reference, c.key, o.external_id, o.total_amount, o.erp_state, o.erp_sent_at,
       EXISTS (SELECT FROM orders_orderline line WHERE line.order_id = o.id
               AND (line.cancelled_quantity > 0 OR line.fulfilled_by <> 'seller')),
       o.id, (o.placed_at AT TIME ZONE %(zone)s)::date
FROM orders_order o JOIN channels_channel c ON c.id = o.channel_id
WHERE o.reference = ANY(%(references)s)
   OR (o.erp_state IN ('confirmed', 'sent') AND o.erp_sent_at >= %(start)s AND o.erp_sent_at < %(end)s)
"""


@dataclass(frozen=True)
class Gap:
    kind: str
    reference: str
    channel: str = ""
    external_id: str = ""
    here: Decimal | None = None
    there: Decimal | None = None
    documents: tuple[str, ...] = ()
    order_id: int | None = None
    day: date | None = None
    """The order's own; of one that the hub does not know, the ERP's."""


@dataclass
class DayOfChannel:
    """What the hub gave the ERP of one day's orders of one channel, and what the ERP has of them."""

    here_count: int = 0
    here_amount: Decimal = Decimal(0)
    there_count: int = 0
    there_amount: Decimal = Decimal(0)
    gaps: int = 0


@dataclass(frozen=True)
class Comparison:
    gaps: tuple[Gap, ...]
    compared: int
    """Orders that both sides have."""
    here: Decimal
    there: Decimal
    """Their amounts, where no unit was cancelled."""
    days: dict[tuple[str, date], DayOfChannel]
    """By channel ("" for strangers) and the order's own day."""


@dataclass(frozen=True)
class _Here:
    reference: str
    channel: str
    external_id: str
    total: Decimal
    state: str
    sent_at: datetime | None
    partly: bool
    """Units were cancelled, or the channel ships some: the ERP rightly has another amount."""
    order_id: int
    day: date


def compare_with_erp(
    booked: Sequence[BookedOrder], *, start: datetime, end: datetime, stuck_before: datetime
) -> Comparison:
    """`booked` must hold at least all that the ERP booked from `start` to `end`."""
    there: dict[str, list[BookedOrder]] = {}
    for order in booked:
        there.setdefault(order.order_reference, []).append(order)
    zone = timezone.get_default_timezone_name()
    rows: list[Any] = fetch(_HERE, {"references": list(there), "start": start, "end": end, "zone": zone})
    here = {row[0]: _Here(*row) for row in rows}
    both = [here[reference] for reference in there if reference in here]
    whole = [order for order in both if not order.partly]
    gaps = [
        gap for order in here.values() for gap in _gaps(order, there.get(order.reference, []), stuck_before)
    ]
    gaps += [
        Gap("stranger", reference, there=found[0].total, documents=_numbers(found), day=found[0].placed_date)
        for reference, found in there.items()
        if reference not in here
    ]
    days = _days(here, there)
    for gap in gaps:
        days[gap.channel, gap.day].gaps += 1  # type: ignore[index]
    return Comparison(
        tuple(sorted(gaps, key=lambda gap: (gap.reference, gap.kind))),
        len(both),
        sum((order.total for order in whole), Decimal(0)),
        sum((there[order.reference][0].total for order in whole), Decimal(0)),
        days,
    )


def _days(
    here: dict[str, _Here], there: dict[str, list[BookedOrder]]
) -> dict[tuple[str, date], DayOfChannel]:
    days: dict[tuple[str, date], DayOfChannel] = defaultdict(DayOfChannel)
    for order in here.values():
        day = days[order.channel, order.day]
        day.here_count, day.here_amount = day.here_count + 1, day.here_amount + order.total
    for reference, found in there.items():
        known = here.get(reference)
        day = days[(known.channel, known.day) if known else ("", found[0].placed_date)]
        day.there_count += len(found)
        day.there_amount += sum((one.total for one in found), Decimal(0))
    return days


def _gaps(order: _Here, found: Sequence[BookedOrder], stuck_before: datetime) -> Iterator[Gap]:
    if not found:
        if order.state == "sent" and order.sent_at is not None and order.sent_at < stuck_before:
            yield _gap("stuck", order)
        elif order.state == "confirmed":
            yield _gap("missing", order)
    elif len(found) > 1:
        yield _gap("doubled", order, found)
    elif not order.partly and abs(found[0].total - order.total) > TOLERANCE:
        yield _gap("amount", order, found)


def _gap(kind: str, order: _Here, found: Sequence[BookedOrder] = ()) -> Gap:
    there = found[0].total if found else None
    return Gap(kind, order.reference, order.channel, order.external_id, order.total, there, _numbers(found),
               order.order_id, order.day)  # fmt: skip


def _numbers(found: Sequence[BookedOrder]) -> tuple[str, ...]:
    return tuple(order.document for order in found)
