"""Two workers race for the same order, and two channels for the same last unit."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
from django.db import transaction

from comptoir.channels.models import Channel
from comptoir.flows import connect
from comptoir.flows.invariants import find_breaches
from comptoir.flows.policy import run_flow
from comptoir.inventory.models import Reservation, Stock
from comptoir.journal.models import Run
from comptoir.offers.listing import list_products
from comptoir.offers.models import Offer
from comptoir.orders.intake import record_orders
from comptoir.orders.models import Order, OrderLine
from comptoir.sdk import records as r
from comptoir.sdk.connector import ConnectorType, Role
from tests.domain.conftest import make_product
from tests.domain.records import order
from tests.domain.test_two_workers import at_once
from tests.flows.fakes import MARKETS, FakeConnection, FakeSettings, Market

pytestmark = pytest.mark.django_db(transaction=True)

both: threading.Barrier


class AtTheSameTime(FakeConnection):
    """Its pages come when the other worker has its own in hand too."""

    def order_pages(self, cursor: str) -> Iterator[r.OrderPage]:
        for page in super().order_pages(cursor):
            try:
                both.wait(3)
            except threading.BrokenBarrierError:
                both.reset()  # the other is not there: it was refused
            yield page


@pytest.fixture
def racing(monkeypatch: pytest.MonkeyPatch) -> None:
    global both
    both = threading.Barrier(2)
    kind = ConnectorType(
        key="fake", label="Fake", role=Role.MARKETPLACE, settings=FakeSettings, connection=AtTheSameTime
    )
    monkeypatch.setattr(connect, "connector_types", lambda: {"fake": kind})


def importing(key: str, runs: list[Run | None]) -> Callable[[], None]:
    return lambda: runs.append(run_flow("import_orders", key, trigger="hand"))


def test_of_two_workers_on_the_same_order_one_stores_it_and_the_other_is_sent_away(
    shop: tuple[Channel, Market], racing: None
) -> None:
    make_product("SKU", on_hand=5)
    MARKETS["shop"].orders = {"A": order("A", "SKU")}
    runs: list[Run | None] = []
    at_once(importing("shop", runs), importing("shop", runs))
    assert sorted(run is None for run in runs) == [False, True]
    assert OrderLine.objects.count() == 1
    assert Stock.objects.get().reserved == 1
    assert find_breaches() == []


def test_two_channels_that_sell_the_same_last_unit_both_keep_their_order_and_no_offer_shows_it_any_more(
    shop: tuple[Channel, Market], other_shop: tuple[Channel, Market], racing: None
) -> None:
    product = make_product("LAST", on_hand=1)
    for channel, _ in (shop, other_shop):
        list_products(channel, [product.pk])
    for key in ("shop", "other"):
        MARKETS[key].orders = {f"{key}-1": order(f"{key}-1", "LAST")}
    runs: list[Run | None] = []
    at_once(importing("shop", runs), importing("other", runs))
    assert [run and run.outcome for run in runs] == ["succeeded", "succeeded"]
    assert Order.objects.count() == 2
    assert sum(Reservation.objects.values_list("quantity", flat=True)) == Stock.objects.get().reserved == 2
    assert set(Offer.objects.values_list("desired_quantity", flat=True)) == {0}
    assert find_breaches() == []


def test_the_same_order_told_at_once_by_two_sessions_without_any_lock_is_still_one(
    shop: tuple[Channel, Market],
) -> None:
    """Below the lock of the flow, the database itself refuses the double."""
    make_product("SKU", on_hand=5)
    errors: list[Exception] = []
    start = threading.Barrier(2)

    def tell() -> None:
        start.wait(10)
        try:
            with transaction.atomic():
                record_orders(shop[0], [order("A", "SKU")])
        except Exception as error:
            errors.append(error)

    at_once(tell, tell)
    assert Order.objects.count() == 1, errors
    assert OrderLine.objects.count() == 1
    assert len(errors) <= 1
