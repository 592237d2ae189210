"""Whatever an order holds, what the ERP reads is what the hub had."""

from __future__ import annotations

import csv
import io
import unicodedata
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from comptoir.connectors.files.export_file import Dialect, to_bytes
from comptoir.connectors.files.orders import HEADER, build_order
from comptoir.connectors.files.tests.samples import AT, line
from comptoir.sdk.records import Address, Buyer, ErpOrder, Order, OrderLine
from comptoir.sdk.statuses import OrderStatus

DIALECTS = st.builds(
    Dialect,
    encoding=st.sampled_from(["utf-8", "cp1252", "cp850", "iso-8859-15"]),
    separator=st.sampled_from([";", ",", "\t"]),
    decimal=st.sampled_from([".", ","]),
)
# Letters that all four encodings have, and everything that CSV stumbles over.
TEXTS = st.text(st.sampled_from("abcéèàçÉ0123 ';,\"\t\r\n=+-@\0\\"), max_size=30)
KEYS = st.text(st.sampled_from("ABCé012-;,\"'"), min_size=1, max_size=17)
AMOUNTS = st.decimals(min_value=-(10**6), max_value=10**6, places=4)
LINES = st.builds(
    line,
    st.integers(1, 99),
    sku=KEYS,
    external_id=KEYS,
    title=TEXTS,
    quantity=st.integers(1, 9999),
    unit_price=AMOUNTS,
    amount=AMOUNTS,
)


@st.composite
def orders(draw: st.DrawFn) -> ErpOrder:
    order = Order(
        external_id=draw(KEYS),
        status=OrderStatus.TO_SHIP,
        external_status="X",
        placed_at=draw(st.datetimes()).replace(year=2026, tzinfo=AT.tzinfo),
        updated_at=AT,
        currency="EUR",
        lines=tuple(draw(st.lists(LINES, min_size=1, max_size=4))),
        total_amount=draw(AMOUNTS),
        shipping_amount=draw(AMOUNTS),
        prices_include_tax=draw(st.booleans()),
        buyer=Buyer(email=draw(TEXTS)),
        shipping_address=Address(name=draw(TEXTS), street_1=draw(TEXTS), city=draw(TEXTS)),
    )
    return ErpOrder(reference=draw(KEYS), channel="fnac", order=order)


def read_back(data: bytes, dialect: Dialect) -> list[dict[str, str]]:
    text = io.StringIO(data.decode(dialect.encoding), newline="")
    return list(csv.DictReader(text, delimiter=dialect.separator, strict=True))


def on_one_line(text: str) -> str:
    return " ".join("".join(" " if unicodedata.category(c) == "Cc" else c for c in text).split())


@settings(max_examples=300, deadline=None)
@given(items=st.lists(orders(), min_size=1, max_size=4), dialect=DIALECTS)
def test_orders_come_back_as_they_left(items: list[ErpOrder], dialect: Dialect) -> None:
    rows = [row for item in items for row in build_order(item, dialect)]
    data = to_bytes(HEADER, rows, dialect)
    assert data == to_bytes(HEADER, rows, dialect)
    assert data.count(b"\r\n") == data.count(b"\n") == len(rows) + 1, "one line of the file per line of order"
    expected = [expect(item, n, sold) for item in items for n, sold in enumerate(item.order.lines, 1)]
    found = [understand(row, dialect) for row in read_back(data, dialect)]
    assert found == expected


def expect(item: ErpOrder, number: int, sold: OrderLine) -> tuple[object, ...]:
    order = item.order
    assert order.shipping_address is not None
    address = order.shipping_address
    return (
        *(item.reference, order.external_id, order.placed_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")),
        *(number, len(order.lines), sold.external_id, sold.sku, on_one_line(sold.title), sold.quantity),
        *(sold.unit_price, sold.amount, order.total_amount, order.shipping_amount),
        *(order.prices_include_tax, on_one_line(address.name), on_one_line(order.buyer.email)),
    )


def understand(row: dict[str, str], dialect: Dialect) -> tuple[object, ...]:
    def amount(name: str) -> Decimal:
        return Decimal(row[name].replace(dialect.decimal, "."))

    return (
        *(row["reference"], row["external_id"], row["placed_at"]),
        *(int(row["line_number"]), int(row["lines"]), row["line_reference"], row["sku"], row["title"]),
        *(int(row["quantity"]), amount("unit_price"), amount("line_amount"), amount("total_amount")),
        *(amount("shipping_amount"), row["prices_include_tax"] == "yes"),
        *(row["customer_name"], row["email"]),
    )
