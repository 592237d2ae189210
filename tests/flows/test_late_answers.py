"""An order that waits for our answer must not end by itself unseen."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from comptoir.channels.models import Channel
from comptoir.flows.policy import run_flow
from comptoir.journal.models import Issue, Run
from comptoir.orders.decisions import decide_order
from comptoir.orders.models import Order
from comptoir.sdk.records import Outcome
from comptoir.sdk.statuses import OrderStatus
from tests.domain.conftest import make_product
from tests.domain.records import order
from tests.flows.conftest import MovingClock
from tests.flows.fakes import Market, became
from tests.flows.test_stock_counts import sell

Shop = tuple[Channel, Market]
FLOW = "warn_of_late_answers"


def warn() -> Run | None:
    return run_flow(FLOW, "shop")


def waiting(shop: Shop, time: MovingClock, **fields: Any) -> Any:
    make_product("MOUSE", on_hand=0)
    told = order(
        "A", "MOUSE", status=OrderStatus.TO_ACCEPT, placed_at=time.now, updated_at=time.now, **fields
    )
    sell(shop, told)
    run_flow("accept_orders", "shop")
    return told


def alarm() -> Issue:
    return Issue.objects.get(flow=FLOW)


def test_it_alarms_after_four_hours_with_the_countdown_and_closes_when_it_is_answered(
    shop: Shop, time: MovingClock
) -> None:
    told = waiting(shop, time, accept_by=time.now + timedelta(hours=24))
    time.advance(hours=3, minutes=59)
    warn()
    assert not Issue.objects.filter(flow=FLOW).exists()
    time.advance(minutes=16)
    warn()
    issue = alarm()
    assert (issue.reason, issue.subject, issue.action) == ("to_decide", "A", "decide_order")
    assert "since 4 h 15. 19 h 45 left" in issue.message
    assert "24/11 at 09:00 UTC" in issue.message
    time.advance(hours=2)
    warn()
    assert "17 h 45 left" in alarm().message
    sell(shop, became(told, OrderStatus.TO_SHIP, at=time.now))
    warn()
    assert alarm().state == "closed"
    assert warn() is None


def test_the_channels_own_hours_stand_before_ours(shop: Shop, time: MovingClock) -> None:
    features = {"acceptance_alarm_hours": "1", "acceptance_deadline_hours": "12"}
    Channel.objects.update(profile={"features": features})
    waiting(shop, time)
    time.advance(hours=1)
    warn()
    assert "11 h 00 left" in alarm().message


def test_past_its_time_it_says_so(shop: Shop, time: MovingClock) -> None:
    waiting(shop, time, accept_by=time.now + timedelta(hours=5))
    time.advance(hours=6)
    warn()
    assert "Its time was up on 23/11 at 14:00 UTC" in alarm().message


@pytest.mark.parametrize(("minutes", "alarms"), [(10, False), (40, True)])
def test_an_answer_on_its_way_is_waited_for_and_one_that_never_arrives_alarms(
    shop: Shop, time: MovingClock, minutes: int, alarms: bool
) -> None:
    waiting(shop, time)
    time.advance(hours=5)
    shop[1].verdict = Outcome.RETRY
    decide_order(Order.objects.get().pk, accept=True, actor="zoe")
    run_flow("accept_orders", "shop")
    time.advance(minutes=minutes)
    warn()
    assert Issue.objects.filter(flow=FLOW, state="open").exists() is alarms
    if alarms:
        assert "decided here" in alarm().message


def test_what_the_connector_finds_odd_is_an_issue_until_newer_news_settles_it(
    shop: Shop, time: MovingClock
) -> None:
    make_product("MOUSE", on_hand=9)
    sell(shop, order("A", "MOUSE", warnings=("Unknown supply mode Drone: taken as ours to ship.",)))
    issue = Issue.objects.get()
    assert (issue.reason, issue.subject, issue.action) == ("divergence", "A", "check_order")
    assert "Drone" in issue.message
    assert Order.objects.get().held == ""
    sell(shop, order("A", "MOUSE", after=5))
    assert Issue.objects.get().state == "closed"
