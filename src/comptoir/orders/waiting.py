"""Orders that wait too long for our answer, and how long is left before the channel decides by itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from comptoir.channels.models import Channel
from comptoir.core import clock
from comptoir.orders.models import Order
from comptoir.sdk.statuses import OrderStatus

ALARM = timedelta(hours=4)
"""Where the channel's settings say nothing."""
_ON_ITS_WAY = timedelta(minutes=30)
"""An answer decided since less than that is being told."""


@dataclass(frozen=True)
class Waiting:
    order: Order
    since: timedelta
    deadline: datetime | None
    answered: bool
    """Decided here, and the channel still waits: the answer did not reach it."""


def has_waiting(channel: Channel) -> bool:
    return Order.objects.filter(channel=channel, status=OrderStatus.TO_ACCEPT).exists()


def late_answers(channel: Channel) -> Iterator[Waiting]:
    """Past the channel's alarm (`acceptance_alarm_hours` of its profile), the nearest deadline first."""
    now = clock.now()
    waiting = Order.objects.filter(
        channel=channel, status=OrderStatus.TO_ACCEPT, placed_at__lte=now - alarm_after(channel)
    )
    known = waiting.only("external_id", "reference", "placed_at", "accept_by", "decision", "decided_at")
    for order in known.order_by("accept_by", "placed_at", "id").iterator(chunk_size=500):
        answered = order.decision in (Order.Decision.SENT, Order.Decision.ACCEPT, Order.Decision.REFUSE)
        if answered and order.decided_at is not None and order.decided_at > now - _ON_ITS_WAY:
            continue
        yield Waiting(order, now - order.placed_at, order.accept_by or _deadline(channel, order), answered)


def alarm_after(channel: Channel) -> timedelta:
    return _hours(channel, "acceptance_alarm_hours") or ALARM


def _deadline(channel: Channel, order: Order) -> datetime | None:
    allowed = _hours(channel, "acceptance_deadline_hours")
    return order.placed_at + allowed if allowed else None


def _hours(channel: Channel, name: str) -> timedelta | None:
    told = (channel.profile.get("features") or {}).get(name, "")
    try:
        hours = float(told)
    except ValueError:
        return None
    return timedelta(hours=hours) if 0 < hours < 10_000 else None
