from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import ean

from comptoir.connectors.files.products import _valid_ean
from comptoir.connectors.files.tests.conftest import Connect
from comptoir.connectors.files.tests.erp import Erp
from comptoir.sdk.records import ErpOrderState, ErpShipmentLine, Parcel, Product, StockLevel

PRODUCT: dict[str, Any] = {
    "sku": "M-1",
    "ean": "4006381333931",
    "title": "Souris « Éclair »",
    "brand": "Comète",
    "family": "mice",
    "supplier": "Grossiste",
    "purchase_price": "12.3456",
    "purchase_currency": "USD",
    "list_price": "29.9",
    "currency": "EUR",
    "vat_rate": "5.5",
    "weight_g": "120",
    "length_mm": "",
    "width_mm": "60",
    "height_mm": "0",
    "active": "no",
    "updated_at": "2026-11-23T10:00:00+01:00",
}
STOCK: dict[str, Any] = {"sku": "M-1", "warehouse": "LYON", "quantity": "7", "incoming": "3"}
STATE: dict[str, Any] = {
    "reference": "C-1",
    "document": "BC-9",
    "status": "preparing",
    "message": "picked",
    "changed_at": "2026-11-23T09:00:00.5Z",
}
SHIPMENT: dict[str, Any] = {
    "reference": "C-1",
    "shipment_id": "S-1",
    "line_number": "1",
    "line_reference": "A-1",
    "sku": "M-1",
    "quantity": "2",
    "warehouse": "LYON",
    "carrier": "colissimo",
    "tracking_number": "6A123",
    "tracking_url": "https://parcel.example/6A123",
    "shipped_at": "2026-11-23T09:00:00Z",
}


def test_a_product_is_read_whole(erp: Erp, connect: Connect) -> None:
    erp.send("products", 1, [PRODUCT])
    (batch,) = connect().product_batches("")
    assert batch.rejected == ()
    assert batch.lines == (2,)
    assert batch.products == (
        Product(
            sku="M-1",
            ean="4006381333931",
            title="Souris « Éclair »",
            brand="Comète",
            family="mice",
            supplier="Grossiste",
            purchase_price=Decimal("12.3456"),
            purchase_currency="USD",
            list_price=Decimal("29.9"),
            currency="EUR",
            vat_rate=Decimal("5.5"),
            weight_g=120,
            length_mm=None,
            width_mm=60,
            height_mm=0,
            active=False,
            updated_at=datetime(2026, 11, 23, 9, tzinfo=UTC),
        ),
    )


def test_stock_states_and_shipments_are_read_whole(erp: Erp, connect: Connect) -> None:
    erp.send("stock", 1, [STOCK], complete=True, as_of="2026-11-23T08:00:00.25Z")
    erp.send("order_status", 1, [STATE])
    erp.send("shipments", 1, [SHIPMENT])
    connection = connect()
    (stock,) = connection.stock_batches("")
    assert stock.levels == (StockLevel(sku="M-1", warehouse="LYON", quantity=7, incoming=3),)
    assert (stock.complete, stock.as_of) == (True, datetime(2026, 11, 23, 8, 0, 0, 250000, tzinfo=UTC))
    (states,) = connection.order_state_batches("")
    changed = datetime(2026, 11, 23, 9, 0, 0, 500000, tzinfo=UTC)
    assert states.states == (
        ErpOrderState(
            order_reference="C-1",
            document="BC-9",
            status="preparing",
            changed_at=changed,
            message="picked",
            line=2,
        ),
    )
    (shipments,) = connection.shipment_batches("")
    url = "https://parcel.example/6A123"
    assert shipments.shipments == (
        ErpShipmentLine(
            order_reference="C-1",
            shipment_id="S-1",
            line_id="A-1",
            sku="M-1",
            quantity=2,
            warehouse="LYON",
            parcel=Parcel(carrier="COLISSIMO", tracking_number="6A123", tracking_url=url),
            shipped_at=datetime(2026, 11, 23, 9, tzinfo=UTC),
            line=2,
        ),
    )


READERS = {
    "products": (PRODUCT, "product_batches", "products"),
    "stock": (STOCK, "stock_batches", "levels"),
    "order_status": (STATE, "order_state_batches", "states"),
    "shipments": (SHIPMENT, "shipment_batches", "shipments"),
}
KEYS = {"products": "sku", "stock": "sku", "order_status": "reference", "shipments": "shipment_id"}


@pytest.mark.parametrize(
    ("kind", "cell", "code"),
    [
        ("products", {"sku": ""}, "missing"),
        ("products", {"title": " "}, "missing"),
        ("products", {"list_price": "0"}, "bad_price"),
        ("products", {"purchase_price": "-1"}, "bad_price"),
        ("products", {"list_price": "29,90"}, "bad_amount"),
        ("products", {"list_price": "1.23456"}, "bad_amount"),
        ("products", {"list_price": "NaN"}, "bad_amount"),
        ("products", {"list_price": "1e3"}, "bad_amount"),
        ("products", {"vat_rate": "200"}, "bad_amount"),
        ("products", {"currency": "€"}, "bad_currency"),
        ("products", {"weight_g": "heavy"}, "bad_number"),
        ("products", {"weight_g": "-1"}, "bad_number"),
        ("products", {"active": "perhaps"}, "bad_flag"),
        ("products", {"updated_at": "23/11/2026"}, "bad_date"),
        ("products", {"updated_at": "2026-11-23T09:00:00"}, "bad_date"),
        ("stock", {"quantity": "-1"}, "negative_stock"),
        ("stock", {"quantity": "1.5"}, "bad_quantity"),
        ("stock", {"quantity": ""}, "bad_quantity"),
        ("stock", {"quantity": "٣"}, "bad_quantity"),
        ("stock", {"quantity": "99999999999"}, "bad_quantity"),
        ("stock", {"incoming": "many"}, "bad_quantity"),
        ("stock", {"warehouse": ""}, "missing"),
        ("stock", {"warehouse": "LY\0ON"}, "nul"),
        ("order_status", {"status": "teleported"}, "unknown_status"),
        ("order_status", {"changed_at": ""}, "missing"),
        ("shipments", {"quantity": "0"}, "bad_quantity"),
        ("shipments", {"line_reference": ""}, "missing"),
        ("shipments", {"shipped_at": "soon"}, "bad_date"),
    ],
)
def test_a_bad_line_is_set_aside_and_the_others_are_taken(
    erp: Erp, connect: Connect, kind: str, cell: dict[str, str], code: str
) -> None:
    good, method, records = READERS[kind]
    key = KEYS[kind]
    erp.send(kind, 1, [good | {key: "first"}, good | {key: "bad"} | cell, good | {key: "last"}])
    (batch,) = getattr(connect(), method)("")
    (rejected,) = batch.rejected
    assert (rejected.code, rejected.line) == (code, 3)
    assert rejected.external_id == cell.get(key, "bad") or rejected.external_id == f"{kind}-000000001.csv:3"
    assert rejected.raw
    assert len(getattr(batch, records)) == 2
    connect().acknowledge(batch.key, batch.rejected)
    receipt = erp.receipt(f"{kind}-000000001")
    assert (receipt["taken"], [line["line"] for line in receipt["rejected"]]) == (2, [3])


@pytest.mark.parametrize("code", ["4006381333932", "M-1", "4,00638E+12"])
def test_a_wrong_ean_is_left_out_and_its_product_kept(erp: Erp, connect: Connect, code: str) -> None:
    erp.send("products", 1, [PRODUCT | {"ean": code}])
    connection = connect()
    (batch,) = connection.product_batches("")
    assert (batch.products[0].sku, batch.products[0].ean) == ("M-1", "")
    (note,) = batch.rejected
    assert (note.code, note.line) == ("bad_ean", 2)
    connection.acknowledge(batch.key, batch.rejected)
    assert erp.receipt("products-000000001")["taken"] == 1


@given(st.text("0123456789 -", max_size=15) | st.from_regex(r"[0-9]{8}|[0-9]{12,14}", fullmatch=True))
def test_an_ean_is_judged_as_python_stdnum_does(code: str) -> None:
    assert _valid_ean(code) == (ean.compact(code) if ean.is_valid(code) else "")


def test_a_product_without_an_ean_is_nothing_to_speak_of(erp: Erp, connect: Connect) -> None:
    erp.send("products", 1, [PRODUCT | {"ean": ""}])
    (batch,) = connect().product_batches("")
    assert (len(batch.products), batch.rejected) == (1, ())


def test_the_second_line_that_says_the_same_is_refused(erp: Erp, connect: Connect) -> None:
    erp.send("stock", 1, [STOCK, STOCK | {"quantity": "9"}, STOCK | {"warehouse": "PARIS"}])
    (batch,) = connect().stock_batches("")
    assert [(level.warehouse, level.quantity) for level in batch.levels] == [("LYON", 7), ("PARIS", 7)]
    assert [(r.code, r.line) for r in batch.rejected] == [("duplicate", 3)]


def test_a_shipment_is_taken_whole_or_not_at_all(erp: Erp, connect: Connect) -> None:
    lines = [
        SHIPMENT | {"shipment_id": "S-1", "sku": "A"},
        SHIPMENT | {"shipment_id": "S-2", "sku": "B"},
        SHIPMENT | {"shipment_id": "S-1", "sku": "C", "quantity": "x"},
    ]
    erp.send("shipments", 1, lines)
    (batch,) = connect().shipment_batches("")
    assert [(line.shipment_id, line.line) for line in batch.shipments] == [("S-2", 3)]
    assert [(r.external_id, r.code, r.line) for r in batch.rejected] == [
        ("S-1", "document", 2),
        ("S-1", "bad_quantity", 4),
    ]
