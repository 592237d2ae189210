"""What waits is done batch after batch, for a share of the turn."""

from __future__ import annotations

import pytest

from comptoir.catalog.models import Product
from comptoir.channels.models import Channel
from comptoir.flows import batches
from comptoir.flows.batches import in_batches
from comptoir.flows.execution import Execution
from comptoir.flows.policy import run_flow
from comptoir.journal.models import Run
from comptoir.orders.models import Order
from comptoir.sdk.statuses import OrderStatus
from tests.domain.conftest import make_product
from tests.domain.records import Sold, order
from tests.flows.conftest import MovingClock
from tests.flows.fakes import Market
from tests.flows.test_stock_counts import sell

pytestmark = pytest.mark.django_db


def taken(time: MovingClock, *, each_s: float) -> list[list[str]]:
    execution = Execution(Run(), Channel(), None)
    found = []
    for batch in in_batches(execution, Product.objects.all(), size=2):
        found.append([product.sku for product in batch])
        time.advance(seconds=each_s)
    return found


@pytest.fixture
def five(db: None) -> None:
    for sku in "ABCDE":
        make_product(sku)


@pytest.mark.usefixtures("five")
def test_all_of_it_once_while_there_is_time(time: MovingClock) -> None:
    assert taken(time, each_s=10) == [["A", "B"], ["C", "D"], ["E"]]


@pytest.mark.usefixtures("five")
def test_no_batch_begins_after_the_share_of_the_turn(time: MovingClock) -> None:
    assert taken(time, each_s=20) == [["A", "B"], ["C", "D"]]
    assert taken(time, each_s=3600) == [["A", "B"]]


@pytest.mark.usefixtures("five")
def test_a_fast_channel_makes_a_turn_no_longer(time: MovingClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "MOST", 3)
    assert taken(time, each_s=0) == [["A", "B"], ["C", "D"]]


def test_orders_that_come_by_the_hundred_are_answered_in_one_turn(shop: tuple[Channel, Market]) -> None:
    make_product("MOUSE", on_hand=250)
    sell(shop, *(order(f"O{n:03}", Sold("MOUSE", 1), status=OrderStatus.TO_ACCEPT) for n in range(250)))
    run_flow("accept_orders", "shop")
    assert len(shop[1].decisions) == Order.objects.filter(decision="sent").count() == 250
