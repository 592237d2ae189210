"""The arithmetic of working days: what holds of any calendar, and some calendars by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from comptoir.inventory.calendars import public_holidays
from comptoir.inventory.working_days import (
    Closure,
    NeverOpen,
    Why,
    WorkingDays,
    calendar_days,
    weekdays_between,
)

PARIS = ZoneInfo("Europe/Paris")
DAY = timedelta(days=1)
some_days = st.dates(date(2026, 1, 1), date(2027, 12, 31))


@st.composite
def calendars(draw: st.DrawFn) -> WorkingDays:
    closures = []
    for number in range(draw(st.integers(0, 3))):
        first = draw(some_days)
        closures.append(Closure(f"closure {number}", first, first + draw(st.integers(0, 40)) * DAY))
    return WorkingDays(
        PARIS, frozenset(draw(st.sets(st.integers(0, 6), min_size=1))),
        draw(st.none() | st.times(time(0, 1), time(23, 59))),
        draw(st.dictionaries(some_days, st.just("holiday"), max_size=20)), tuple(closures),
    )  # fmt: skip


instants = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001


@given(days=calendars(), now=instants, n=st.integers(0, 30))
def test_an_order_leaves_after_exactly_so_many_worked_days(days: WorkingDays, now: datetime, n: int) -> None:
    taken, leaves = days.taken_on(now), days.leaves_on(now, n)
    between = [taken + ahead * DAY for ahead in range(1, (leaves - taken).days + 1)]
    assert days.closed(taken) is None
    assert days.closed(leaves) is None
    assert sum(days.closed(day) is None for day in between) == n


@given(days=calendars(), now=instants, n=st.integers(0, 30), ahead=st.integers(0, 90))
def test_an_order_is_due_on_a_day_or_later_if_placed_from_an_instant_on(
    days: WorkingDays, now: datetime, n: int, ahead: int
) -> None:
    assume(days.cutoff is None or days.cutoff.hour > 3)  # the hour that the clocks skip or repeat
    day = now.date() + ahead * DAY
    assert (days.leaves_on(now, n) >= day) == (now >= days.still_due(day, n)[n])


@given(days=calendars(), now=instants, n=st.integers(0, 30))
def test_more_work_never_leaves_earlier_and_a_later_order_neither(
    days: WorkingDays, now: datetime, n: int
) -> None:
    assert days.leaves_on(now, n) < days.leaves_on(now, n + 1)
    assert days.leaves_on(now, n) <= days.leaves_on(now + timedelta(hours=5), n)
    assert days.leaving(now, n)[-1] == days.leaves_on(now, n)


@given(days=calendars(), now=instants, n=st.integers(0, 20), first=some_days, length=st.integers(0, 30))
def test_a_closure_more_never_makes_anything_leave_earlier(
    days: WorkingDays, now: datetime, n: int, first: date, length: int
) -> None:
    closed = WorkingDays(
        days.zone, days.weekdays, days.cutoff, days.holidays,
        (*days.closures, Closure("more", first, first + length * DAY)),
    )  # fmt: skip
    assert closed.leaves_on(now, n) >= days.leaves_on(now, n)


@given(days=calendars(), now=instants, n=st.integers(0, 20))
def test_every_day_that_is_passed_over_says_why(days: WorkingDays, now: datetime, n: int) -> None:
    leaves, today = days.leaves_on(now, n), now.astimezone(PARIS).date()
    passed = days.passed_over(now, leaves)
    assert {one.day for one in passed} == {
        today + ahead * DAY for ahead in range((leaves - today).days + 1)
        if days.closed(today + ahead * DAY) is not None
    }  # fmt: skip
    assert all(one.name or one.why is Why.REST for one in passed)


@given(today=some_days, ahead=st.integers(0, 200))
def test_mondays_to_fridays_are_counted_as_one_by_one(today: date, ahead: int) -> None:
    last = today + ahead * DAY
    assert weekdays_between(today, last) == sum((today + n * DAY).weekday() < 5 for n in range(1, ahead + 1))
    assert calendar_days(today, last) == ahead


@given(days=calendars(), now=instants)
def test_past_the_cut_off_an_order_counts_as_one_of_the_next_day(days: WorkingDays, now: datetime) -> None:
    assume(days.cutoff is not None)
    local = now.astimezone(PARIS)
    tomorrow = datetime.combine(local.date() + DAY, time(0, 0), PARIS)
    same = days.taken_on(now) == days.taken_on(tomorrow)
    assert same or not days.is_late(now)


def test_a_cut_off_is_told_in_the_zone_of_the_merchant() -> None:
    days = WorkingDays(PARIS, cutoff=time(14, 0))
    thursday = date(2026, 11, 26)
    assert days.taken_on(datetime(2026, 11, 26, 12, 59, tzinfo=UTC)) == thursday
    assert days.taken_on(datetime(2026, 11, 26, 13, 0, tzinfo=UTC)) == thursday + DAY
    # Summer: two hours.
    assert days.taken_on(datetime(2026, 7, 2, 12, 0, tzinfo=UTC)) == date(2026, 7, 3)


def test_christmas_in_france_and_saint_stephen_in_alsace_are_passed_over() -> None:
    now = datetime(2026, 12, 24, 9, 0, tzinfo=UTC)
    france = WorkingDays(PARIS, frozenset(range(6)), holidays=public_holidays("FR", "", "fr"))
    alsace = WorkingDays(PARIS, frozenset(range(6)), holidays=public_holidays("FR", "6AE", "fr"))
    assert france.leaves_on(now, 1) == date(2026, 12, 26)
    assert alsace.leaves_on(now, 1) == date(2026, 12, 28)
    named = [(one.day.day, one.name) for one in alsace.passed_over(now, date(2026, 12, 28))]
    assert named == [(25, "Noël"), (26, "Saint-Étienne"), (27, "")]


def test_a_house_that_never_opens_says_so() -> None:
    with pytest.raises(NeverOpen):
        WorkingDays(PARIS, frozenset()).taken_on(datetime(2026, 1, 1, tzinfo=UTC))
