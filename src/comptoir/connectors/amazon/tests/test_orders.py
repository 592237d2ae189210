"""How an order of Amazon becomes ours."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from comptoir.connectors.amazon.orders import parse_raw_order
from comptoir.connectors.amazon.tests.payloads import FR, money, order
from comptoir.sdk.errors import RejectedRecord
from comptoir.sdk.records import Order
from comptoir.sdk.statuses import OrderStatus


def parse(payload: dict[str, Any]) -> Order:
    return parse_raw_order(msgspec.json.encode(payload))


def test_amounts_come_from_the_proceeds_and_european_tax_stays_inside_the_price() -> None:
    read = parse(order())
    (line,) = read.lines
    assert (line.unit_price, line.amount) == (Decimal("19.90"), Decimal("39.80"))
    assert (read.shipping_amount, read.discount_amount) == (Decimal("4.99"), Decimal("1.00"))
    assert (read.total_amount, read.tax_amount, read.prices_include_tax) == (Decimal("43.79"), 0, True)
    assert line.amount + line.shipping_amount - line.discount_amount == read.total_amount


def test_american_tax_comes_on_top() -> None:
    payload = order()
    payload["salesChannel"]["marketplaceId"] = "ATVPDKIKX0DER"
    del payload["proceeds"]
    read = parse(payload)
    assert not read.prices_include_tax
    assert read.tax_amount == Decimal("7.30")
    assert read.total_amount == Decimal("39.80") + Decimal("4.99") - Decimal("1.00") + Decimal("7.30")


def test_a_pending_order_without_prices_is_read_and_never_to_ship() -> None:
    payload = order(status="PENDING")
    del (
        payload["proceeds"],
        payload["orderItems"][0]["proceeds"],
        payload["orderItems"][0]["product"]["price"],
    )
    read = parse(payload)
    assert read.status is OrderStatus.PENDING
    assert read.status.reserves
    assert (read.total_amount, read.currency, read.lines[0].quantity) == (0, "EUR", 2)


def test_an_order_of_amazon_s_own_warehouse_never_touches_our_stock() -> None:
    payload = order()
    payload["fulfillment"]["fulfilledBy"] = "AMAZON"
    read = parse(payload)
    assert [line.fulfilled_by for line in read.lines] == ["channel"]
    assert read.can_cancel is False


def test_missing_personal_data_is_not_an_error() -> None:
    payload = order()
    del payload["buyer"], payload["recipient"]
    read = parse(payload)
    assert read.shipping_address is None
    assert read.buyer.name == ""


def test_the_address_the_deadlines_and_the_marketplace_are_read() -> None:
    read = parse(order())
    assert read.shipping_address is not None
    assert (read.shipping_address.street_2, read.shipping_address.country) == ("Bâtiment B", "FR")
    assert read.ship_by == datetime(2026, 11, 24, 22, 59, 59, tzinfo=UTC)
    assert read.marketplace == FR


def test_a_partly_shipped_order_says_which_line_has_left() -> None:
    payload = order(status="PARTIALLY_SHIPPED")
    left = payload["orderItems"][0] | {
        "orderItemId": "left",
        "fulfillment": {"quantityFulfilled": 2, "quantityUnfulfilled": 0},
    }
    payload["orderItems"].append(left)
    read = parse(payload)
    assert [line.status for line in read.lines] == [OrderStatus.TO_SHIP, OrderStatus.SHIPPED]
    assert [line.shipped_quantity for line in read.lines] == [0, 2]


def test_a_cancelled_item_gives_its_units_back() -> None:
    payload = order()
    payload["orderItems"][0]["cancellation"] = {"cancellationExecution": {"cancelledBy": "BUYER"}}
    (line,) = parse(payload).lines
    assert (line.status, line.cancelled_quantity) == (OrderStatus.CANCELLED, 2)


def test_a_buyer_who_asks_to_cancel_is_heard() -> None:
    payload = order()
    payload["orderItems"][0]["cancellation"] = {
        "cancellationRequest": {"requester": "BUYER", "cancelReason": "Ordered by mistake"}
    }
    assert parse(payload).cancel_request == "Ordered by mistake"


def test_an_order_whose_parcels_all_arrived_is_delivered() -> None:
    parcel = {"packageReferenceId": "1", "packageStatus": {"status": "DELIVERED"}}
    assert parse(order(status="SHIPPED", packages=[parcel])).status is OrderStatus.DELIVERED
    moving = parcel | {"packageStatus": {"status": "IN_TRANSIT"}}
    assert parse(order(status="SHIPPED", packages=[parcel, moving])).status is OrderStatus.SHIPPED


def test_an_order_without_items_is_set_aside_under_its_own_id() -> None:
    with pytest.raises(RejectedRecord) as caught:
        parse(order(orderItems=[]))
    assert caught.value.record_id == "403-0000000-0000001"


def test_an_order_that_cannot_be_decoded_is_set_aside_under_its_own_id() -> None:
    with pytest.raises(RejectedRecord) as caught:
        parse(order(createdTime="yesterday"))
    assert caught.value.record_id == "403-0000000-0000001"


def test_a_business_buyer_s_registered_address_is_the_billing_address() -> None:
    tax = {
        "taxRegistrations": [{"taxRegistrationAddress": {"companyName": "Martin SARL", "countryCode": "FR"}}]
    }
    billing = parse(order(tax=tax)).billing_address
    assert billing is not None
    assert billing.company == "Martin SARL"


def test_shipping_is_the_sum_of_all_that_is_paid_besides_the_goods() -> None:
    payload = order()
    payload["orderItems"][0]["proceeds"]["breakdowns"].append(
        {"type": "GIFT_WRAP", "subtotal": money("2.00")}
    )
    assert parse(payload).shipping_amount == Decimal("6.99")
