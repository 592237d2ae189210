"""OR11's orders in our words."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from comptoir.connectors.mirakl.orders import parse_order
from comptoir.connectors.mirakl.tests.payloads import line, order
from comptoir.sdk.errors import RejectedRecord
from comptoir.sdk.records import Order
from comptoir.sdk.statuses import OrderStatus as S

D = Decimal


def parsed(payload: dict[str, Any], *centers: str) -> Order:
    return parse_order(json.dumps(payload).encode(), frozenset(centers))


def test_an_order_with_tax_inside_adds_up() -> None:
    found = parsed(order())
    assert (found.external_id, found.number, found.status) == ("C-1-A", "C-1", S.TO_SHIP)
    assert found.total_amount == D("50.40")
    assert found.shipping_amount == D("4.90")
    assert found.tax_amount == 0
    assert found.prices_include_tax
    assert sum(one.amount for one in found.lines) + found.shipping_amount == found.total_amount
    assert [one.unit_price for one in found.lines] == [D("10.0"), D("25.50")]


def test_taxes_come_on_top_where_prices_are_without_them() -> None:
    found = parsed(order(order_tax_mode="TAX_EXCLUDED"))
    assert found.tax_amount == D("8.30")  # 2 × (3.33 + 0.82)
    assert found.total_amount == D("58.70")
    assert found.lines[0].tax_amount == D("4.15")
    assert sum(one.amount for one in found.lines) + found.shipping_amount + found.tax_amount == D("58.70")


def test_the_orders_own_taxes_win_over_those_of_its_lines() -> None:
    taxes = [{"code": "VAT", "rate": 20, "total_amount": 9.1}]
    assert parsed(order(order_tax_mode="TAX_EXCLUDED", order_taxes=taxes)).tax_amount == D("9.1")


def test_fees_that_the_buyer_pays_count_as_shipping() -> None:
    found = parsed(order(total_price=51.40))
    assert found.shipping_amount == D("5.90")
    assert found.total_amount == D("51.40")


def test_a_promotion_is_already_out_of_the_price() -> None:
    promotions = {"applied_promotions": [], "total_deduced_amount": 3}
    assert parsed(order(promotions=promotions)).discount_amount == 0


def test_totals_that_are_not_told_are_summed_from_the_lines() -> None:
    found = parsed(order(price=None, shipping_price=None, total_price=None))
    assert found.total_amount == D("50.40")
    assert found.shipping_amount == D("4.90")


def test_dates_addresses_and_buyer_are_read() -> None:
    found = parsed(order())
    assert found.placed_at == datetime(2026, 11, 20, 8, 15, 30, tzinfo=UTC)
    assert found.updated_at == datetime(2026, 11, 20, 9, 0, 0, 250000, tzinfo=UTC)
    assert found.ship_by == datetime(2026, 11, 24, 22, 59, 59, 999000, tzinfo=UTC)
    assert found.shipping_address is not None
    assert found.shipping_address.country == "FR"
    assert found.shipping_address.street_2 == "Bât. B, Digicode 12"
    assert (found.buyer.name, found.buyer.email) == ("Zoé Martin", "notification+abc@notification.example")


def test_there_is_no_address_before_acceptance() -> None:
    hidden = {"customer_id": "K-77", "billing_address": None, "shipping_address": None}
    found = parsed(order(state="WAITING_ACCEPTANCE", customer=hidden))
    assert found.shipping_address is None
    assert found.status is S.TO_ACCEPT


def test_an_unknown_country_keeps_the_channels_text() -> None:
    customer = {"shipping_address": {"lastname": "X", "country": "Atlantide", "country_iso_code": None}}
    address = parsed(order(customer=customer)).shipping_address
    assert address is not None
    assert address.country == "Atlantide"


def test_units_cancelled_and_refunded_are_counted_per_line() -> None:
    first = line(
        "C-1-A-1",
        "SHIPPED",
        quantity=5,
        shipped_date="2026-11-21T10:00:00Z",
        cancelations=[{"id": "1", "quantity": 2, "amount": 4}],
        refunds=[{"id": "9", "quantity": 1, "amount": 2.5, "shipping_amount": 1, "taxes": [{"amount": 0.5}]}],
    )
    found = parsed(order(state="SHIPPED", order_lines=[first])).lines[0]
    assert (found.cancelled_quantity, found.refunded_quantity, found.shipped_quantity) == (2, 1, 3)
    assert found.refunded_amount == D("3.5")


@pytest.mark.parametrize("state", ["REFUSED", "CANCELED"])
def test_every_unit_of_a_line_that_ended_is_cancelled(state: str) -> None:
    found = parsed(order(order_lines=[line("L", state, quantity=3)])).lines[0]
    assert (found.cancelled_quantity, found.shipped_quantity) == (3, 0)


@pytest.mark.parametrize(
    ("state", "lines", "fully_refunded", "status"),
    [
        ("SHIPPING", ["SHIPPED", "SHIPPING"], False, S.PARTIALLY_SHIPPED),
        ("SHIPPING", ["CANCELED", "SHIPPING"], False, S.TO_SHIP),
        ("SHIPPED", ["SHIPPED", "CANCELED"], False, S.SHIPPED),
        ("RECEIVED", ["RECEIVED", "RECEIVED"], True, S.REFUNDED),
        ("SHIPPING", ["SHIPPING", "SHIPPING"], True, S.TO_SHIP),
        ("SHIPPING", ["REFUNDED", "CANCELED"], False, S.REFUNDED),
        ("CANCELED", ["CANCELED", "CANCELED"], False, S.CANCELLED),
        ("TOMORROW", ["TOMORROW", "SHIPPED"], False, S.UNKNOWN),
    ],
)
def test_an_orders_status_is_its_state_made_finer_by_its_lines(
    state: str, lines: list[str], fully_refunded: bool, status: S
) -> None:
    payload = order(
        state=state,
        fully_refunded=fully_refunded,
        order_lines=[line(f"L-{number}", one) for number, one in enumerate(lines)],
    )
    assert parsed(payload).status is status


@pytest.mark.parametrize(
    ("dates", "status"),
    [
        ({}, S.TO_SHIP),
        ({"shipped_date": "2026-11-21T10:00:00Z"}, S.SHIPPED),
        ({"shipped_date": "2026-11-21T10:00:00Z", "received_date": "2026-11-23T10:00:00Z"}, S.DELIVERED),
    ],
)
def test_an_incident_does_not_hide_where_the_line_stands(dates: dict[str, str], status: S) -> None:
    found = parsed(order(order_lines=[line("L", "INCIDENT_OPEN", **dates)])).lines[0]
    assert found.status is status
    assert found.external_status == "INCIDENT_OPEN"


def test_lines_from_the_marketplaces_warehouse_are_told_apart() -> None:
    payload = order(fulfillment={"center": {"code": "OPERATOR-1"}})
    assert {one.fulfilled_by for one in parsed(payload, "OPERATOR-1").lines} == {"channel"}
    assert {one.fulfilled_by for one in parsed(payload).lines} == {"seller"}


@pytest.mark.parametrize("name", ["order_id", "order_lines", "currency_iso_code"])
def test_an_order_without_what_matters_is_rejected(name: str) -> None:
    with pytest.raises(RejectedRecord, match=name):
        parsed({**order(), name: None})


def test_the_payload_is_kept_whole() -> None:
    raw = json.dumps(order()).encode()
    assert parse_order(raw).raw == raw
