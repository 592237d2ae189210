"""The simulated ERP and its folder, by `docs/develop/erp-files.md`: this test plays the hub."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from file_hub import Hub, amendment, order

from bazaar.faults.levels import FaultSettings
from bazaar.world.world import SimulatedWorld

START = datetime(2026, 11, 23, 8, tzinfo=UTC)


@pytest.fixture
def hub(make_world: Callable[..., SimulatedWorld], tmp_path: Path) -> Hub:
    settings = {"erp": {"split_rate": 0.5}}
    world = make_world(erp_folder=str(tmp_path), parties=settings, products=30, scarce=True)
    world.products["PLENTY"] = type(first := next(iter(world.products.values())))(
        **{name: getattr(first, name) for name in first.__struct_fields__}
        | {"sku": "PLENTY", "ean": "1", "initial_stock": 50}
    )
    return Hub(world, tmp_path)


def test_products_come_once_then_by_change_and_stock_is_physical(hub: Hub) -> None:
    hub.live(hours=3)
    assert hub.sequences("products") == [1]
    assert {row["sku"]: row["ean"] for row in hub.told("products")} == {
        product.sku: product.ean for product in hub.world.products.values()
    }
    stock = {row["sku"]: int(row["quantity"]) for row in hub.told("stock")}
    assert stock == {product.sku: product.initial_stock for product in hub.world.products.values()}
    first = json.loads((hub.root / "from_erp" / "stock-000000001.json").read_text())
    assert (first["complete"], first["as_of"]) == (True, "2026-11-23T08:00:00.000000Z")


def test_an_order_is_created_prepared_and_shipped_from_stock(hub: Hub) -> None:
    hub.live(minutes=1)
    hub.send("orders", 1, order("ORD-1", ("PLENTY", 4)))
    hub.live(minutes=1)
    assert hub.receipt("orders", 1)["taken"] == 1
    assert hub.where("orders", 1) == "done"
    hub.live(hours=5)
    assert [row["status"] for row in hub.told("order_status")] == ["received", "preparing", "shipped"]
    shipments = hub.told("shipments")
    assert sum(int(row["quantity"]) for row in shipments) == 4
    assert len({row["shipment_id"] for row in shipments}) == len(
        {row["tracking_number"] for row in shipments}
    )
    assert [row["quantity"] for row in hub.told("stock") if row["sku"] == "PLENTY"][-1] == "46"
    (document,) = hub.world.warehouses()["erp"].documents()
    assert (document["reference"], document["state"], document["copies"]) == ("ORD-1", "shipped", 1)
    assert str(document["total"]) == "10.50"


def test_some_orders_leave_in_two_parcels(hub: Hub) -> None:
    hub.live(minutes=1)
    hub.send("orders", 1, [row for n in range(12) for row in order(f"ORD-{n}", ("PLENTY", 2))])
    hub.live(hours=6)
    parcels = len({row["shipment_id"] for row in hub.told("shipments")})
    assert 12 < parcels < 24


def test_a_reference_sent_again_in_a_new_file_is_not_created_again(hub: Hub) -> None:
    hub.live(minutes=1)
    hub.send("orders", 1, order("ORD-1", ("PLENTY", 1)))
    hub.send("orders", 2, order("ORD-1", ("PLENTY", 1)))
    hub.live(hours=6)
    assert hub.receipt("orders", 2)["taken"] == 1
    assert len(hub.facts("erp_order_created")) == len(hub.facts("erp_order_repeated")) == 1
    assert hub.facts("erp_shipped") == [("ORD-1", "PLENTY", 1)]


def test_a_replayed_sequence_is_refused_unless_it_is_the_very_same(hub: Hub) -> None:
    hub.live(minutes=1)
    hub.send("orders", 1, order("ORD-1", ("PLENTY", 1)))
    hub.live(minutes=1)
    hub.send("orders", 1, order("ORD-1", ("PLENTY", 1)))
    hub.live(minutes=1)
    assert hub.where("orders", 1) == "done"
    hub.send("orders", 1, order("ORD-2", ("PLENTY", 1)))
    hub.live(minutes=1)
    assert len(list((hub.root / "to_erp" / "refused").iterdir())) == 2
    assert hub.receipt("orders", 1)["taken"] == 1  # the receipt of what was taken is not hidden
    assert [reference for reference, _, _ in hub.facts("erp_order_created")] == ["ORD-1"]
    assert hub.world.parties["erp"].describe()["replays_refused"] == 1


@pytest.mark.parametrize(("reason", "spoilt"), [
    ("checksum", {"sha256": "0" * 64}), ("rows", {"rows": 7}), ("contract", {"contract": "other/1"}),
    ("contract", {"sequence": 5}), ("encoding", {"encoding": "utf-8"}), ("contract", {"separator": "|"}),
])  # fmt: skip
def test_a_wrong_pair_is_refused_whole_and_the_next_one_is_taken(
    hub: Hub, reason: str, spoilt: dict[str, Any]
) -> None:
    hub.live(minutes=1)
    hub.send("orders", 1, order("ORD-1", ("PLENTY", 1)), **spoilt)
    hub.send("orders", 2, order("ORD-2", ("PLENTY", 1)))
    hub.live(minutes=2)
    assert hub.receipt("orders", 1)["refused"] == reason
    assert hub.where("orders", 1) == "refused"
    assert [reference for reference, _, _ in hub.facts("erp_order_created")] == ["ORD-2"]


def test_a_gap_is_waited_for_and_reported_when_it_lasts(hub: Hub) -> None:
    hub.live(minutes=1)
    hub.send("orders", 2, order("ORD-2", ("PLENTY", 1)))
    hub.live(hours=2)
    assert not hub.facts("erp_order_created")
    assert hub.world.parties["erp"].describe()["gaps"] == ["orders-000000001"]
    hub.send("orders", 1, order("ORD-1", ("PLENTY", 1)))
    hub.live(minutes=1)
    assert [reference for reference, _, _ in hub.facts("erp_order_created")] == ["ORD-1", "ORD-2"]
    assert hub.world.parties["erp"].describe()["gaps"] == []


def test_a_bad_order_is_rejected_whole_by_line_and_the_others_are_taken(hub: Hub) -> None:
    hub.live(minutes=1)
    bad = order("BAD-1", ("PLENTY", 1), ("NOPE", 1))
    half = order("BAD-2", ("PLENTY", 1), ("PLENTY", 2))[:1]
    wrong = [{**row, "quantity": "-3"} for row in order("BAD-3", ("PLENTY", 1))]
    hub.send("orders", 1, [*bad, *order("ORD-1", ("PLENTY", 1)), *half, *wrong])
    hub.live(minutes=1)
    receipt = hub.receipt("orders", 1)
    assert receipt["taken"] == 1
    assert [(item["line"], item["key"], item["code"]) for item in receipt["rejected"]] == [
        (2, "BAD-1", "unknown_sku"),
        (3, "BAD-1", "unknown_sku"),
        (5, "BAD-2", "incomplete_order"),
        (6, "BAD-3", "bad_number"),
    ]
    assert len(hub.facts("erp_order_created")) == 1


def test_what_was_oversold_is_told_as_short_restocked_the_next_day_and_shipped(hub: Hub) -> None:
    hub.live(minutes=1)
    hub.send("orders", 1, order("ORD-1", ("PLENTY", 48)) + order("ORD-2", ("PLENTY", 5)))
    hub.live(hours=6)
    ((reference, sku, units),) = hub.facts("erp_short")
    assert (sku, units) in {("PLENTY", 3)}
    assert {row["incoming"] for row in hub.told("stock") if row["sku"] == "PLENTY"} == {"0", "3"}
    hub.live(hours=26)
    assert sum(units for _, _, units in hub.facts("erp_shipped")) == 53
    assert reference in {row["reference"] for row in hub.told("shipments")}
    assert hub.world.warehouses()["erp"].physical_stock()["PLENTY"] == 0


def test_cancellations_apply_once_before_shipping_and_are_rejected_after(hub: Hub) -> None:
    hub.live(minutes=1)
    hub.send("orders", 1, order("ORD-1", ("PLENTY", 3)) + order("ORD-2", ("PLENTY", 2)))
    hub.send("cancellations", 1, [
        amendment("ORD-1", "PLENTY", 1, cancellation_id="C1"),
        amendment("ORD-2", "PLENTY", 2, cancellation_id="C2"),
        amendment("ORD-9", "PLENTY", 2, cancellation_id="C3"),
    ])  # fmt: skip
    hub.live(minutes=1)  # cancellations are read before orders by name: the receipt says so
    hub.send("cancellations", 2, [
        amendment("ORD-1", "PLENTY", 1, cancellation_id="C1"),
        amendment("ORD-2", "PLENTY", 2, cancellation_id="C2"),
        amendment("ORD-1", "PLENTY", 1, cancellation_id="C1"),
    ])  # fmt: skip
    hub.live(hours=6)
    assert hub.facts("erp_order_cancelled") == [("ORD-1", "PLENTY", 1), ("ORD-2", "PLENTY", 2)]
    assert sum(units for _, _, units in hub.facts("erp_shipped")) == 2
    assert [row["status"] for row in hub.told("order_status") if row["reference"] == "ORD-2"] == [
        "received",
        "cancelled",
    ]
    hub.send("cancellations", 3, [amendment("ORD-1", "PLENTY", 1, cancellation_id="C4")])
    hub.live(minutes=1)
    assert [item["code"] for item in hub.receipt("cancellations", 3)["rejected"]] == ["already_shipped"]


def test_refunded_units_come_back_into_stock_once(hub: Hub) -> None:
    hub.live(minutes=1)
    hub.send("orders", 1, order("ORD-1", ("PLENTY", 3)))
    hub.live(hours=6)
    refund = amendment("ORD-1", "PLENTY", 2, refund_id="R1", amount="2,50", currency="EUR")
    too_many = amendment("ORD-1", "PLENTY", 9, refund_id="R2", amount="2,50", currency="EUR")
    hub.send("refunds", 1, [refund, refund, too_many])
    hub.live(hours=49)
    assert hub.facts("erp_refund_created") == [("ORD-1", "PLENTY", 2)]
    assert [item["line"] for item in hub.receipt("refunds", 1)["rejected"]] == [4]
    assert hub.world.warehouses()["erp"].physical_stock()["PLENTY"] == 49


def test_units_that_left_and_came_back_are_told_though_the_figure_is_the_same(
    make_world: Callable[..., SimulatedWorld], tmp_path: Path
) -> None:
    settings = {"erp": {"stock_every_s": 7 * 24 * 3600, "complete_stock_every": 100}}
    hub = Hub(make_world(erp_folder=str(tmp_path), parties=settings, products=3), tmp_path)
    hub.live(minutes=1)
    sku = hub.skus[0]
    hub.send("orders", 1, order("ORD-1", (sku, 1)))
    hub.live(hours=6)
    hub.send("refunds", 1, [amendment("ORD-1", sku, 1, refund_id="R1", amount="2,50", currency="EUR")])
    hub.live(hours=8 * 24)
    moved = [units for _, moved_sku, units in hub.facts("stock_moved") if moved_sku == sku]
    assert moved[1:] == [-1, 1]
    told = [row["quantity"] for row in hub.told("stock") if row["sku"] == sku]
    assert (len(told), told[0]) == (2, told[1])


def test_an_old_file_in_another_encoding_can_be_written(
    make_world: Callable[..., SimulatedWorld], tmp_path: Path
) -> None:
    form = {"encoding": "cp1252", "separator": "\t", "decimal": ","}
    hub = Hub(make_world(erp_folder=str(tmp_path), parties={"erp": form}, products=20), tmp_path)
    hub.live(minutes=1)
    rows = hub.told("products")
    assert [row["title"] for row in rows] == [product.title for product in hub.world.products.values()]
    assert all("," in row["list_price"] for row in rows)


@pytest.mark.parametrize("fault", ["bad_line", "bad_checksum", "file_twice", "late_receipt"])
def test_each_fault_of_the_files_is_seen_in_the_folder_and_told(hub: Hub, fault: str) -> None:
    hub.world.faults.set("erp", FaultSettings(rates={fault: 1.0}))
    hub.live(minutes=1)
    hub.send("orders", 1, order("ORD-1", ("PLENTY", 1)))
    hub.live(minutes=2)
    assert {fact.detail["name"] for fact in hub.world.ledger.of_kind("fault")} == {fault}
    late = hub.root / "to_erp" / "receipts" / "orders-000000001.json"
    assert late.exists() == (fault != "late_receipt")
    if fault == "bad_line":
        assert [row["quantity"] for row in hub.told("stock") if not row["sku"]] == ["n/a"]
    if fault == "bad_checksum":
        assert hub.sequences("products") == [1, 2]
        assert len(hub.told("products")) == 31
    before = {path.name: path.stat().st_mtime_ns for path in (hub.root / "from_erp").glob("products-*")}
    hub.live(minutes=40)
    after = {path.name: path.stat().st_mtime_ns for path in (hub.root / "from_erp").glob("products-*")}
    assert (before != after) == (fault == "file_twice")
    assert late.exists()


def test_an_erp_that_starts_again_never_writes_a_sequence_twice(
    make_world: Callable[..., SimulatedWorld], tmp_path: Path
) -> None:
    first = make_world(erp_folder=str(tmp_path / "files"), data=str(tmp_path / "world"), products=10)
    hub = Hub(first, tmp_path / "files")
    hub.live(minutes=1)
    hub.send("orders", 1, order("ORD-1", (hub.skus[0], 1)))
    hub.live(minutes=1)  # the order is written down before its receipt; the rest of the turn is lost
    again = make_world(erp_folder=str(tmp_path / "files"), data=str(tmp_path / "world"), products=10)
    assert [document["reference"] for document in again.warehouses()["erp"].documents()] == ["ORD-1"]
    written = hub.sequences("stock")
    again.advance(START + timedelta(hours=30))
    assert hub.sequences("stock")[: len(written)] == written
    assert len(again.ledger.of_kind("erp_order_created")) == 1
    assert sum(fact.quantity for fact in again.ledger.of_kind("erp_shipped")) == 1
    first.close()
    again.close()
