"""Transfers, returns to inspect, articles assembled from others: every unit is in the ledger, once."""

from __future__ import annotations

import pytest

from comptoir.catalog.models import Product
from comptoir.channels.models import Channel
from comptoir.inventory.assembly import CannotAssemble, assemble
from comptoir.inventory.availability import available
from comptoir.inventory.inspection import (
    CannotInspect,
    inspection_place,
    judge_return,
    receive_return,
    to_inspect,
)
from comptoir.inventory.models import Stock, StockMovement, Transfer, Warehouse
from comptoir.inventory.reservations import default_warehouse, settle_reservations
from comptoir.inventory.transfers import (
    CannotTransfer,
    ask_transfer,
    cancel_transfer,
    in_transit,
    receive_transfer,
    send_transfer,
)
from comptoir.inventory.warehouses import CannotSell, change_warehouse
from comptoir.journal.models import Change
from comptoir.orders.intake import record_orders
from tests.domain.conftest import make_product
from tests.domain.records import Sold, order


def on_hand(product: Product, place: Warehouse) -> int:
    return sum(Stock.objects.filter(product=product, warehouse=place).values_list("on_hand", flat=True))


@pytest.fixture
def lyon(db: None) -> Warehouse:
    default_warehouse()
    return Warehouse.objects.create(code="LYON", name="Lyon", priority=200)


def test_what_is_on_its_way_is_in_no_stock_and_awaited_where_it_goes(lyon: Warehouse) -> None:
    mouse, main = make_product("MOUSE", on_hand=10), default_warehouse()
    asked = ask_transfer(product=mouse, source=main, target=lyon, units=6, actor="zoe")
    assert available([mouse.pk]) == {mouse.pk: 10}
    send_transfer(asked.pk, actor="zoe")
    assert (available([mouse.pk]), in_transit([mouse.pk])) == ({mouse.pk: 4}, {(mouse.pk, lyon.pk): 6})
    assert (on_hand(mouse, main), on_hand(mouse, lyon)) == (4, 0)
    receive_transfer(asked.pk, 5, actor="max")
    assert (available([mouse.pk]), in_transit([mouse.pk])) == ({mouse.pk: 9}, {})
    assert Transfer.objects.get().received_units == 5
    assert list(Change.objects.order_by("id").values_list("action", "actor")) == [
        ("transfer.asked", "zoe"), ("transfer.sent", "zoe"), ("transfer.received", "max")]  # fmt: skip


def test_a_transfer_takes_each_step_once_and_never_what_is_promised(
    lyon: Warehouse, channel: Channel
) -> None:
    mouse, main = make_product("MOUSE", on_hand=5), default_warehouse()
    settle_reservations(record_orders(channel, [order("A-1", Sold("MOUSE", 3))]).order_ids)
    asked = ask_transfer(product=mouse, source=main, target=lyon, units=3, actor="zoe")
    with pytest.raises(CannotTransfer, match="promised"):
        send_transfer(asked.pk, actor="zoe")
    with pytest.raises(CannotTransfer, match="state"):
        receive_transfer(asked.pk, 3, actor="zoe")
    cancel_transfer(asked.pk, actor="zoe")
    with pytest.raises(CannotTransfer, match="state"):
        cancel_transfer(asked.pk, actor="zoe")
    small = ask_transfer(product=mouse, source=main, target=lyon, units=2, actor="zoe")
    send_transfer(small.pk, actor="zoe")
    with pytest.raises(CannotTransfer, match="units"):
        receive_transfer(small.pk, 3, actor="zoe")
    with pytest.raises(CannotTransfer, match="place"):
        ask_transfer(product=mouse, source=main, target=main, units=1, actor="zoe")
    assert on_hand(mouse, main) == 3


def test_a_return_is_for_sale_once_somebody_accepted_it(lyon: Warehouse) -> None:
    mouse, main = make_product("MOUSE", on_hand=1), default_warehouse()
    receive_return(product=mouse, units=4, reference="CO-12", actor="zoe")
    place = inspection_place()
    assert available([mouse.pk]) == {mouse.pk: 1}
    assert [(s.product.sku, s.on_hand) for s in to_inspect()] == [("MOUSE", 4)]
    judge_return(product=mouse, place=place, accepted=2, scrapped=1, actor="zoe")
    assert (on_hand(mouse, main), on_hand(mouse, place)) == (3, 1)
    with pytest.raises(CannotInspect, match="units"):
        judge_return(product=mouse, place=place, accepted=1, scrapped=1, actor="zoe")
    with pytest.raises(CannotInspect, match="place"):
        judge_return(product=mouse, place=place, accepted=1, scrapped=0, to=place, actor="zoe")
    judge_return(product=mouse, place=place, accepted=1, scrapped=0, to=lyon, actor="zoe")
    assert (to_inspect(), available([mouse.pk])) == ([], {mouse.pk: 4})
    scrapped = StockMovement.objects.filter(reason="scrap").values_list("quantity", flat=True)
    assert list(scrapped) == [-1]


def test_parts_become_an_article_and_back(channel: Channel) -> None:
    box, mug, plate = make_product("BOX"), make_product("MUG", on_hand=10), make_product("PLATE", on_hand=5)
    main = default_warehouse()
    parts = {mug: 2, plate: 1}
    assert assemble(product=box, warehouse=main, units=3, parts=parts, actor="zoe") == sorted(
        [box.pk, mug.pk, plate.pk]
    )
    assert available([box.pk, mug.pk, plate.pk]) == {box.pk: 3, mug.pk: 4, plate.pk: 2}
    settle_reservations(record_orders(channel, [order("A-1", Sold("MUG", 3))]).order_ids)
    with pytest.raises(CannotAssemble, match="short MUG"):
        assemble(product=box, warehouse=main, units=1, parts=parts, actor="zoe")
    assemble(product=box, warehouse=main, units=-2, parts=parts, actor="zoe")
    assert available([box.pk, mug.pk, plate.pk]) == {box.pk: 1, mug.pk: 5, plate.pk: 4}
    kit = make_product("KIT", is_kit=True)
    for product, some in ((kit, parts), (box, {kit: 1}), (box, {box: 1}), (box, {})):
        with pytest.raises(CannotAssemble):
            assemble(product=product, warehouse=main, units=1, parts=some, actor="zoe")


def test_a_warehouse_of_returns_never_sells(db: None) -> None:
    mouse = make_product("MOUSE")
    receive_return(product=mouse, units=1, reference="", actor="zoe")
    place = inspection_place()
    with pytest.raises(CannotSell):
        change_warehouse(place.pk, name="R", sellable=True, priority=1, priorities={}, actor="zoe")
    main = default_warehouse()
    concerned = change_warehouse(main.pk, name="Paris", sellable=True, priority=5, priorities={}, actor="zoe")
    assert (concerned, Warehouse.objects.get(pk=main.pk).name) == ([], "Paris")
