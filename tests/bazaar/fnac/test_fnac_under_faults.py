"""Both storefronts under harsh faults of wire and protocol, with a small hub before them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from storefronts import Play, accept, parcel

from bazaar.faults.levels import FaultSettings
from comptoir.sdk.errors import ConnectorError
from comptoir.sdk.records import Order
from comptoir.sdk.statuses import OrderStatus

Start = Callable[..., Play]
HARSH = {"level": "harsh", "hold_s": 0.5, "latency_s": 0.05, "down_minutes": 5, "expired_key_minutes": 5}


@pytest.mark.slow
@pytest.mark.parametrize("key", ["fnac-1", "fnac-2"])
def test_under_harsh_faults_nothing_is_lost_doubled_or_left_unshipped(start: Start, key: str) -> None:
    play = start(seed=7, products=20)
    connection, party = play.connect(key, page_size=5), play.party(key)
    skus = list(play.world.products)
    placed = [party.place_by_hand([(skus[n % 20], 1 + n % 3)]) for n in range(40)]
    play.world.faults.set(key, FaultSettings(**HARSH))
    hub = SmallHub(connection)
    for turn in range(60):
        hub.turn()
        play.advance(minutes=10)
        if turn < 20:
            placed.append(party.place_by_hand([(skus[turn], 1)]))
    assert sum(play.world.faults.counts[key].values()) > 50
    assert set(hub.orders) == set(placed)
    assert {order.status for order in hub.orders.values()} <= {OrderStatus.SHIPPED, OrderStatus.DELIVERED}
    shipped = [fact.order_id for fact in play.world.ledger.of_kind("order_shipped")]
    assert sorted(shipped) == sorted(placed)


class SmallHub:
    """What the hub's flows do, in a few lines: import, answer, ship; every failure is tried again."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        self.cursor = ""
        self.orders: dict[str, Order] = {}

    def turn(self) -> None:
        for step in (self._import, self._accept, self._ship):
            try:
                step()
            except ConnectorError as error:
                self.last = error

    def _import(self) -> None:
        for page in self.connection.order_pages(self.cursor):
            for order in page.orders:
                known = self.orders.get(order.external_id)
                if known is None or known.status.may_become(order.status):
                    self.orders[order.external_id] = order
            self.cursor = page.cursor

    def _accept(self) -> None:
        waiting = [order for order in self.orders.values() if order.status is OrderStatus.TO_ACCEPT]
        list(self.connection.decide_orders([accept(order) for order in waiting]))

    def _ship(self) -> None:
        ready = [order for order in self.orders.values() if order.status is OrderStatus.TO_SHIP]
        list(self.connection.confirm_shipments([parcel(order) for order in ready]))
