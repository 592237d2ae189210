"""« Why this preparation time? », and what a calendar makes of some days of work, in words and rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format
from django.utils.translation import gettext

from comptoir.core import clock
from comptoir.inventory.calendars import without_calendar
from comptoir.inventory.working_days import ClosedDay, Why, WorkingDays
from comptoir.offers.lead_time_reasons import LeadTimeReason, PlaceReason
from comptoir.offers.lead_times import Count, tell_days
from comptoir.web.formats import is_french

EXAMPLES = (0, 1, 2, 3, 5)


@dataclass(frozen=True)
class Example:
    """Of an order placed now, by one calendar."""

    days: int
    leaves_on: date
    calendar: int
    """Days told to a channel that counts all of them."""
    weekdays: int
    """Days told to one that counts Mondays to Fridays."""


def examples(days: WorkingDays | None) -> list[Example]:
    now = clock.now()
    calendar, weekdays = (tell_days(days, now, count=count) for count in (Count.CALENDAR, Count.WEEKDAYS))
    leaving = (days or without_calendar()).leaving(now, max(EXAMPLES))
    return [Example(n, leaving[n], calendar[n], weekdays[n]) for n in EXAMPLES]


def closed_words(shut: ClosedDay) -> str:
    return gettext("not worked") if shut.why is Why.REST else shut.name


def weekdays_words(days: frozenset[int] | list[int]) -> str:
    return ", ".join(str(WEEKDAYS[day]) for day in sorted(days))


def tell_places(told: LeadTimeReason) -> list[list[str]]:
    """Sentences, calendar by calendar; of runs of closed days of one name, their first and last."""
    return [_place(place, told.working_days or 0) for place in told.places]


def _place(place: PlaceReason, days: int) -> list[str]:
    words = [gettext("By the calendar of %(place)s") % {"place": place.warehouse or gettext("the house")}]
    if place.late:
        words.append(gettext("The cut-off hour of today has passed."))
    words += [_run(run) for run in _runs(place.passed_over)]
    words.append(
        gettext("Taken on %(taken)s, it leaves on %(leaves)s after %(n)s working days.")
        % {"taken": _day(place.taken_on), "leaves": _day(place.leaves_on), "n": days}
    )
    return words


def _runs(closed: list[ClosedDay]) -> list[list[ClosedDay]]:
    found: list[list[ClosedDay]] = []
    for shut in closed:
        same = found and (found[-1][-1].why, found[-1][-1].name) == (shut.why, shut.name)
        if same and (shut.day - found[-1][-1].day).days == 1:
            found[-1].append(shut)
        else:
            found.append([shut])
    return found


def _run(run: list[ClosedDay]) -> str:
    first, last = run[0], run[-1]
    days = _day(first.day)
    if last.day != first.day:
        days = gettext("%(first)s to %(last)s") % {"first": days, "last": _day(last.day)}
    return gettext("%(days)s: %(why)s") % {"days": days, "why": closed_words(first)}


def _day(day: date) -> str:
    return f"{date_format(day, 'D')}. {date_format(day, 'j N')}" if is_french() else date_format(day, "D j M")
