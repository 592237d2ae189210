"""What the parser makes of an order: amounts, addresses, statuses, supply modes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from comptoir.connectors.octopia.orders import parse_order
from comptoir.connectors.octopia.tests.samples import ADDRESS, a_line, an_order
from comptoir.sdk.errors import RejectedRecord
from comptoir.sdk.records import Order
from comptoir.sdk.statuses import OrderStatus


def parse(payload: Any) -> Order:
    return parse_order(msgspec.json.encode(payload), timedelta(hours=24))


def test_the_whole_sample_is_read() -> None:
    order = parse(an_order())
    assert (order.external_id, order.number, order.marketplace) == ("SCID000042", "26112300042", "CDISFR")
    assert (order.status, order.external_status) == (OrderStatus.TO_ACCEPT, "WaitingAcceptance")
    assert (order.total_amount, order.shipping_amount, order.currency) == (
        Decimal("54.7"),
        Decimal("4.9"),
        "EUR",
    )
    assert order.lines[0].amount == Decimal("49.8")
    assert order.lines[0].unit_price == Decimal("24.90")
    assert order.lines[0].external_product_id == "3700000000018"
    assert order.shipping_address is not None
    assert (order.shipping_address.name, order.shipping_address.country) == ("Jeanne Martin", "FR")
    assert (order.buyer.email, order.buyer.external_id) == ("relay-1@relay.invalid", "C000042")
    assert order.accept_by == datetime(2026, 11, 24, 8, 1, 0, 123457, tzinfo=UTC)
    assert order.warnings == ()
    assert b"SCID000042" in order.raw


@pytest.mark.parametrize(
    ("lines", "total", "amounts", "shipping"),
    [
        ([(2, 49.8, 4.9)], 54.7, ["49.8"], "4.9"),  # totals, shipping on top
        ([(2, 49.8, 4.9)], 49.8, ["49.8"], "0"),  # totals, shipping inside or not in the total
        ([(2, 24.9, 4.9)], 54.7, ["49.8"], "4.9"),  # per unit, shipping on top
        ([(3, 10, 0), (2, 5.5, 0)], 41, ["30", "11.0"], "0"),  # per unit
        ([(3, 10, 0), (2, 5.5, 0)], 15.5, ["10", "5.5"], "0"),  # totals
    ],
)
def test_the_reading_that_adds_up_is_taken(
    lines: list[tuple[int, float, float]], total: float, amounts: list[str], shipping: str
) -> None:
    told = [
        a_line(f"L{n}", quantity=quantity, totalPrice={"sellingPrice": price, "shippingCost": cost})
        for n, (quantity, price, cost) in enumerate(lines)
    ]
    order = parse(an_order(lines=told, totalPrice={"sellingPrice": total}))
    assert [line.amount for line in order.lines] == [Decimal(amount) for amount in amounts]
    assert order.shipping_amount == Decimal(shipping)
    assert sum(line.amount for line in order.lines) + order.shipping_amount == order.total_amount
    assert order.warnings == ()


def test_amounts_that_do_not_add_up_are_told() -> None:
    order = parse(an_order(totalPrice={"sellingPrice": 100}))
    assert order.total_amount == Decimal(100)
    assert order.warnings == ("The lines add up to 54.70, the order says 100.",)


def test_without_a_total_the_lines_are_summed() -> None:
    assert parse(an_order(totalPrice=None)).total_amount == Decimal("54.70")


def test_lines_supplied_by_octopia_are_the_channels() -> None:
    lines = [
        a_line(mode, offer={"sellerProductId": "S", "supplyMode": mode})
        for mode in ("Seller", "Fulfillment", "Xdock", "Teleport")
    ]
    order = parse(an_order(lines=lines, totalPrice=None))
    assert [line.fulfilled_by for line in order.lines] == ["seller", "channel", "channel", "seller"]
    assert order.warnings == ("Unknown supply mode Teleport: taken as ours to ship.",)


def test_lines_that_go_elsewhere_keep_their_address() -> None:
    elsewhere = {**ADDRESS, "city": "Lyon"}
    order = parse(an_order(lines=[a_line("L1"), a_line("L2", shippingAddress=elsewhere)], totalPrice=None))
    assert order.shipping_address is not None
    assert order.shipping_address.city == "Bordeaux"
    assert order.lines[0].shipping_address is None
    assert order.lines[1].shipping_address is not None
    assert order.lines[1].shipping_address.city == "Lyon"


@pytest.mark.parametrize(
    ("code", "parcels", "status", "quantities"),
    [
        ("Processing", 0, OrderStatus.PENDING, (0, 0, 0)),
        ("Accepted", 0, OrderStatus.ACCEPTED, (0, 0, 0)),
        ("InPreparation", 0, OrderStatus.TO_SHIP, (0, 0, 0)),
        ("Shipped", 1, OrderStatus.SHIPPED, (2, 0, 0)),
        ("Delivered", 1, OrderStatus.DELIVERED, (2, 0, 0)),
        ("Refused", 0, OrderStatus.REFUSED, (0, 2, 0)),
        ("Rejected", 0, OrderStatus.CANCELLED, (0, 2, 0)),
        ("Cancelled", 0, OrderStatus.CANCELLED, (0, 2, 0)),
        ("Cancelled", 1, OrderStatus.REFUNDED, (2, 0, 2)),
        ("Levitating", 0, OrderStatus.UNKNOWN, (0, 0, 0)),
    ],
)
def test_statuses_and_quantities(
    code: str, parcels: int, status: OrderStatus, quantities: tuple[int, int, int]
) -> None:
    line = a_line("L1", status=code, parcels=[{"parcelNumber": f"P{n}"} for n in range(parcels)])
    order = parse(an_order(lines=[line]) | {"status": code})
    assert (order.status, order.external_status) == (status, code)
    told = order.lines[0]
    assert (told.shipped_quantity, told.cancelled_quantity, told.refunded_quantity) == quantities


def test_an_order_shipped_in_part_says_so() -> None:
    lines = [a_line("L1", status="Shipped"), a_line("L2", status="InPreparation")]
    order = parse(an_order(lines=lines, totalPrice=None) | {"status": "InPreparation"})
    assert order.status is OrderStatus.PARTIALLY_SHIPPED


@pytest.mark.parametrize(
    "broken",
    [
        {"orderId": None},
        {"lines": []},
        {"updatedAt": None},
        {"currencyCode": "euros"},
        {"lines": [a_line("L1", quantity=0)]},
        {"lines": [a_line("")]},
        {"updatedAt": "yesterday"},
    ],
)
def test_an_order_without_what_it_needs_is_set_aside_by_its_id(broken: dict[str, Any]) -> None:
    with pytest.raises(RejectedRecord) as caught:
        parse(an_order() | broken)
    assert caught.value.record_id == (broken.get("orderId", "SCID000042") or "")


def test_ids_may_be_numbers() -> None:
    order = parse(an_order(42, reference=7, lines=[a_line(5)]))  # type: ignore[arg-type]
    assert (order.external_id, order.number, order.lines[0].external_id) == ("42", "7", "5")
