"""Preparation times on their way to a channel: told as differences, once, and again when a day changes them."""

from __future__ import annotations

from datetime import date

import pytest

from comptoir.channels.models import Channel
from comptoir.flows.models import Turn
from comptoir.flows.policy import run_flow
from comptoir.flows.publish_offers import has_work
from comptoir.flows.registry import flows
from comptoir.inventory.calendars import CalendarDraft, keep_calendar, keep_closure
from comptoir.inventory.lead_time_rules import LeadTimeDraft
from comptoir.journal.models import Issue, Run
from comptoir.offers.kill_switch import stop_writes
from comptoir.offers.lead_time_rules import keep_lead_time
from comptoir.offers.listing import list_products
from comptoir.offers.models import LeadTime, Offer
from comptoir.offers.submissions import retry_offers
from comptoir.sdk.errors import OutcomeUnknown
from tests.domain.conftest import make_product
from tests.flows.conftest import MovingClock
from tests.flows.fakes import Market

Shop = tuple[Channel, Market]
NINE_TO_FIVE = CalendarDraft((0, 1, 2, 3, 4))


@pytest.fixture
def offer(shop: Shop) -> Offer:
    mouse = make_product("MOUSE", on_hand=5)
    mouse.purchase_prices.create(price=25, valid_from=mouse.created_at)
    list_products(shop[0], [mouse.pk])
    publish()
    return Offer.objects.get()


def publish() -> None:
    run_flow("publish_offers", "shop")
    run_flow("check_submissions", "shop")


def told() -> tuple[int | None, int | None, int | None, str]:
    found = LeadTime.objects.get()
    return found.desired, found.sent, found.confirmed, found.error


def test_a_rule_is_told_once_and_again_when_a_closure_comes(
    shop: Shop, offer: Offer, time: MovingClock
) -> None:
    assert not has_work(shop[0])
    calendar = keep_calendar(NINE_TO_FIVE, actor="zoe")
    keep_lead_time(LeadTimeDraft(2), actor="zoe")
    assert has_work(shop[0])
    publish()
    assert (shop[1].lead_times, told()) == ({"MOUSE": 2}, (2, 2, 2, ""))
    assert not has_work(shop[0])
    calls = len(shop[1].calls)
    publish()
    assert not [call for call in shop[1].calls[calls:] if call.startswith("submit")]
    keep_closure(calendar, "Inventory", date(2026, 11, 24), date(2026, 11, 26), actor="zoe")
    due = Turn.objects.get(flow="publish_offers", channel="shop").due_at
    run = run_flow("apply_lead_times")
    assert run is not None
    assert run.counts == {"changed": 1}
    assert Turn.objects.get(flow="publish_offers", channel="shop").due_at < due
    publish()
    # Friday is the first day after Monday that is worked, Monday the second.
    assert (shop[1].lead_times, told()) == ({"MOUSE": 7}, (7, 7, 7, ""))
    assert run_flow("apply_lead_times") is None
    time.advance(days=7)
    run_flow("apply_lead_times")
    publish()
    assert shop[1].lead_times == {"MOUSE": 2}


def test_a_new_offer_is_created_with_the_lead_time_of_its_rule(shop: Shop) -> None:
    keep_lead_time(LeadTimeDraft(4), actor="zoe")
    mouse = make_product("MOUSE", on_hand=5)
    mouse.purchase_prices.create(price=25, valid_from=mouse.created_at)
    list_products(shop[0], [mouse.pk])
    publish()
    assert shop[1].created == {"MOUSE": 4}


def test_an_offer_that_cannot_be_created_yet_gives_nothing_to_do(shop: Shop) -> None:
    keep_lead_time(LeadTimeDraft(4), actor="zoe")
    list_products(shop[0], [make_product("MOUSE", on_hand=5).pk])  # without a floor it is not created
    publish()
    assert told() == (4, None, None, "")
    assert not has_work(shop[0])


def test_a_quantity_takes_the_lead_time_along(shop: Shop, offer: Offer) -> None:
    keep_lead_time(LeadTimeDraft(3), actor="zoe")
    Offer.objects.update(sent_quantity=None)
    publish()
    assert shop[1].carried == {"MOUSE": 3}


def test_what_is_refused_waits_for_a_person_and_goes_again_when_it_changes(shop: Shop, offer: Offer) -> None:
    shop[1].rejects["MOUSE"] = "no such delay"
    keep_lead_time(LeadTimeDraft(3), actor="zoe")
    publish()
    assert (told(), has_work(shop[0])) == ((3, 3, None, "no such delay"), False)
    assert Issue.objects.get(state="open").message == "no such delay"
    shop[1].rejects.clear()
    retry_offers(shop[0], ["MOUSE"])
    publish()
    assert told() == (3, 3, 3, "")
    assert Issue.objects.filter(state="open").count() == 0


def test_a_write_that_got_no_answer_is_sent_again(shop: Shop, offer: Offer) -> None:
    keep_lead_time(LeadTimeDraft(3), actor="zoe")
    shop[1].fail_after["submit_lead_times"] = (0, OutcomeUnknown("no answer"))
    publish()
    assert told() == (3, None, None, "")
    publish()
    assert (shop[1].lead_times, told()) == ({"MOUSE": 3}, (3, 3, 3, ""))


def test_what_takes_longer_than_the_channel_can_be_told_is_told_its_most_and_named(
    shop: Shop, offer: Offer
) -> None:
    keep_lead_time(LeadTimeDraft(45), actor="zoe")
    run = run_flow("publish_offers", "shop")
    assert run is not None
    assert run.outcome == Run.Outcome.PARTIAL
    assert shop[1].lead_times == {"MOUSE": 30}
    assert "MOUSE need more than 30 days" in Issue.objects.get(state="open").message
    keep_lead_time(LeadTimeDraft(2, product=offer.product), actor="zoe")
    run_flow("check_submissions", "shop")
    publish()
    assert shop[1].lead_times == {"MOUSE": 2}
    assert Issue.objects.filter(state="open").count() == 0


def test_nothing_is_told_while_the_writes_of_the_channel_are_stopped(shop: Shop, offer: Offer) -> None:
    stop_writes(shop[0], prices=False, stock=True, actor="zoe")
    keep_lead_time(LeadTimeDraft(3), actor="zoe")
    assert not has_work(shop[0])
    publish()
    assert shop[1].lead_times == {}
    stop_writes(shop[0], prices=False, stock=False, actor="zoe")
    publish()
    assert shop[1].lead_times == {"MOUSE": 3}


def test_the_flow_is_found_and_runs_for_the_house() -> None:
    assert flows()["apply_lead_times"].role is None
