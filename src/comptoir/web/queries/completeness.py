"""The completeness ledger as a calendar: five weeks of each channel, day by day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from comptoir.channels.models import Channel
from comptoir.core import clock
from comptoir.orders.models import Completeness

WEEKS = 5


@dataclass(frozen=True)
class Day:
    date: date
    row: Completeness | None
    future: bool

    @property
    def state(self) -> str:
        """missing, on_its_way, complete; "" where nothing was compared."""
        if self.row is None:
            return ""
        if self.row.seen != self.row.stored or self.row.missing:
            return "missing"
        return "on_its_way" if self.row.to_erp != self.row.in_erp else "complete"


@dataclass(frozen=True)
class Calendar:
    channel: Channel
    weeks: list[list[Day]]


def read_calendars(channels: Sequence[str] = ()) -> list[Calendar]:
    """Whole weeks from Monday on; a channel that was never compared in them has none."""
    today = timezone.localtime(clock.now()).date()
    monday = today - timedelta(days=today.weekday(), weeks=WEEKS - 1)
    by_channel: dict[Channel, dict[date, Completeness]] = defaultdict(dict)
    found = (
        Completeness.objects.filter(day__gte=monday)
        .select_related("channel")
        .order_by("channel__name", "day")
    )
    for row in found.filter(channel__key__in=channels) if channels else found:
        by_channel[row.channel][row.day] = row
    return [Calendar(channel, _weeks(monday, today, rows)) for channel, rows in by_channel.items()]


def _weeks(monday: date, today: date, rows: dict[date, Completeness]) -> list[list[Day]]:
    days = [monday + timedelta(days=n) for n in range(7 * WEEKS)]
    told = [Day(day, rows.get(day), day > today) for day in days]
    return [told[start : start + 7] for start in range(0, len(told), 7)]
