"""From which warehouses an order leaves."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from itertools import product as every
from typing import Any

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comptoir.catalog.models import Product
from comptoir.channels.models import Channel
from comptoir.inventory.counts import correct_stock
from comptoir.inventory.ledger import Move, find_imbalances, move_stock
from comptoir.inventory.models import Reservation, Warehouse, WarehousePriority
from comptoir.inventory.rerouting import reroute_short, short_products
from comptoir.inventory.reservations import default_warehouse, lock_stock, settle_reservations
from comptoir.inventory.routing import Need, route
from comptoir.inventory.unsettled import find_unsettled
from comptoir.orders.intake import record_orders
from comptoir.orders.models import Order
from comptoir.sdk.records import Parcel
from comptoir.sdk.statuses import OrderStatus
from comptoir.shipping.models import ShipmentLine
from comptoir.shipping.services import ship_by_hand
from tests.domain.conftest import NOW, make_channel, make_product
from tests.domain.records import Sold, order

PLACES = (10, 20, 30)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    needs=st.lists(st.tuples(st.integers(1, 2), st.integers(1, 2)), min_size=1, max_size=3),
    free=st.dictionaries(st.tuples(st.integers(1, 2), st.sampled_from(PLACES)), st.integers(-1, 3)),
)
def test_an_order_is_served_by_the_fewest_warehouses_that_have_most_of_it(
    needs: list[tuple[int, int]], free: dict[tuple[int, int], int]
) -> None:
    asked = [Need(number, product, units) for number, (product, units) in enumerate(needs)]
    taken = route(asked, free, PLACES)
    for need in asked:
        assert sum(one.units for one in taken if one.line == need.line) == need.units
    used = Counter[tuple[int, int]]()
    for one in taken:
        used[one.product, one.warehouse] += one.units
    short = sum(max(0, units - max(0, free.get(key, 0))) for key, units in used.items())
    places = {place for (item, place), units in used.items() if free.get((item, place), 0) > 0}
    best = _by_trying_everything(asked, free)
    assert (short, tuple(sorted(places))) == best
    over = {place for (item, place), units in used.items() if units > max(0, free.get((item, place), 0))}
    assert over <= {PLACES[0]}


def _by_trying_everything(needs: list[Need], free: dict[tuple[int, int], int]) -> tuple[int, tuple[int, ...]]:
    """Each unit in each place or in none: (units that are nowhere, the places), the least of all."""
    units = [need.product for need in needs for _ in range(need.units)]
    found = []
    for places in every((None, *PLACES), repeat=len(units)):
        used = Counter((item, place) for item, place in zip(units, places, strict=True) if place is not None)
        if all(count <= max(0, free.get(key, 0)) for key, count in used.items()):
            some = tuple(sorted({place for _, place in used}))
            found.append((places.count(None), len(some), some))
    short, _, some = min(found)
    return short, some


def put(product: Product, place: Warehouse, units: int) -> None:
    lock_stock([product.pk], place.pk)
    move_stock([Move(product.pk, place.pk, units, "receipt", NOW)])


def sell(channel: Channel, number: str, *sold: Sold, minutes: int = 1, **fields: Any) -> Order:
    told = order(number, *sold, updated_at=NOW + timedelta(minutes=minutes), **fields)
    with transaction.atomic():
        settle_reservations(record_orders(channel, [told]).order_ids)
    assert find_imbalances() == []
    assert find_unsettled() == []
    return Order.objects.get(external_id=number)


def kept(number: str) -> dict[tuple[str, str], int]:
    rows = Reservation.objects.filter(order_line__order__external_id=number)
    return {
        (sku, code): n for sku, code, n in rows.values_list("product__sku", "warehouse__code", "quantity")
    }


def house() -> tuple[Warehouse, Warehouse, Product, Product]:
    main = default_warehouse()
    lyon = Warehouse.objects.create(code="LYON", name="Lyon", priority=200)
    return main, lyon, make_product("MOUSE"), make_product("PAD")


def test_the_first_warehouse_that_ships_it_whole_else_a_split_else_by_priority(channel: Channel) -> None:
    main, lyon, mouse, pad = house()
    put(mouse, main, 3)
    put(mouse, lyon, 5)
    put(pad, lyon, 5)
    sell(channel, "A-1", Sold("MOUSE", 2))
    assert kept("A-1") == {("MOUSE", "MAIN"): 2}
    sell(channel, "A-2", Sold("MOUSE", 1), Sold("PAD", 1))
    assert kept("A-2") == {("MOUSE", "LYON"): 1, ("PAD", "LYON"): 1}
    sell(channel, "A-3", Sold("MOUSE", 5))
    assert kept("A-3") == {("MOUSE", "MAIN"): 1, ("MOUSE", "LYON"): 4}
    sell(channel, "A-4", Sold("MOUSE", 2))
    assert kept("A-4") == {("MOUSE", "MAIN"): 2}
    assert short_products() == []  # nobody has them


def test_a_channel_has_an_order_of_its_own(channel: Channel) -> None:
    main, lyon, mouse, _ = house()
    other = make_channel("shop-2")
    WarehousePriority.objects.create(channel=other, warehouse=lyon, priority=1)
    put(mouse, main, 5)
    put(mouse, lyon, 5)
    sell(channel, "A-1", Sold("MOUSE"))
    sell(other, "B-1", Sold("MOUSE"))
    assert (kept("A-1"), kept("B-1")) == ({("MOUSE", "MAIN"): 1}, {("MOUSE", "LYON"): 1})


def test_what_is_cancelled_or_ended_is_given_back_where_it_was_kept(channel: Channel) -> None:
    main, lyon, mouse, _ = house()
    put(mouse, main, 1)
    put(mouse, lyon, 3)
    sell(channel, "A-1", Sold("MOUSE", 4))
    sell(channel, "A-1", Sold("MOUSE", 4, cancelled=2), minutes=5)
    assert kept("A-1") == {("MOUSE", "MAIN"): 1, ("MOUSE", "LYON"): 1}
    sell(channel, "A-1", Sold("MOUSE", 4), minutes=6, status=OrderStatus.CANCELLED)
    assert kept("A-1") == {}


def test_a_warehouse_that_proves_short_hands_its_newest_orders_over(channel: Channel) -> None:
    main, lyon, mouse, _ = house()
    put(mouse, main, 4)
    put(mouse, lyon, 2)
    sell(channel, "A-1", Sold("MOUSE", 2), placed_at=NOW)
    sell(channel, "A-2", Sold("MOUSE", 2), placed_at=NOW + timedelta(minutes=1))
    assert kept("A-2") == {("MOUSE", "MAIN"): 2}
    correct_stock(product=mouse, warehouse=main, on_hand=1, reason="broken", actor="zoe")
    assert short_products() == [mouse.pk]
    assert (reroute_short(), reroute_short()) == (2, 0)
    assert kept("A-2") == {("MOUSE", "LYON"): 2}
    # One is nowhere: it stays where it was promised.
    assert kept("A-1") == {("MOUSE", "MAIN"): 2}
    assert find_unsettled() == []


def test_what_a_person_ships_leaves_from_where_it_was_kept(channel: Channel) -> None:
    main, lyon, mouse, _ = house()
    put(mouse, main, 1)
    put(mouse, lyon, 3)
    sold = sell(channel, "A-1", Sold("MOUSE", 3))
    assert kept("A-1") == {("MOUSE", "LYON"): 3}
    line = sold.lines.get()
    ship_by_hand(sold.pk, parcel=Parcel(carrier="COLISSIMO"), lines={line.pk: 3}, actor="zoe")
    assert list(ShipmentLine.objects.values_list("warehouse__code", "quantity")) == [("LYON", 3)]
    assert kept("A-1") == {}
    assert find_imbalances() == []


def test_a_warehouse_that_sells_no_more_keeps_what_it_promised_until_it_is_rerouted(channel: Channel) -> None:
    main, lyon, mouse, _ = house()
    put(mouse, main, 2)
    sell(channel, "A-1", Sold("MOUSE", 2))
    Warehouse.objects.filter(pk=main.pk).update(sellable=False)
    sell(channel, "A-1", Sold("MOUSE", 2, cancelled=1), minutes=5)
    assert kept("A-1") == {("MOUSE", "MAIN"): 1}
    put(mouse, lyon, 1)
    correct_stock(product=mouse, warehouse=lyon, on_hand=1, reason="count", actor="zoe")
    assert reroute_short() == 1
    assert kept("A-1") == {("MOUSE", "LYON"): 1}
