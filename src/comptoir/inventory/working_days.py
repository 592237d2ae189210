"""Working days: which days a house works, when an order is taken, on which day it leaves. Plain arithmetic.

An order is *taken* on the day it is placed where that day is worked and its hour is before the cut-off; else on the
next working day. With n days of preparation it leaves on the n-th working day after that one: n = 0, the same day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
HORIZON = 800
"""Days looked at; a house that does not work for so long is closed for good."""
MONDAY_TO_FRIDAY = frozenset(range(5))


class NeverOpen(ValueError):  # noqa: N818
    """No working day within `HORIZON`."""


class Why(StrEnum):
    REST = "rest"
    """A day of the week that is not worked."""
    HOLIDAY = "holiday"
    CLOSURE = "closure"
    """A period that the house closed."""


@dataclass(frozen=True)
class Closure:
    name: str
    first: date
    last: date
    """Closed too."""


@dataclass(frozen=True)
class ClosedDay:
    day: date
    why: Why
    name: str = ""
    """Of the holiday or of the closure."""


@dataclass(frozen=True)
class WorkingDays:
    zone: ZoneInfo
    weekdays: frozenset[int] = MONDAY_TO_FRIDAY
    """0 is Monday."""
    cutoff: time | None = None
    """Local; None: an order of 23:59 is taken the same day."""
    holidays: Mapping[date, str] | None = None
    closures: tuple[Closure, ...] = ()

    def closed(self, day: date) -> ClosedDay | None:
        """Why nobody works on that day; the most particular reason. None: it is worked."""
        for closure in self.closures:
            if closure.first <= day <= closure.last:
                return ClosedDay(day, Why.CLOSURE, closure.name)
        if self.holidays is not None and (name := self.holidays.get(day)):
            return ClosedDay(day, Why.HOLIDAY, name)
        return None if day.weekday() in self.weekdays else ClosedDay(day, Why.REST)

    def next_open(self, day: date) -> date:
        """That day or the first worked one after it. Raises NeverOpen."""
        for ahead in range(HORIZON):
            if self.closed(day + ahead * DAY) is None:
                return day + ahead * DAY
        raise NeverOpen(day)

    def is_late(self, now: datetime) -> bool:
        """Past the cut-off of its day."""
        return self.cutoff is not None and now.astimezone(self.zone).time() >= self.cutoff

    def taken_on(self, now: datetime) -> date:
        """The day from which an order placed at that instant counts. Raises NeverOpen."""
        today = now.astimezone(self.zone).date()
        return self.next_open(today + DAY if self.is_late(now) else today)

    def leaves_on(self, now: datetime, days: int) -> date:
        """The day on which an order placed now leaves, after `days` working days. Raises NeverOpen."""
        return self.leaving(now, days)[days]

    def leaving(self, now: datetime, most: int) -> list[date]:
        """`leaves_on` for 0, 1, … `most` days of preparation, in one walk. Raises NeverOpen."""
        found = [self.taken_on(now)]
        while len(found) <= most:
            found.append(self.next_open(found[-1] + DAY))
        return found

    def still_due(self, day: date, most: int) -> list[datetime]:
        """For 0, 1, … `most` days of preparation: an order placed from that instant on leaves on `day` or later.

        The inverse of `leaves_on`: one placed before it had to leave earlier. Looks `HORIZON` days back at most.
        """
        worked, at = [self.next_open(day)], day
        for _ in range(HORIZON):
            if len(worked) > most + 1:
                break
            at -= DAY
            if self.closed(at) is None:
                worked.append(at)
        # Taken on worked[n], placed from the end of the worked day before it on: its cut-off, or midnight.
        ends = [
            datetime.combine(before, self.cutoff, self.zone) if self.cutoff is not None
            else datetime.combine(before + DAY, time(), self.zone)
            for before in worked[1:]
        ]  # fmt: skip
        return [*ends, *[datetime.combine(at, time(), self.zone)] * (most + 1 - len(ends))][: most + 1]

    def passed_over(self, now: datetime, last: date) -> list[ClosedDay]:
        """The closed days from today to `last`: what makes the wait longer than the work."""
        today = now.astimezone(self.zone).date()
        days = (today + ahead * DAY for ahead in range((last - today).days + 1))
        return [shut for day in days if (shut := self.closed(day)) is not None]


def calendar_days(today: date, last: date) -> int:
    return (last - today).days


def weekdays_between(today: date, last: date) -> int:
    """Mondays to Fridays after `today`, up to `last` included: how a channel counts that knows weekends."""
    whole, rest = divmod((last - today).days, 7)
    return whole * 5 + sum((today + ahead * DAY).weekday() < 5 for ahead in range(1, rest + 1))
