"""One channel reads the orders of every marketplace of its account; each order goes to its own channel."""

from __future__ import annotations

from datetime import timedelta

import pytest

from comptoir.channels.cache import AccountCache
from comptoir.channels.models import Channel
from comptoir.channels.services import read_cursor
from comptoir.flows.policy import run_flow
from comptoir.journal.models import Issue
from comptoir.orders.models import Completeness, Order
from comptoir.sdk.statuses import OrderStatus
from tests.domain.conftest import NOW, make_product
from tests.domain.records import order
from tests.flows.conftest import connect_channel
from tests.flows.fakes import Market, became


@pytest.fixture
def french(db: None) -> tuple[Channel, Market]:
    make_product("MOUSE", on_hand=10)
    return connect_channel("shop-fr", account="me", marketplace="FR")


def german() -> Channel:
    return connect_channel("shop-de", account="me", marketplace="DE")[0]


def homes() -> dict[str, str]:
    return dict(Order.objects.values_list("external_id", "channel__key"))


def test_each_order_goes_to_the_channel_of_its_marketplace_and_the_cursor_stays(
    french: tuple[Channel, Market],
) -> None:
    channel, market = french
    sibling = german()
    market.page_size = 2
    market.cut_after_page = True
    market.orders = {
        name: order(name, "MOUSE", marketplace=place)
        for name, place in {"A": "FR", "B": "DE", "C": "IT", "D": ""}.items()
    }
    run_flow("import_orders", channel.key)
    assert homes() == {"A": "shop-fr", "B": "shop-de"}
    assert (read_cursor(channel, "orders"), read_cursor(sibling, "orders")) == ("2", "")
    run_flow("import_orders", channel.key)
    assert homes() == {"A": "shop-fr", "B": "shop-de", "C": "shop-fr", "D": "shop-fr"}


def test_an_order_stays_where_it_is_when_a_channel_is_added_for_its_marketplace(
    french: tuple[Channel, Market],
) -> None:
    channel, market = french
    market.orders = {"B": order("B", "MOUSE", marketplace="DE")}
    run_flow("import_orders", channel.key)
    german()
    market.orders["B"] = became(market.orders["B"], OrderStatus.SHIPPED, at=NOW + timedelta(hours=1))
    market.orders["E"] = order("E", "MOUSE", marketplace="DE")
    run_flow("import_orders", channel.key)
    assert homes() == {"B": "shop-fr", "E": "shop-de"}
    assert Order.objects.get(external_id="B").status == OrderStatus.SHIPPED


def test_another_account_of_the_same_kind_gets_nothing(french: tuple[Channel, Market]) -> None:
    channel, market = french
    connect_channel("their-de", account="somebody-else", marketplace="DE")
    market.orders = {"B": order("B", "MOUSE", marketplace="DE")}
    run_flow("import_orders", channel.key)
    assert homes() == {"B": "shop-fr"}


def test_the_reconciliation_counts_each_channel_on_its_own_and_misses_nothing(
    french: tuple[Channel, Market],
) -> None:
    channel, market = french
    german()
    market.orders = {n: order(n, "MOUSE", marketplace=p) for n, p in {"A": "FR", "B": "DE"}.items()}
    run_flow("import_orders", channel.key)
    run_flow("reconcile_orders", channel.key)
    assert not Issue.objects.filter(reason="missing").exists()
    counted = Completeness.objects.values_list("channel__key", "seen", "stored")
    assert set(counted) == {("shop-fr", 1, 1), ("shop-de", 1, 1)}
    market.orders["F"] = order("F", "MOUSE", marketplace="DE", updated_at=NOW - timedelta(hours=2))
    run_flow("reconcile_orders", channel.key)
    missed = Issue.objects.filter(reason="missing", flow="reconcile_orders").values_list("channel", "subject")
    assert list(missed) == [("shop-de", "F")]


def test_channels_of_one_account_share_what_the_account_keeps(french: tuple[Channel, Market]) -> None:
    channel, _ = french
    sibling = german()
    stranger = connect_channel("their-de", account="somebody-else", marketplace="DE")[0]
    AccountCache(sibling).set("token", b"abc", seconds=60)
    assert AccountCache(channel).get("token") == b"abc"
    assert AccountCache(stranger).get("token") is None
