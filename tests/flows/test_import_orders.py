from __future__ import annotations

from datetime import timedelta

from comptoir.channels.models import Channel
from comptoir.channels.services import read_cursor
from comptoir.flows.models import Turn
from comptoir.flows.policy import run_flow
from comptoir.journal.models import Exchange, Issue, Run
from comptoir.offers.listing import list_products
from comptoir.offers.models import Offer
from comptoir.orders.models import Order
from comptoir.sdk.errors import ConfigurationError, RateLimited, TransientError, UnexpectedAnswer
from tests.domain.conftest import make_product
from tests.domain.records import Sold, order
from tests.flows.conftest import MovingClock
from tests.flows.fakes import Market

Shop = tuple[Channel, Market]


def run(shop: Shop, name: str = "import_orders") -> Run:
    done = run_flow(name, shop[0].key)
    assert done is not None
    return done


def test_250_orders_changed_within_one_second_are_all_there_though_the_connection_is_cut_after_each_page(
    shop: Shop,
) -> None:
    make_product("MOUSE", on_hand=1000)
    _, market = shop
    market.page_size, market.cut_after_page = 40, True
    market.orders = {f"O-{n:03}": order(f"O-{n:03}", "MOUSE") for n in range(250)}
    outcomes = [run(shop).outcome for _ in range(7)]
    assert outcomes == ["failed"] * 6 + ["succeeded"]
    assert Order.objects.count() == 250


def test_the_cursor_moves_with_the_orders_it_covers_and_not_without_them(shop: Shop) -> None:
    channel, market = shop
    make_product("MOUSE", on_hand=10)
    market.page_size = 2
    market.orders = {i: order(i, "MOUSE") for i in "ABCD"}
    market.fail_next = []
    market.cut_after_page = True
    run(shop)
    assert (read_cursor(channel, "orders"), Order.objects.count()) == ("2", 2)


def test_a_sale_on_one_channel_lowers_what_the_others_should_show(shop: Shop, other_shop: Shop) -> None:
    mouse = make_product("MOUSE", on_hand=5)
    for channel, _ in (shop, other_shop):
        list_products(channel, [mouse.pk])
    shop[1].orders = {"A": order("A", Sold("MOUSE", 2))}
    run(shop)
    assert set(Offer.objects.values_list("desired_quantity", flat=True)) == {3}


def test_a_refused_key_suspends_the_channel_and_a_probe_brings_it_back(shop: Shop, time: MovingClock) -> None:
    channel, market = shop
    market.fail_next = [ConfigurationError("401 unauthorized")]
    assert run(shop).outcome == "failed"
    channel.refresh_from_db()
    assert (channel.state, channel.state_reason) == ("suspended", "401 unauthorized")
    assert run_flow("import_orders", channel.key) is None

    time.advance(minutes=6)
    market.fail_next = [ConfigurationError("401 still")]
    run_flow("probe_channels")
    channel.refresh_from_db()
    assert (channel.state, channel.probes) == ("suspended", 1)

    time.advance(minutes=11)
    run_flow("probe_channels")
    channel.refresh_from_db()
    assert channel.state == "active"
    assert Issue.objects.get(reason="configuration").state == "closed"


def test_a_rate_limit_waits_as_long_as_it_is_told_and_is_no_failure(shop: Shop, time: MovingClock) -> None:
    shop[1].fail_next = [RateLimited("429", retry_after=timedelta(seconds=90))]
    assert run(shop).outcome == "waiting"
    turn = Turn.objects.get(flow="import_orders", channel="shop")
    assert (turn.failures, turn.due_at) == (0, time.now + timedelta(seconds=90))


def test_failures_in_a_row_wait_longer_each_time_and_become_one_issue(shop: Shop, time: MovingClock) -> None:
    waits = []
    for _ in range(6):
        shop[1].fail_next = [TransientError("503")]
        run(shop)
        waits.append(
            (Turn.objects.get(flow="import_orders", channel="shop").due_at - time.now).total_seconds()
        )
    assert waits == [20, 40, 80, 160, 320, 640]
    assert Issue.objects.filter(reason="retries_exhausted").count() == 1
    run(shop)
    assert Issue.objects.get(reason="retries_exhausted").state == "closed"


def test_an_answer_that_makes_no_sense_is_an_issue_not_a_crash(shop: Shop) -> None:
    shop[1].fail_next = [UnexpectedAnswer("half a page")]
    assert run(shop).outcome == "failed"
    assert Issue.objects.get().reason == "unexpected_answer"


def test_one_channel_failing_disturbs_no_other(shop: Shop, other_shop: Shop) -> None:
    make_product("MOUSE", on_hand=5)
    shop[1].fail_next = [ConfigurationError("401")]
    other_shop[1].orders = {"B": order("B", "MOUSE")}
    assert run(shop).outcome == "failed"
    assert run(other_shop).outcome == "succeeded"
    assert Order.objects.get().channel == other_shop[0]


def test_a_daily_re_read_finds_and_names_what_the_polls_missed(shop: Shop, time: MovingClock) -> None:
    make_product("MOUSE", on_hand=5)
    time.advance(hours=3)
    run(shop)
    shop[1].orders = {"LOST": order("LOST", "MOUSE")}
    run(shop, "reconcile_orders")
    issue = Issue.objects.get(reason="missing")
    assert issue.subject == "LOST"
    assert Order.objects.get().external_id == "LOST"
    day = shop[0].completeness_set.get()
    assert (day.seen, day.stored, day.missing) == (1, 1, ["LOST"])


def test_no_trace_is_kept_unredacted(shop: Shop) -> None:
    run(shop)
    assert not Exchange.objects.filter(request_headers__icontains="secret-key").exists()
