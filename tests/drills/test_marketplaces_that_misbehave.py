"""A channel that is away for a day, lies, repeats itself, or talks nonsense; keys that end; poison."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import timedelta
from decimal import Decimal

import msgspec
import pytest

from comptoir.channels.models import Channel
from comptoir.core import clock
from comptoir.core.bulk import execute, fetch
from comptoir.flows import connect
from comptoir.flows.invariants import find_breaches
from comptoir.flows.jobs import enqueue_due, enqueue_flow
from comptoir.flows.models import Turn
from comptoir.flows.policy import run_flow
from comptoir.flows.schedule import LONGEST_BACKOFF, due_turns, plan_turns
from comptoir.inventory.models import Stock
from comptoir.journal.models import Issue, Run
from comptoir.orders.models import Order, OrderLine
from comptoir.sdk import records as r
from comptoir.sdk.connector import ConnectorType, Role
from comptoir.sdk.errors import ConfigurationError, OutcomeUnknown, TransientError, UnexpectedAnswer
from comptoir.sdk.statuses import OrderStatus
from tests.domain.conftest import make_product
from tests.domain.records import Sold, order
from tests.flows.conftest import MovingClock
from tests.flows.fakes import MARKETS, FakeConnection, FakeSettings, Market, became

pytestmark = pytest.mark.django_db

A_DAY_OF_ORDERS = 2_000


@pytest.fixture(autouse=True)
def nothing_broken() -> Iterator[None]:
    """Whatever was done to it."""
    yield
    assert find_breaches() == []


def schedule_runs(time: MovingClock, *, minutes: int) -> None:
    """What the tick does, minute after minute, one flow after the other."""
    plan_turns()
    for _ in range(minutes):
        time.advance(minutes=1)
        for due in due_turns(clock.now()):
            run_flow(due.flow, due.channel)


def test_a_channel_down_for_a_day_comes_back_with_all_its_orders(
    shop: tuple[Channel, Market], other_shop: tuple[Channel, Market], time: MovingClock
) -> None:
    channel, market = shop
    make_product("SKU", on_hand=A_DAY_OF_ORDERS)
    market.page_size = 100
    market.fail_next = [TransientError("503") for _ in range(10_000)]
    for hour in range(24):
        schedule_runs(time, minutes=3)
        time.advance(minutes=57)
        other_shop[1].orders[f"O{hour}"] = order(f"O{hour}", "SKU")
    assert Order.objects.filter(channel=channel).count() == 0
    assert Order.objects.filter(channel=other_shop[0]).count() > 20  # the neighbour noticed nothing
    assert Issue.objects.filter(reason="retries_exhausted", channel="shop", state="open").exists()

    market.fail_next.clear()
    market.orders = {f"A{n:05}": order(f"A{n:05}", "SKU") for n in range(A_DAY_OF_ORDERS)}
    time.advance(minutes=20)
    schedule_runs(time, minutes=int(LONGEST_BACKOFF / timedelta(minutes=1)))
    assert Order.objects.filter(channel=channel).count() == A_DAY_OF_ORDERS
    assert Stock.objects.get().reserved == OrderLine.objects.count()
    assert not Issue.objects.filter(reason="retries_exhausted", channel="shop", flow="import_orders",
                                    state="open").exists()  # fmt: skip


def test_it_is_cut_after_each_page_and_still_loses_and_doubles_nothing(
    shop: tuple[Channel, Market], time: MovingClock
) -> None:
    channel, market = shop
    make_product("SKU", on_hand=1000)
    market.page_size, market.cut_after_page = 10, True
    market.orders = {f"A{n:03}": order(f"A{n:03}", "SKU") for n in range(100)}
    for _ in range(12):
        run_flow("import_orders", "shop")
    assert Order.objects.filter(channel=channel).count() == 100
    assert Stock.objects.get().reserved == 100


@pytest.mark.parametrize("words", ["401: the key has expired", "403: the key was revoked"])
def test_an_expired_or_revoked_key_suspends_that_channel_alone_and_a_new_one_resumes_it(
    words: str, shop: tuple[Channel, Market], other_shop: tuple[Channel, Market], time: MovingClock
) -> None:
    channel, market = shop
    market.fail_next = [ConfigurationError(words) for _ in range(500)]
    market.orders["A"] = order("A", "SKU")
    other_shop[1].orders["B"] = order("B", "SKU")
    schedule_runs(time, minutes=10)
    channel.refresh_from_db()
    assert channel.state == Channel.State.SUSPENDED
    assert words in channel.state_reason
    assert Order.objects.get().channel == other_shop[0]
    calls = len(market.calls)
    assert calls < 10, "a suspended channel is probed, not hammered"
    assert Issue.objects.get(channel="shop", state="open").action == "check_settings"

    market.fail_next.clear()  # the merchant has typed the new key
    time.advance(hours=6)
    schedule_runs(time, minutes=10)
    channel.refresh_from_db()
    assert channel.state == Channel.State.ACTIVE
    assert Order.objects.filter(channel=channel).count() == 1
    assert not Issue.objects.filter(channel="shop", state="open", action="check_settings").exists()


def test_a_poison_order_is_set_aside_and_the_others_of_its_page_go_on(
    shop: tuple[Channel, Market], time: MovingClock
) -> None:
    make_product("SKU", on_hand=9)
    good = [order(f"G{n}", "SKU") for n in range(5)]
    poison = [
        msgspec.structs.replace(order("P1", "SKU"), currency="??"),
        msgspec.structs.replace(order("P2", "SKU"), total_amount=Decimal("NaN")),
        order("P3", Sold("SKU", 2**40)),
        order("P4\x00", "SKU"),
        msgspec.structs.replace(order("P5", "SKU"), lines=order("P5", "SKU", "SKU").lines * 2),
    ]
    shop[1].orders = {o.external_id: o for o in [*good, *poison]}
    for _ in range(3):
        run = run_flow("import_orders", "shop")
        assert run is not None
        assert run.outcome != Run.Outcome.FAILED, run.error
    stored = set(Order.objects.values_list("external_id", flat=True))
    assert {o.external_id for o in good} <= stored
    for bad in poison:
        name = bad.external_id.replace("\x00", "")
        told = Issue.objects.filter(subject__startswith=name, state="open")
        assert name in {s[:2] for s in stored} or told.exists(), f"{name} is neither here nor in an Issue"


def test_duplicate_late_and_reordered_news_end_in_the_same_state_as_in_order(
    shop: tuple[Channel, Market], other_shop: tuple[Channel, Market], time: MovingClock
) -> None:
    make_product("SKU", on_hand=500)
    news = []
    for number in range(40):
        first = order(f"N{number}", Sold("SKU", 2), status=OrderStatus.TO_ACCEPT)
        states = [OrderStatus.TO_SHIP, OrderStatus.CANCELLED if number % 3 else OrderStatus.SHIPPED]
        news.append([first, *(became(first, s, at=first.updated_at + timedelta(minutes=n + 1))
                              for n, s in enumerate(states))])  # fmt: skip
    chance = random.Random(11)
    for one in news:
        for told in one:  # in order, each once
            other_shop[1].orders = {told.external_id: told}
            run_flow("import_orders", "other")
    told_badly = [item for one in news for item in one * 2]
    chance.shuffle(told_badly)
    for batch in range(0, len(told_badly), 7):
        shop[1].orders = {str(n): item for n, item in enumerate(told_badly[batch : batch + 7])}
        run_flow("import_orders", "shop")
    final = [one[-1].status for one in sorted(news, key=lambda one: one[0].external_id)]
    for key in ("shop", "other"):
        found = Order.objects.filter(channel__key=key).order_by("external_id")
        assert [o.status for o in found] == final, key


GARBAGE = [UnexpectedAnswer("<html>503</html>"), UnexpectedAnswer("{"), OutcomeUnknown("no answer"),
           TransientError("reset")]  # fmt: skip


def test_a_marketplace_that_answers_garbage_stops_nobody_and_is_named(
    shop: tuple[Channel, Market], other_shop: tuple[Channel, Market], time: MovingClock
) -> None:
    shop[1].fail_next = list(GARBAGE) * 3
    shop[1].orders["A"] = other_shop[1].orders["B"] = order("A", "SKU")
    schedule_runs(time, minutes=3)
    assert Order.objects.filter(channel=other_shop[0]).exists()
    assert Issue.objects.filter(channel="shop", reason="unexpected_answer").exists()
    shop[1].fail_next.clear()
    time.advance(minutes=30)
    schedule_runs(time, minutes=20)
    assert Order.objects.filter(channel=shop[0]).exists()
    assert not Issue.objects.filter(channel="shop", state="open", subject="import_orders").exists()


class Broken(FakeConnection):
    """A connector with a fault of its own, of every kind that Python knows."""

    def order_pages(self, cursor: str) -> Iterator[r.OrderPage]:
        raise self.market.fail_next.pop(0)


@pytest.mark.parametrize(
    "error", [RecursionError("deep"), ZeroDivisionError(), MemoryError(), KeyError("x"), OSError(5)]
)
def test_a_poison_job_of_any_kind_fails_alone_is_told_and_tried_later(
    error: BaseException, monkeypatch: pytest.MonkeyPatch, shop: tuple[Channel, Market], time: MovingClock
) -> None:
    kind = ConnectorType(
        key="fake", label="Fake", role=Role.MARKETPLACE, settings=FakeSettings, connection=Broken
    )
    monkeypatch.setattr(connect, "connector_types", lambda: {"fake": kind})
    MARKETS["shop"].fail_next = [error]  # type: ignore[list-item]
    with pytest.raises(type(error)):
        run_flow("import_orders", "shop")
    assert Run.objects.get().outcome == Run.Outcome.FAILED
    assert Issue.objects.get().state == "open"
    turn = Turn.objects.get(flow="import_orders")
    assert turn.failures == 1
    assert turn.due_at > clock.now()
    run = run_flow("probe_channels", trigger="hand")  # nothing is held by what failed
    assert run is not None


def test_the_clock_jumps_forwards_then_backwards_and_nothing_stops_for_ever(
    shop: tuple[Channel, Market], time: MovingClock
) -> None:
    make_product("SKU", on_hand=50)
    shop[1].orders["A"] = order("A", "SKU")
    schedule_runs(time, minutes=2)
    started = time.now
    time.advance(days=30)  # forwards: somebody set the date wrong
    shop[1].orders["B"] = order("B", "SKU")
    schedule_runs(time, minutes=2)
    time.now = started  # and right again: every turn is due in a month
    shop[1].orders["C"] = order("C", "SKU", after=9)
    schedule_runs(time, minutes=70)
    assert set(Order.objects.values_list("external_id", flat=True)) == {"A", "B", "C"}


def test_a_jump_of_the_clock_does_not_close_a_throttle_for_ever(time: MovingClock) -> None:
    from comptoir.core.throttle import PostgresThrottle
    from comptoir.sdk.http import Limit

    throttle, limit = PostgresThrottle(clock.now), Limit(rate=1, burst=2)
    throttle.take("k", limit)
    time.advance(days=30)
    throttle.take("k", limit)
    throttle.drain("k", limit, 5)
    time.advance(days=-30)
    time.advance(hours=2)
    waits: Sequence[float] = [throttle.take("k", limit) for _ in range(2)]
    assert min(waits) < 60, waits


@pytest.mark.django_db(transaction=True)
def test_a_job_nobody_can_read_does_not_stop_the_queue(
    time: MovingClock, shop: tuple[Channel, Market]
) -> None:
    execute("TRUNCATE procrastinate_jobs, procrastinate_workers RESTART IDENTITY CASCADE")
    job = enqueue_flow("import_orders", "shop")
    nonsense = '{"flow": "no_such_flow", "channel": "shop", "nonsense": [1, 2]}'
    execute(
        "UPDATE procrastinate_jobs SET status = 'doing', worker_id = NULL, args = %s WHERE id = %s",
        [nonsense, job],
    )
    run = run_flow("recover_stalled_jobs")
    assert run is not None
    assert run.outcome != Run.Outcome.FAILED, run.error
    assert enqueue_due() > 0
    assert fetch("SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'")[0][0] > 1
    execute("TRUNCATE procrastinate_jobs, procrastinate_workers RESTART IDENTITY CASCADE")
