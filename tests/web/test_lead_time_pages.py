"""The screens of preparation times and of calendars."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.test import Client

from comptoir.accounts.models import User
from comptoir.accounts.roles import Role
from comptoir.config.doctor.hub import calendars
from comptoir.config.doctor.verdict import Level
from comptoir.flows.metrics import metrics_page
from comptoir.inventory.calendars import CalendarDraft, keep_calendar, keep_closure, read_calendars
from comptoir.inventory.lead_time_rules import LeadTimeDraft
from comptoir.inventory.models import ClosedPeriod, LeadTimeRule, Warehouse, WorkCalendar
from comptoir.offers.lead_time_rules import keep_lead_time
from comptoir.offers.lead_times import bring_lead_times_in_line
from comptoir.offers.models import LeadTime, Offer
from tests.web.conftest import SignIn
from tests.web.shop import Shop

ADDRESS = "/offers/lead-times/"
WEEK = {f"day_{day}": "on" for day in range(5)}


@pytest.fixture
def manager(shop: Shop, sign_in: SignIn) -> Client:
    return sign_in(Role.MARKETPLACE_MANAGER)


def seen_of(page: str) -> str:
    found = re.search(r'name="seen" value="([^"]+)"', page)
    assert found
    return found[1].replace("&quot;", '"')


def text(client: Client, address: str) -> str:
    return " ".join(client.get(address).content.decode().split())


def test_a_rule_is_kept_once_what_it_changes_was_seen_and_removed_again(shop: Shop, manager: Client) -> None:
    given = {"days": "4", "sku": "MUG-BLUE-4", "family": "", "channel": shop.house.pk}
    page = manager.post(f"{ADDRESS}new/", given).content.decode()
    assert "1 offer would tell otherwise" in page
    assert LeadTimeRule.objects.count() == 0
    seen = seen_of(page)
    manager.post(f"{ADDRESS}new/", {**given, "days": "5", "seen": seen, "keep": "1"})
    assert LeadTimeRule.objects.count() == 0
    answer = manager.post(f"{ADDRESS}new/", {**given, "seen": seen, "keep": "1"})
    assert (answer.status_code, answer.headers["Location"]) == (303, ADDRESS)
    assert LeadTime.objects.get().desired == 4
    assert "MUG-BLUE-4" in text(manager, ADDRESS)
    rule = LeadTimeRule.objects.get()
    wider = {**given, "days": "6"}
    seen = seen_of(manager.post(f"{ADDRESS}{rule.pk}/", wider).content.decode())
    manager.post(f"{ADDRESS}{rule.pk}/", {**wider, "seen": seen, "keep": "1"})
    assert LeadTime.objects.get().desired == 6
    assert "1 offer would tell otherwise" in text(manager, f"{ADDRESS}{rule.pk}/remove/")
    assert manager.post(f"{ADDRESS}{rule.pk}/remove/").status_code == 303
    assert LeadTime.objects.count() == 0
    assert manager.get(f"{ADDRESS}{rule.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"days": "61"}, "less than or equal to 60"),
        ({"sku": "NONE"}, "No product has the SKU NONE"),
        ({"family": "none"}, "No article is of the family none"),
        ({"days": "2"}, "There is a rule of exactly that already"),
    ],
)
def test_a_rule_that_cannot_be_says_why(manager: Client, given: dict[str, str], words: str) -> None:
    keep_lead_time(LeadTimeDraft(1), actor="zoe")
    answer = manager.post(f"{ADDRESS}new/", {"days": "5", **given})
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_a_calendar_shows_what_it_would_make_then_is_kept_closed_and_opened(
    shop: Shop, manager: Client
) -> None:
    address = f"{ADDRESS}calendar/"
    assert manager.post(address, {"in_closure": "lengthen"}).status_code == 422
    given = {**WEEK, "cutoff": "14:00", "country": "FR", "region": "", "in_closure": "lengthen"}
    page = manager.post(address, given).content.decode()
    assert page.count("An order of now leaves on") == 2
    assert WorkCalendar.objects.count() == 0
    assert manager.post(address, {**given, "keep": "1"}).status_code == 303
    assert sorted(read_calendars()[None].weekdays) == [0, 1, 2, 3, 4]
    closed = {"name": "Winter closing", "first": "2026-12-24", "last": "2026-12-31"}
    assert manager.post(f"{address}close", {**closed, "last": "2026-12-01"}).status_code == 422
    assert manager.post(f"{address}close", closed).status_code == 303
    page = text(manager, address)
    assert "Winter closing" in page
    assert "Christmas Day" not in page  # the closure says it already
    manager.post(f"{address}reopen/{ClosedPeriod.objects.get().pk}")
    assert "Christmas Day" in text(manager, address)
    assert "Christmas Day" in text(manager, ADDRESS)
    manager.post(f"{address}remove")
    assert read_calendars() == {}


def test_a_warehouse_has_a_calendar_of_its_own(shop: Shop, manager: Client) -> None:
    warehouse = Warehouse.objects.order_by("pk")[0]
    address = f"{ADDRESS}calendar/{warehouse.pk}/"
    assert manager.post(f"{address}close", {"name": "x", "first": "2026-12-24"}).status_code == 404
    manager.post(address, {"day_5": "on", "in_closure": "pause", "keep": "1"})
    assert WorkCalendar.objects.get().warehouse == warehouse
    assert "a calendar of its own" in text(manager, ADDRESS)


def test_the_reason_of_a_preparation_time_is_told_in_french_too(shop: Shop, manager: Client) -> None:
    offer = Offer.objects.get(channel=shop.house, sku="MUG-BLUE-4")
    assert "No preparation time" in text(manager, f"/offers/{offer.pk}/lead-time")
    today = date(2026, 11, 24)
    calendar = keep_calendar(CalendarDraft((0, 1, 2, 3, 4)), actor="zoe")
    keep_closure(calendar, "Inventory", today, today.replace(day=30), actor="zoe")
    keep_lead_time(LeadTimeDraft(2, product=offer.product), actor="zoe")
    bring_lead_times_in_line()
    page = text(manager, f"/offers/{offer.pk}/lead-time")
    assert "MUG-BLUE-4" in page
    assert ": Inventory" in page
    manager.post("/language/", {"language": "fr"})
    assert "jours ouvrés" in text(manager, f"/offers/{offer.pk}/lead-time")


def test_who_is_narrowed_to_a_channel_writes_rules_for_it_alone_and_no_calendar(
    shop: Shop, sign_in: SignIn
) -> None:
    client = sign_in(Role.MARKETPLACE_MANAGER)
    User.objects.filter(role=Role.MARKETPLACE_MANAGER).update(channels=["maison"])
    rules = [
        keep_lead_time(LeadTimeDraft(days, channel=channel), actor="zoe")
        for days, channel in ((1, None), (2, shop.garden), (3, shop.house))
    ]
    assert [client.get(f"{ADDRESS}{rule.pk}/").status_code for rule in rules] == [404, 404, 200]
    assert "Jardin Vivant" not in text(client, ADDRESS)
    assert client.post(f"{ADDRESS}new/", {"days": "5"}).status_code == 422
    assert client.get(f"{ADDRESS}calendar/").status_code == 404
    offer = Offer.objects.filter(channel=shop.garden)[0]
    assert client.get(f"/offers/{offer.pk}/lead-time").status_code == 404


@pytest.mark.parametrize(("country", "region"), [("ZZ", ""), ("FR", "ZZ")])
def test_holidays_that_the_library_knows_no_more_are_told_and_stop_nothing(
    shop: Shop, manager: Client, country: str, region: str
) -> None:
    """As a later release of it may leave a kept calendar; what is still known goes on."""
    address = f"{ADDRESS}calendar/"
    keep_calendar(CalendarDraft((0, 1, 2, 3, 4), country="FR"), warehouse=None, actor="test")
    assert "No public holidays are known" not in text(manager, address)
    WorkCalendar.objects.update(country=country, region=region)
    assert f"No public holidays are known of {'-'.join(filter(None, [country, region]))} any more" in text(
        manager, address
    )
    christmas = read_calendars()[None].closed(date(2026, 12, 25))
    assert (christmas is not None) is (country == "FR")
    assert (calendars().level, country in calendars().finding) == (Level.WARNING, True)
    assert b"comptoir_orders_late" in metrics_page()
    manager.post(address, {**WEEK, "country": "FR", "region": "", "in_closure": "lengthen", "keep": "1"})
    assert "No public holidays are known" not in text(manager, address)
    assert calendars().level is Level.GOOD
