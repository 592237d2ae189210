"""Invoices of a real shop, replayed as orders."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from openpyxl import Workbook

from bazaar.replay.plan import ReplayOrder, ReplayReport, plan_replay
from bazaar.replay.rows import read_invoice_rows
from bazaar.world.world import SimulatedWorld

MakeWorld = Callable[..., SimulatedWorld]
SHARED = Path(os.environ.get("COMPTOIR_SHARED", Path(__file__).parents[2] / ".." / "shared"))
REAL = SHARED / "data" / "online_retail" / "online_retail_2010-12_2011-08.parquet"

NAMES = [
    "InvoiceNo",
    "StockCode",
    "Description",
    "Quantity",
    "InvoiceDate",
    "UnitPrice",
    "CustomerID",
    "Country",
]
DAY = datetime(2026, 12, 1)  # noqa: DTZ001  the file's times have no zone
ROWS: list[tuple[Any, ...]] = [
    ("1001", "A", "Lamp", 5, DAY.replace(hour=9), 1.255, 7, "France"),
    ("1001", "A", "Lamp", 2, DAY.replace(hour=9), 1.25, 7, "France"),
    ("1001", "POST", "Postage", 1, DAY.replace(hour=9), 18.0, 7, "France"),
    ("1002", "A", None, 4, DAY.replace(hour=10), 1.25, 7, "France"),
    ("1003", "B", "Box", 3, DAY.replace(hour=11), 2.0, 8, "France"),
    ("C1004", "A", "Lamp", -6, DAY.replace(hour=12), 1.25, 7, "France"),  # 4 of 1002, then 2 of 1001
    ("C1005", "B", "Box", -5, DAY.replace(hour=13), 2.0, 8, "France"),  # only 3 were sold
    ("C1006", "B", "Box", -1, DAY.replace(hour=13), 2.0, None, "France"),
    ("C1007", "Z", "Zebra", -1, DAY.replace(hour=13), 2.0, 8, "France"),
    ("1008", "A", "Lamp", -3, DAY.replace(hour=14), 0.0, None, "France"),
    ("1009", "A", "Lamp", 3, DAY.replace(hour=14), 0.0, None, "France"),
    ("A1010", "B", "Adjust", 1, DAY.replace(hour=14), -5.0, None, "France"),
]  # fmt: skip


def write(path: Path, names: list[str] = NAMES) -> Path:
    columns = list(zip(*ROWS, strict=True))
    if path.suffix == ".parquet":
        pq.write_table(pa.table(dict(zip(names, map(list, columns), strict=True))), path)
    elif path.suffix == ".csv":
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(names)
            writer.writerows((*row[:4], row[4].strftime("%m/%d/%Y %H:%M"), *row[5:]) for row in ROWS)
    else:
        book = Workbook()
        assert book.active is not None
        book.active.append(names)
        for row in ROWS:
            book.active.append(row)
        book.save(path)
        book.close()
    return path


def replay(world: SimulatedWorld, path: Path, **more: Any) -> ReplayReport:
    return plan_replay(world, ReplayOrder(path=str(path), **more))


@pytest.mark.parametrize("name", ["a.parquet", "a.csv", "a.xlsx"])
def test_every_row_is_a_sale_a_return_or_set_aside_with_its_reason(
    make_world: MakeWorld, tmp_path: Path, name: str
) -> None:
    report = replay(make_world(products=0), write(tmp_path / name))
    assert (report.rows, report.sale_lines, report.invoices, report.products) == (12, 5, 3, 3)
    assert report.set_aside == {"negative_quantity": 1, "zero_price": 1, "adjustment_invoice": 1}
    assert report.return_rows == 4
    assert report.returns == {
        "matched": 1, "partly_matched": 1, "unmatched": 1, "without_customer": 1,
        "units_matched": 9, "units_unmatched": 4,
    }  # fmt: skip
    assert report.amount == Decimal("6.28") + Decimal("2.50") + 18 + 5 + 6
    assert report.rows == report.sale_lines + report.return_rows + sum(report.set_aside.values())


def test_the_second_editions_column_names_are_known(make_world: MakeWorld, tmp_path: Path) -> None:
    names = [
        "Invoice",
        "StockCode",
        "Description",
        "Quantity",
        "InvoiceDate",
        "Price",
        "Customer ID",
        "Country",
    ]
    assert replay(make_world(products=0), write(tmp_path / "b.parquet", names)).invoices == 3


def test_invoices_become_orders_at_their_times_with_their_lines(
    make_world: MakeWorld, tmp_path: Path
) -> None:
    world = make_world(products=0)
    replay(world, write(tmp_path / "a.parquet"))
    assert {sku: p.initial_stock for sku, p in world.products.items()} == {"A": 21, "B": 13, "POST": 11}
    assert world.products["A"].title == "Lamp"
    world.advance(datetime(2026, 12, 2, tzinfo=UTC))
    placed = world.ledger.of_kind("order_placed")
    assert [fact.at.hour for fact in placed] == [9, 10, 11]
    lines = placed[0].detail["lines"]
    assert isinstance(lines, list)
    assert [(x["sku"], x["quantity"], x["unit_price"], x["amount"]) for x in lines] == [
        ("A", "5", "1.255", "6.28"), ("A", "2", "1.25", "2.50"), ("POST", "1", "18.0", "18.00"),
    ]  # fmt: skip
    assert placed[0].party == placed[1].party  # one customer, one marketplace


def test_returns_take_from_the_latest_order_first_as_cancellation_or_refund(
    make_world: MakeWorld, tmp_path: Path
) -> None:
    world = make_world(products=0, party=["corner_shop"])
    replay(world, write(tmp_path / "a.parquet"))
    world.advance(datetime(2026, 12, 1, 10, 30, tzinfo=UTC))
    shop = world.parties["corner-shop-1"]
    shop.orders["corner-shop-1-000001"].state = "shipped"  # type: ignore[attr-defined]
    world.advance(datetime(2026, 12, 2, tzinfo=UTC))
    told = [
        (fact.kind, fact.order_id[-1], fact.sku, fact.quantity)
        for fact in world.ledger
        if fact.kind in ("order_cancelled", "order_refunded")
    ]
    assert told == [
        ("order_cancelled", "2", "A", 4),
        ("order_refunded", "1", "A", 2),
        ("order_cancelled", "3", "B", 3),
    ]
    assert world.demand.counts["returns done"] == 3


def test_a_replay_can_be_moved_in_time_and_cut(make_world: MakeWorld, tmp_path: Path) -> None:
    world = make_world(products=0)
    to = datetime(2027, 1, 1, tzinfo=UTC)
    report = replay(
        world, write(tmp_path / "a.parquet"), shift_to=to, since=datetime(2026, 12, 1, 10, tzinfo=UTC)
    )
    assert (report.first_at, report.last_at) == (to, to + timedelta(hours=1))
    assert report.set_aside["out_of_range"] == 3


def test_a_replay_that_cannot_be_is_refused_with_the_reason(make_world: MakeWorld, tmp_path: Path) -> None:
    world, path = make_world(products=0), write(tmp_path / "a.parquet")
    with pytest.raises(ValueError, match="marketplace"):
        replay(world, path, parties=["nobody"])
    (tmp_path / "a.txt").write_text("x")
    with pytest.raises(ValueError, match="parquet"):
        replay(world, tmp_path / "a.txt")
    (tmp_path / "c.csv").write_text("a,b\n1,2\n")
    with pytest.raises(ValueError, match="no column for"):
        replay(world, tmp_path / "c.csv")
    replay(world, path)
    with pytest.raises(ValueError, match="products already"):
        replay(world, path)
    world.advance(datetime(2027, 1, 1, tzinfo=UTC))
    with pytest.raises(ValueError, match="shift_to"):
        replay(world, path)


@pytest.mark.shared
@pytest.mark.skipif(not REAL.exists(), reason="COMPTOIR_SHARED has no data/online_retail")
def test_the_real_file_loads_in_seconds_and_every_row_is_accounted_for(make_world: MakeWorld) -> None:
    world = make_world(products=0, start="2010-12-01T00:00:00+00:00")
    report = replay(world, REAL)
    assert report.rows == 320_705
    assert (report.sale_lines, report.return_rows) == (313_058, 5_847)
    assert report.set_aside == {"zero_price": 872, "negative_quantity": 925, "adjustment_invoice": 3}
    assert (report.invoices, report.products, report.units) == (12_494, 3_627, 3_325_399)
    table = pq.read_table(REAL, columns=["invoice_no", "quantity", "unit_price"]).to_pylist()
    expected = sum(
        row["quantity"] * row["unit_price"]
        for row in table
        if row["invoice_no"].isdigit() and row["quantity"] > 0 and row["unit_price"] > 0
    )
    assert float(report.amount) == pytest.approx(expected, abs=20)  # some lines have more than two decimals
    rows = ("matched", "partly_matched", "unmatched", "without_customer")
    assert sum(report.returns[name] for name in rows) == report.return_rows
    world.advance(datetime(2011, 9, 1, tzinfo=UTC))
    assert len(world.ledger.of_kind("order_placed")) == report.invoices
    assert world.demand.counts["returns done"] == report.return_orders


FRENCH = """Customer ID;Prix;Price;Quantity;Description;StockCode;InvoiceDate;Invoice
;x;1,255;5;Lampe à pétrole;A;25/12/2026 09:00;FA-1001
7;x;2;3;;B;03/01/2027 11:00;1003
7;x;2;3;;B;03/01/2027 11:00;1003
7;x;2;-4;;B;04/01/2027 12:00;C1004
7;x;n/a;1;;B;04/01/2027 12:00;1005
"""


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_a_csv_of_another_country_in_another_order_is_read(
    make_world: MakeWorld, tmp_path: Path, encoding: str
) -> None:
    path = tmp_path / "ventes.csv"
    path.write_text(FRENCH, encoding=encoding)
    world = make_world(products=0)
    report = replay(world, path)
    assert (report.invoices, report.sale_lines, report.return_rows) == (2, 3, 1)
    assert report.set_aside == {"unreadable": 1}
    assert report.last_at - report.first_at == timedelta(days=9, hours=2)  # 25 December, then 3 January
    assert world.products["A"].title == "Lampe à pétrole"
    assert report.returns["units_matched"] == 4  # of a line that stands twice


def test_what_pandas_writes_for_nothing_is_nothing(make_world: MakeWorld, tmp_path: Path) -> None:
    path, nan = tmp_path / "a.parquet", float("nan")
    columns: dict[str, Any] = {
        "price": pa.array([Decimal("1.50"), Decimal("2.00")]), "quantity": pa.array([2.0, 1.0]),
        "invoice_date": pa.array([DAY.date(), DAY.date()]), "customer_id": pa.array([nan, 17850.0]),
        "invoice": pa.array([1001, 1002]), "stock_code": pa.array(["A", "B"]).dictionary_encode(),
        "description": pa.array([None, "Box"]),
    }  # fmt: skip
    pq.write_table(pa.table(columns), path)
    rows = read_invoice_rows(path)
    assert [(row.customer, row.description, row.quantity) for row in rows] == [
        ("", "", 2),
        ("17850", "Box", 1),
    ]
    assert replay(make_world(products=0), path).invoices == 2


def test_a_file_without_a_sale_says_why(make_world: MakeWorld, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Invoice,StockCode,Quantity,Price,InvoiceDate\n1,A,0,2,2026-12-01\n1,A,x,2,2026-12-01\n")
    with pytest.raises(ValueError, match=r"2 rows and no sale among them .1 negative_quantity, 1 unreadable"):
        replay(make_world(products=0), path)
    (tmp_path / "b.parquet").write_text("no parquet")
    with pytest.raises(ValueError, match="not a parquet file"):
        replay(make_world(products=0), tmp_path / "b.parquet")
    (tmp_path / "b.xlsx").write_text("no workbook")
    with pytest.raises(ValueError, match="not an XLSX"):
        replay(make_world(products=0), tmp_path / "b.xlsx")
