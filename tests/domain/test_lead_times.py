"""Preparation times: which rule wins, what calendars make of it, and that the screen says the very same."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comptoir.catalog.models import Product
from comptoir.channels.models import Channel
from comptoir.core import clock
from comptoir.inventory.calendars import (
    BadCalendar,
    CalendarDraft,
    coming_closed_days,
    keep_calendar,
    keep_closure,
    read_calendars,
    remove_closure,
)
from comptoir.inventory.lead_time_rules import BadLeadTime, LeadTimeDraft
from comptoir.inventory.ledger import Move, move_stock
from comptoir.inventory.models import LeadTimeRule, Warehouse
from comptoir.inventory.reservations import lock_stock
from comptoir.offers.lead_time_reasons import explain_lead_time
from comptoir.offers.lead_time_rules import keep_lead_time, preview_lead_time, remove_lead_time
from comptoir.offers.lead_times import are_lead_times_due, bring_lead_times_in_line
from comptoir.offers.listing import list_products
from comptoir.offers.models import LeadTime, Offer
from comptoir.offers.wishes import Wish, grant_wishes
from tests.domain.conftest import NOW, make_channel, make_product

WORKWEEK = CalendarDraft((0, 1, 2, 3, 4))


@pytest.fixture
def shop(db: None) -> Channel:
    channel = make_channel("shop")
    for sku, family in (("MUG", "mugs"), ("BOWL", "bowls")):
        make_product(sku, on_hand=5, family=family)
    list_products(channel, list(Product.objects.values_list("pk", flat=True)))
    return channel


def told(channel: Channel, sku: str = "MUG") -> int | None:
    found = LeadTime.objects.filter(offer__channel=channel, offer__sku=sku).first()
    return None if found is None else found.desired


def product(sku: str = "MUG") -> Product:
    return Product.objects.get(sku=sku)


def at(day: int, hour: int = 9, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


def test_without_rules_nothing_is_said_and_without_a_calendar_days_are_told_as_they_are(
    shop: Channel,
) -> None:
    assert told(shop) is None
    keep_lead_time(LeadTimeDraft(3), actor="zoe")
    assert (told(shop), told(shop, "BOWL")) == (3, 3)


@pytest.mark.parametrize("channel_counts", ["calendar", "weekdays"])
def test_the_most_specific_rule_wins_and_gives_way_again(shop: Channel, channel_counts: str) -> None:
    Channel.objects.update(lead_time_count=channel_counts)
    here, everywhere = LeadTimeDraft, LeadTimeDraft
    written = [
        keep_lead_time(everywhere(9), actor="zoe"),
        keep_lead_time(here(8, channel=shop), actor="zoe"),
        keep_lead_time(everywhere(7, family="mugs"), actor="zoe"),
        keep_lead_time(here(6, family="mugs", channel=shop), actor="zoe"),
        keep_lead_time(everywhere(5, product=product()), actor="zoe"),
        keep_lead_time(here(4, product=product(), channel=shop), actor="zoe"),
    ]
    grant_wishes({("shop", "MUG"): Wish(lead_time=3)}, actor="zoe")
    assert (told(shop), told(shop, "BOWL")) == (3, 8)
    reason = explain_lead_time(Offer.objects.select_related("channel", "product").get(sku="MUG"))
    assert (reason.asked, reason.rule, reason.agrees) == (True, None, True)
    Offer.objects.filter(sku="MUG").update(lead_time_days=None)
    bring_lead_times_in_line()
    for rule in reversed(written):
        assert told(shop) == rule.days
        remove_lead_time(rule.pk, actor="zoe")
    assert told(shop) is None


def test_a_weekend_lengthens_what_a_channel_of_calendar_days_is_told_and_no_other(shop: Channel) -> None:
    week = make_channel("week", lead_time_count="weekdays")
    list_products(week, [product().pk])
    keep_calendar(WORKWEEK, actor="zoe")
    keep_lead_time(LeadTimeDraft(1), actor="zoe")
    for day, calendar, weekdays in ((23, 1, 1), (26, 1, 1), (27, 3, 1), (28, 3, 2), (29, 2, 2), (30, 1, 1)):
        with clock.clock_at(lambda day=day: at(day)):  # type: ignore[misc]
            bring_lead_times_in_line()
            assert (day, told(shop), told(week)) == (day, calendar, weekdays)


def test_a_closure_that_comes_makes_it_grow_and_it_comes_back(shop: Channel) -> None:
    calendar = keep_calendar(CalendarDraft((0, 1, 2, 3, 4), time(14, 0), "FR"), actor="zoe")
    closure = keep_closure(calendar, "Winter closing", date(2026, 12, 24), date(2027, 1, 3), actor="zoe")
    keep_lead_time(LeadTimeDraft(2), actor="zoe")
    grows = []
    for day in (17, 18, 21, 22, 23, 24):
        with clock.clock_at(lambda day=day: at(day, month=12)):  # type: ignore[misc]
            bring_lead_times_in_line()
            grows.append(told(shop))
    # Thursday 17: Monday 21. From the 22nd on the closure is in the way: Monday 4 January, then the 5th.
    assert grows == [4, 4, 2, 13, 13, 13]
    with clock.clock_at(lambda: at(22, 13, month=12)):  # 14:00 in Paris: the cut-off
        assert are_lead_times_due()
        bring_lead_times_in_line()
        assert told(shop) == 14
        assert not are_lead_times_due()
        reason = explain_lead_time(
            Offer.objects.select_related("channel", "product").get(sku="MUG"), language="fr"
        )
        place = reason.places[0]
        assert (place.late, place.taken_on, place.leaves_on) == (True, date(2026, 12, 23), date(2027, 1, 5))
        assert {one.name for one in place.passed_over} == {"Winter closing"}
        assert (reason.told, reason.agrees, reason.working_days) == (14, True, 2)
        assert coming_closed_days(read_calendars("fr")[None], ahead=10)[0].name == "Winter closing"
        remove_closure(closure.pk, actor="zoe")
        assert are_lead_times_due()
        bring_lead_times_in_line()
        # Christmas stays: the 23rd, then the 24th and the 28th.
        assert told(shop) == 6


def test_the_warehouse_that_holds_it_and_opens_last_decides_for_kits_too(shop: Channel) -> None:
    north = Warehouse.objects.create(code="NORTH", name="North")
    keep_calendar(WORKWEEK, actor="zoe")
    calendar = keep_calendar(WORKWEEK, warehouse=north, actor="zoe")
    keep_closure(calendar, "Inventory", date(2026, 11, 24), date(2026, 11, 27), actor="zoe")
    kit = make_product("KIT", is_kit=True)
    kit.components.create(component=product("BOWL"), quantity=2)
    list_products(shop, [kit.pk])
    keep_lead_time(LeadTimeDraft(1), actor="zoe")
    assert (told(shop), told(shop, "BOWL"), told(shop, "KIT")) == (1, 1, 1)
    lock_stock([product("BOWL").pk], north.pk)
    move_stock([Move(product("BOWL").pk, north.pk, 4, "receipt", NOW)])
    bring_lead_times_in_line()
    assert (told(shop), told(shop, "BOWL"), told(shop, "KIT")) == (1, 7, 7)
    offer = Offer.objects.select_related("channel", "product").get(sku="KIT")
    assert [(p.warehouse, p.told) for p in explain_lead_time(offer).places] == [("", 1), ("North", 7)]


def test_a_preview_tells_what_keeping_does_and_changes_nothing(shop: Channel) -> None:
    hidden = make_channel("hidden")
    list_products(hidden, [product().pk])
    keep_lead_time(LeadTimeDraft(2), actor="zoe")
    draft = LeadTimeDraft(5, family="mugs")
    seen = preview_lead_time(draft, sees=lambda key: key != "hidden")
    assert [(c.sku, c.channel, c.before, c.after) for c in seen.changes] == [("MUG", "shop", 2, 5)]
    assert (told(shop), LeadTimeRule.objects.count()) == (2, 1)
    rule = keep_lead_time(draft, actor="zoe")
    assert told(shop) == 5
    other = LeadTimeDraft(5, family="bowls")
    assert {(c.sku, c.after) for c in preview_lead_time(other, rule_id=rule.pk).changes} == {
        ("MUG", 2), ("BOWL", 5)}  # fmt: skip
    with pytest.raises(BadLeadTime) as twice:
        keep_lead_time(draft, actor="zoe")
    assert twice.value.code == "exists"


@pytest.mark.parametrize(
    ("draft", "code"),
    [
        (CalendarDraft(()), "weekdays"),
        (CalendarDraft((7,)), "weekdays"),
        (CalendarDraft((0,), country="QQ"), "country"),
        (CalendarDraft((0,), country="FR", region="Wherever"), "region"),
        (CalendarDraft((0,), region="57"), "region"),
    ],
)
def test_a_calendar_that_cannot_be_is_refused(db: None, draft: CalendarDraft, code: str) -> None:
    with pytest.raises(BadCalendar) as bad:
        keep_calendar(draft, actor="zoe")
    assert bad.value.code == code
    assert read_calendars() == {}


def test_a_closure_that_cannot_be_is_refused(db: None) -> None:
    calendar = keep_calendar(WORKWEEK, actor="zoe")
    today = NOW.date()
    for name, first, last, code in (
        ("", today, today, "name"),
        ("x", today, today - timedelta(days=1), "dates"),
        ("x", today, today + timedelta(days=400), "too_long"),
    ):
        with pytest.raises(BadCalendar) as bad:
            keep_closure(calendar, name, first, last, actor="zoe")
        assert bad.value.code == code
    for year in (0, 1):
        first = today + timedelta(days=366 * year)
        keep_closure(calendar, "long", first, first + timedelta(days=365), actor="zoe")
    with pytest.raises(BadCalendar) as never:
        keep_closure(
            calendar, "for good", today + timedelta(days=732), today + timedelta(days=1_000), actor="zoe"
        )
    assert never.value.code == "never_open"


@pytest.mark.slow
def test_what_is_explained_is_what_is_told_whatever_the_calendars(shop: Channel) -> None:
    north = Warehouse.objects.create(code="NORTH", name="North")
    lock_stock([product().pk], north.pk)
    move_stock([Move(product().pk, north.pk, 4, "receipt", NOW)])
    weekdays = st.sets(st.integers(0, 6), min_size=1).map(lambda days: tuple(sorted(days)))
    drafts = st.builds(CalendarDraft, weekdays, st.none() | st.times(), st.sampled_from(["", "FR"]))

    @settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(
        house=st.none() | drafts, own=st.none() | drafts, days=st.integers(0, 20), hours=st.integers(0, 9_000),
        count=st.sampled_from(["calendar", "weekdays"]), length=st.integers(0, 30),
    )  # fmt: skip
    def same(
        house: CalendarDraft | None, own: CalendarDraft | None, days: int, hours: int, count: str, length: int
    ) -> None:
        now = NOW + timedelta(hours=hours)
        with transaction.atomic(), clock.clock_at(lambda: now):
            Channel.objects.update(lead_time_count=count)
            for place, draft in ((None, house), (north, own)):
                if draft is not None:
                    calendar = keep_calendar(draft, warehouse=place, actor="zoe")
                    first = now.date() + timedelta(days=3)
                    keep_closure(calendar, "shut", first, first + timedelta(days=length), actor="zoe")
            keep_lead_time(LeadTimeDraft(days), actor="zoe")
            reason = explain_lead_time(Offer.objects.select_related("channel", "product").get(sku="MUG"))
            assert reason.agrees
            assert told(shop) == reason.told
            transaction.set_rollback(True)

    same()
