"""The calendars of the house and of its warehouses: read as `WorkingDays`, kept, and what closes them.

A warehouse without a calendar of its own goes by the house's; a house without one works every day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import cast
from zoneinfo import ZoneInfo

import holidays
from django.conf import settings
from django.db import transaction
from holidays.registry import COUNTRIES

from comptoir.core import clock
from comptoir.inventory.calendar_models import LONGEST, ClosedPeriod, WorkCalendar
from comptoir.inventory.models import Warehouse
from comptoir.inventory.working_days import ClosedDay, Closure, NeverOpen, Why, WorkingDays
from comptoir.journal.audit import record_change

LONGEST_CLOSURE = timedelta(days=366)
EVERY_DAY = frozenset(range(7))


class BadCalendar(ValueError):  # noqa: N818
    """`code`: weekdays, country, region, dates, too_long, never_open, name. What of it cannot be."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(words)
        self.code = code


class NoSuchClosure(LookupError):  # noqa: N818
    """It was removed, or never was."""


@dataclass(frozen=True)
class CalendarDraft:
    weekdays: tuple[int, ...]
    cutoff: time | None = None
    country: str = ""
    region: str = ""
    in_closure: str = WorkCalendar.InClosure.LENGTHEN


def merchant_zone() -> ZoneInfo:
    return ZoneInfo(settings.TIME_ZONE_OF_MERCHANT)


def without_calendar() -> WorkingDays:
    return WorkingDays(merchant_zone(), EVERY_DAY)


@lru_cache(maxsize=32)
def public_holidays(country: str, region: str = "", language: str = "") -> Mapping[date, str]:
    """Days and their names, in that language where the library knows them in it. Raises BadCalendar."""
    spoken = {short: whole for whole in languages(country) for short in (whole, whole.split("_")[0])}
    try:
        found = holidays.country_holidays(country, subdiv=region or None, language=spoken.get(language))
    except NotImplementedError as error:
        raise BadCalendar("region" if country in countries() else "country", str(error)) from error
    return cast("Mapping[date, str]", found)


@lru_cache(maxsize=1)
def countries() -> dict[str, tuple[str, tuple[str, ...]]]:
    """ISO code → its name and its regions that have holidays of their own, of those that `holidays` knows."""
    known = holidays.list_supported_countries()
    names = {codes[1]: codes[0] for codes in COUNTRIES.values()}
    return {code: (_spaced(names[code]), tuple(known[code])) for code in sorted(names) if code in known}


def languages(country: str) -> list[str]:
    return list(holidays.list_localized_countries().get(country, []))


def _spaced(name: str) -> str:
    """« UnitedKingdom » → « United Kingdom »."""
    return "".join(
        f" {c}" if c.isupper() and n and not name[n - 1].isupper() else c for n, c in enumerate(name)
    )


def read_calendars(language: str = "") -> dict[int | None, WorkingDays]:
    """By the id of the warehouse; None: the house's, where it has one."""
    found = WorkCalendar.objects.prefetch_related("closures")
    return {
        calendar.warehouse_id: _as_days(calendar, calendar.closures.all(), language) for calendar in found
    }


def calendar_of(warehouse: Warehouse | None) -> WorkCalendar | None:
    return WorkCalendar.objects.filter(warehouse=warehouse).prefetch_related("closures").first()


def as_working_days(calendar: WorkCalendar, language: str = "") -> WorkingDays:
    return _as_days(calendar, calendar.closures.all(), language)


def _as_days(calendar: WorkCalendar, closures: Iterable[ClosedPeriod], language: str = "") -> WorkingDays:
    return WorkingDays(
        merchant_zone(), frozenset(calendar.weekdays), calendar.cutoff,
        _holidays_of(calendar, language),
        tuple(Closure(one.name, one.first_date, one.last_date) for one in closures),
    )  # fmt: skip


def _holidays_of(calendar: WorkCalendar, language: str) -> Mapping[date, str] | None:
    """A later release of the library may know a country or a region no more. It stops nothing: the calendar goes on
    with what is known (the country's days, or none), its page and `comptoir doctor` say so."""
    lost = lost_holidays(calendar)
    if not calendar.country or lost == calendar.country:
        return None
    return public_holidays(calendar.country, "" if lost else calendar.region, language)


def lost_holidays(calendar: WorkCalendar) -> str:
    """Its country, or « country-region », of which no holidays are known any more; "" where all is well."""
    if not calendar.country:
        return ""
    known = countries().get(calendar.country)
    if known is None:
        return calendar.country
    return (
        f"{calendar.country}-{calendar.region}" if calendar.region and calendar.region not in known[1] else ""
    )


def paused_places(now: datetime) -> tuple[list[int], list[int]]:
    """Of closed periods that pause offers: the warehouses that have a calendar of their own, and the places (such a
    warehouse, or 0: all that goes by the house's) that are in one now."""
    own, shut = [], []
    for calendar in WorkCalendar.objects.prefetch_related("closures"):
        place = calendar.warehouse_id or 0
        if place:
            own.append(place)
        days = as_working_days(calendar)
        closed = days.closed(now.astimezone(days.zone).date())
        if calendar.in_closure == WorkCalendar.InClosure.PAUSE and closed and closed.why is Why.CLOSURE:
            shut.append(place)
    return own, shut


def coming_closed_days(days: WorkingDays, *, ahead: int = 120) -> list[ClosedDay]:
    """Holidays and closures of the days to come, weekly rest left out."""
    today = clock.now().astimezone(days.zone).date()
    found = (days.closed(today + timedelta(days=n)) for n in range(ahead))
    return [shut for shut in found if shut is not None and shut.why is not Why.REST]


def draft_days(draft: CalendarDraft, kept: WorkCalendar | None) -> WorkingDays:
    """What a draft would make, with the closed periods that are kept. Raises BadCalendar."""
    calendar = WorkCalendar()
    _take(calendar, draft)
    closures = [] if kept is None else list(kept.closures.all())
    _check(calendar, closures)
    return _as_days(calendar, closures)


def _take(calendar: WorkCalendar, draft: CalendarDraft) -> None:
    calendar.weekdays = sorted(set(draft.weekdays))
    calendar.cutoff, calendar.country, calendar.region = draft.cutoff, draft.country, draft.region
    calendar.in_closure = draft.in_closure


@transaction.atomic
def keep_calendar(draft: CalendarDraft, *, warehouse: Warehouse | None = None, actor: str) -> WorkCalendar:
    """Raises BadCalendar."""
    before = WorkCalendar.objects.select_for_update().filter(warehouse=warehouse).first()
    told_before = {} if before is None else told(before)
    calendar = before or WorkCalendar(warehouse=warehouse)
    _take(calendar, draft)
    _check(calendar, [] if before is None else list(before.closures.all()))
    calendar.save()
    _note(calendar, actor, told_before, told(calendar))
    return calendar


@transaction.atomic
def remove_calendar(calendar: WorkCalendar, *, actor: str) -> None:
    _note(calendar, actor, told(calendar), {})
    calendar.delete()


@transaction.atomic
def keep_closure(calendar: WorkCalendar, name: str, first: date, last: date, *, actor: str) -> ClosedPeriod:
    """Raises BadCalendar."""
    WorkCalendar.objects.select_for_update().get(pk=calendar.pk)
    if not name.strip():
        raise BadCalendar("name", "a closed period needs a name")
    if last < first:
        raise BadCalendar("dates", "it would end before it begins")
    if last - first > LONGEST_CLOSURE:
        raise BadCalendar("too_long", "a year at the most")
    before = told(calendar)
    period = ClosedPeriod(calendar=calendar, name=name.strip()[:80], first_date=first, last_date=last)
    _check(calendar, [*calendar.closures.all(), period])
    period.save()
    _note(calendar, actor, before, told(calendar))
    return period


@transaction.atomic
def remove_closure(closure_id: int, *, actor: str) -> None:
    """Raises NoSuchClosure."""
    period = ClosedPeriod.objects.select_related("calendar").filter(pk=closure_id).first()
    if period is None:
        raise NoSuchClosure(closure_id)
    calendar, before = period.calendar, told(period.calendar)
    period.delete()
    _note(calendar, actor, before, told(calendar))


def _check(calendar: WorkCalendar, closures: Sequence[ClosedPeriod]) -> None:
    if not calendar.weekdays or not set(calendar.weekdays) <= EVERY_DAY:
        raise BadCalendar("weekdays", "at least one day of the week, 0 (Monday) to 6")
    if calendar.in_closure not in WorkCalendar.InClosure.values:
        raise BadCalendar("in_closure", f"nothing is called {calendar.in_closure}")
    if calendar.region and calendar.region not in countries().get(calendar.country, ("", ()))[1]:
        raise BadCalendar("region", f"{calendar.country or 'no country'} has no region {calendar.region}")
    if calendar.country and calendar.country not in countries():
        raise BadCalendar("country", f"no holidays are known of {calendar.country}")
    try:
        _as_days(calendar, closures).leaves_on(clock.now(), LONGEST)
    except NeverOpen as error:
        raise BadCalendar("never_open", "it would be closed for two years") from error


def told(calendar: WorkCalendar) -> dict[str, object]:
    closures = () if calendar.pk is None else calendar.closures.order_by("first_date", "id")
    return {
        "warehouse": None if calendar.warehouse is None else calendar.warehouse.code,
        "weekdays": list(calendar.weekdays),
        "cutoff": None if calendar.cutoff is None else f"{calendar.cutoff:%H:%M}", "country": calendar.country,
        "region": calendar.region, "in_closure": str(calendar.in_closure),
        "closures": [f"{one.name}: {one.first_date} – {one.last_date}" for one in closures],
    }  # fmt: skip


def _note(calendar: WorkCalendar, actor: str, before: dict[str, object], after: dict[str, object]) -> None:
    subject = "house" if calendar.warehouse is None else calendar.warehouse.code
    record_change(
        actor=actor, action="calendar.kept" if after else "calendar.removed", subject_kind="calendar",
        subject=subject, before=before, after=after,
    )  # fmt: skip
