"""Counts and departures of the ERP, in whatever order they are told."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from comptoir.channels.models import Channel
from comptoir.flows.policy import run_flow
from comptoir.inventory.models import Stock, Warehouse
from comptoir.journal.models import Issue, Run
from comptoir.offers.listing import list_products
from comptoir.offers.models import Offer
from comptoir.orders.models import Order, OrderLine
from comptoir.sdk.records import ErpShipmentLine, Parcel, ShipmentBatch, StockBatch, StockLevel
from comptoir.sdk.statuses import OrderStatus
from comptoir.shipping.models import Shipment
from tests.domain.conftest import NOW, make_product
from tests.domain.records import Sold, order
from tests.flows.fakes import Erp, Market

Shop = tuple[Channel, Market]
Side = tuple[Channel, Erp]
PARCEL = Parcel(carrier="COLISSIMO", tracking_number="6A1")


def count(erp: Side, *levels: StockLevel, at: datetime) -> Run:
    number = len(erp[1].counts) + 1
    lines = tuple(range(2, len(levels) + 2))
    batch = StockBatch(key=f"stock-{number}", cursor=f"{number:03}", levels=levels, as_of=at, lines=lines)
    erp[1].counts.append(batch)
    run = run_flow("import_stock_from_erp", "erp")
    assert run is not None
    return run


def level(sku: str, quantity: int, **fields: Any) -> StockLevel:
    return StockLevel(sku=sku, quantity=quantity, **({"warehouse": "MAIN"} | fields))


def left(reference: str, line: str, quantity: int, at: datetime, **fields: Any) -> ErpShipmentLine:
    values: dict[str, Any] = {
        "shipment_id": "S1",
        "sku": "MOUSE",
        "warehouse": "MAIN",
        "parcel": PARCEL,
        "line": 2,
    }
    return ErpShipmentLine(
        order_reference=reference, line_id=line, quantity=quantity, shipped_at=at, **values | fields
    )


def ship(erp: Side, *lines: ErpShipmentLine) -> Run:
    number = len(erp[1].shipments) + 1
    erp[1].shipments.append(ShipmentBatch(key=f"ship-{number}", cursor=f"{number:03}", shipments=lines))
    run = run_flow("import_shipments_from_erp", "erp")
    assert run is not None
    return run


def sell(shop: Shop, *told: Any) -> list[str]:
    """Imported; our references, in the order of the channel's ids."""
    shop[1].orders |= {one.external_id: one for one in told}
    run_flow("import_orders", "shop")
    return list(Order.objects.order_by("external_id").values_list("reference", flat=True))


def stock(sku: str = "MOUSE", warehouse: str = "MAIN") -> tuple[int, int]:
    found = Stock.objects.get(product__sku=sku, warehouse__code=warehouse)
    return found.on_hand, found.reserved


def test_a_count_sets_the_stock_and_leaves_the_units_of_open_orders_reserved(shop: Shop, erp: Side) -> None:
    make_product("MOUSE", on_hand=5)
    sell(shop, order("A", Sold("MOUSE", 2)))
    count(erp, level("MOUSE", 8), at=NOW)
    assert stock() == (8, 2)


def test_a_departure_told_late_that_the_count_has_already_leaves_the_stock_once(
    shop: Shop, erp: Side
) -> None:
    make_product("MOUSE", on_hand=5)
    (reference,) = sell(shop, order("A", Sold("MOUSE", 2)))
    count(erp, level("MOUSE", 3), at=NOW + timedelta(hours=1))
    ship(erp, left(reference, "A-1", 2, NOW + timedelta(minutes=30)))
    assert stock() == (3, 0)


def test_a_departure_after_the_count_was_taken_leaves_the_stock_whichever_is_told_first(
    shop: Shop, erp: Side
) -> None:
    make_product("MOUSE", on_hand=5)
    (reference,) = sell(shop, order("A", Sold("MOUSE", 2)))
    ship(erp, left(reference, "A-1", 2, NOW + timedelta(minutes=30)))
    count(erp, level("MOUSE", 5), at=NOW + timedelta(minutes=10))
    assert stock() == (3, 0)


def test_a_count_older_than_the_last_one_is_ignored_and_counted_as_such(erp: Side) -> None:
    make_product("MOUSE", on_hand=5)
    count(erp, level("MOUSE", 9), at=NOW)
    run = count(erp, level("MOUSE", 1), at=NOW - timedelta(minutes=1))
    assert stock() == (9, 0)
    assert run.counts["older"] == 1


def test_the_same_count_twice_moves_nothing(erp: Side) -> None:
    make_product("MOUSE", on_hand=5)
    count(erp, level("MOUSE", 9), at=NOW)
    assert count(erp, level("MOUSE", 9), at=NOW).counts["unchanged"] == 1
    assert stock() == (9, 0)


def test_lines_that_cannot_be_counted_are_refused_by_number_and_the_others_are_taken(erp: Side) -> None:
    make_product("MOUSE", on_hand=5)
    make_product("PAD", on_hand=5)
    run = count(
        erp,
        level("MOUSE", 7),
        level("NOBODY", 1),
        level("PAD", 2**31),
        level("PAD", 1, incoming=-1),
        level("PAD", 1, warehouse="W" * 41),
        level("NUL\x00", 1),
        level("MOUSE", 70),
        level("PAD", 4),
        at=NOW,
    )
    assert (stock("MOUSE"), stock("PAD")) == ((7, 0), (4, 0))
    assert run.outcome == Run.Outcome.PARTIAL
    assert set(Issue.objects.values_list("detail__line", flat=True)) >= {3, 7, 8}
    assert erp[1].acknowledged == [("stock-1", 6)]


def test_two_warehouses_are_counted_each_for_itself(shop: Shop, erp: Side) -> None:
    make_product("MOUSE", on_hand=5)
    sell(shop, order("A", Sold("MOUSE", 2)))
    count(erp, level("MOUSE", 6), level("MOUSE", 4, warehouse="LYON"), at=NOW)
    assert (stock(), stock(warehouse="LYON")) == ((6, 2), (4, 0))


def test_units_that_leave_another_warehouse_than_they_were_reserved_in_free_the_reservation(
    shop: Shop, erp: Side
) -> None:
    make_product("MOUSE", on_hand=5)
    (reference,) = sell(shop, order("A", Sold("MOUSE", 2)))
    ship(erp, left(reference, "A-1", 2, NOW, warehouse="LYON"))
    assert (stock(), stock(warehouse="LYON")) == ((5, 0), (-2, 0))
    assert Warehouse.objects.filter(code="LYON").exists()


def test_the_same_shipment_file_twice_ships_once(shop: Shop, erp: Side) -> None:
    make_product("MOUSE", on_hand=5)
    (reference,) = sell(shop, order("A", Sold("MOUSE", 2)))
    ship(erp, left(reference, "A-1", 2, NOW))
    run = ship(erp, left(reference, "A-1", 2, NOW))
    assert (run.counts["known"], run.outcome) == (1, Run.Outcome.SUCCEEDED)
    assert stock() == (3, 0)


def test_another_content_under_the_name_of_a_known_shipment_is_refused_not_swallowed(
    shop: Shop, erp: Side
) -> None:
    make_product("MOUSE", on_hand=5)
    (reference,) = sell(shop, order("A", Sold("MOUSE", 2)))
    ship(erp, left(reference, "A-1", 1, NOW))
    assert ship(erp, left(reference, "A-1", 2, NOW)).outcome == Run.Outcome.PARTIAL
    assert "told before" in Issue.objects.get().message
    assert stock() == (4, 1)


def test_an_order_that_leaves_in_two_parcels_keeps_the_rest_reserved_in_between(
    shop: Shop, erp: Side
) -> None:
    make_product("MOUSE", on_hand=5)
    (reference,) = sell(shop, order("A", Sold("MOUSE", 3)))
    ship(erp, left(reference, "A-1", 1, NOW))
    assert stock() == (4, 2)
    ship(erp, left(reference, "A-1", 2, NOW, shipment_id="S2"))
    assert stock() == (2, 0)
    assert Shipment.objects.count() == 2


def test_a_line_split_within_one_shipment_leaves_as_one(shop: Shop, erp: Side) -> None:
    make_product("MOUSE", on_hand=5)
    (reference,) = sell(shop, order("A", Sold("MOUSE", 3)))
    run = ship(erp, left(reference, "A-1", 1, NOW), left(reference, "A-1", 2, NOW))
    assert run.outcome == Run.Outcome.SUCCEEDED
    assert stock() == (2, 0)


def test_shipments_that_cannot_be_are_refused_and_their_neighbours_are_taken(shop: Shop, erp: Side) -> None:
    make_product("MOUSE", on_hand=9)
    a, b = sell(shop, order("A", Sold("MOUSE", 3)), order("B", "MOUSE"))
    heavy = Parcel(carrier="COLISSIMO", tracking_number="6" * 81)
    run = ship(
        erp,
        left(a, "A-1", 4, NOW, shipment_id="more than ordered"),
        left(a, "A-1", 2, NOW, shipment_id="twice"),
        left(a, "A-1", 2, NOW, shipment_id="twice"),
        left(a, "A-9", 1, NOW, shipment_id="no such line"),
        left(a, "A-1", 0, NOW, shipment_id="nothing"),
        left(a, "A-1", -1, NOW, shipment_id="less than nothing"),
        left("CO-NOBODY", "A-1", 1, NOW, shipment_id="no such order"),
        left(a, "A-1", 1, NOW, shipment_id="X" * 90),
        left(a, "A-1", 1, NOW, shipment_id="long number", parcel=heavy),
        left(b, "B-1", 1, NOW, shipment_id="fine"),
    )
    assert Shipment.objects.get().reference == "erp:fine"
    assert run.outcome == Run.Outcome.PARTIAL
    assert Issue.objects.filter(reason="unreadable").count() == 8
    assert stock() == (8, 3)


def test_a_kit_leaves_as_its_components(shop: Shop, erp: Side) -> None:
    mouse, pad = make_product("MOUSE", on_hand=10), make_product("PAD", on_hand=10)
    kit = make_product("KIT", is_kit=True)
    kit.components.create(component=mouse, quantity=2)
    kit.components.create(component=pad, quantity=1)
    (reference,) = sell(shop, order("A", Sold("KIT", 2)))
    assert (stock("MOUSE"), stock("PAD")) == ((10, 4), (10, 2))
    ship(erp, left(reference, "A-1", 2, NOW, sku="KIT"))
    assert (stock("MOUSE"), stock("PAD")) == ((6, 0), (8, 0))


def test_components_of_an_article_that_is_no_kit_are_left_alone(shop: Shop, erp: Side) -> None:
    mouse, boxed = make_product("MOUSE", on_hand=10), make_product("BOXED", on_hand=10)
    boxed.components.create(component=mouse, quantity=2)
    (reference,) = sell(shop, order("A", "BOXED"))
    assert (stock("MOUSE"), stock("BOXED")) == ((10, 0), (10, 1))
    ship(erp, left(reference, "A-1", 1, NOW, sku="BOXED"))
    assert (stock("MOUSE"), stock("BOXED")) == ((10, 0), (9, 0))


def test_units_shipped_after_their_sale_was_cancelled_are_told_and_offered_no_more(
    shop: Shop, erp: Side
) -> None:
    list_products(shop[0], [make_product("MOUSE", on_hand=5).pk])
    (reference,) = sell(shop, order("A", Sold("MOUSE", 2)))
    sell(shop, order("A", Sold("MOUSE", 2, cancelled=2), status=OrderStatus.CANCELLED, after=5))
    assert Offer.objects.get().desired_quantity == 5
    ship(erp, left(reference, "A-1", 2, NOW))
    assert Issue.objects.get(reason="divergence").subject == "A"
    assert (stock(), Offer.objects.get().desired_quantity) == ((3, 0), 3)


def test_units_that_the_channel_calls_shipped_stay_reserved_until_the_erp_that_has_them_says_so(
    shop: Shop, erp: Side
) -> None:
    make_product("MOUSE", on_hand=5)
    (reference,) = sell(shop, order("A", Sold("MOUSE", 2)))
    Order.objects.update(erp_state="confirmed")
    sell(shop, order("A", Sold("MOUSE", 2), status=OrderStatus.SHIPPED, after=5))
    assert stock() == (5, 2)
    ship(erp, left(reference, "A-1", 2, NOW))
    assert stock() == (3, 0)


def test_units_shipped_on_the_channel_without_an_erp_leave_the_stock_once(shop: Shop) -> None:
    make_product("MOUSE", on_hand=5)
    sell(shop, order("A", Sold("MOUSE", 2)))
    sell(shop, order("A", Sold("MOUSE", 2), status=OrderStatus.SHIPPED, after=5))
    sell(shop, order("A", Sold("MOUSE", 2), status=OrderStatus.DELIVERED, after=9))
    assert stock() == (3, 0)
    assert OrderLine.objects.get().shipped_quantity == 2
