"""An order as Fnac shows it, and what the hub reads in it."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from lxml import etree

from comptoir.connectors.fnac.orders import parse_order
from comptoir.connectors.fnac.statuses import order_status, status_of
from comptoir.connectors.fnac.tests import answers
from comptoir.connectors.fnac.xml import to_dict
from comptoir.sdk.errors import RejectedRecord
from comptoir.sdk.records import Order
from comptoir.sdk.statuses import OrderStatus as S


def read(text: str) -> Order:
    return parse_order(to_dict(etree.fromstring(text)))


def test_amounts_add_up_to_what_the_buyer_pays() -> None:
    order = read(answers.order("57BEAFDA828A8", "ToShip", [answers.line(1), answers.line(2, quantity=1)]))
    assert [line.amount for line in order.lines] == [Decimal("20.00"), Decimal("10.00")]
    assert order.shipping_amount == Decimal("7.00")
    assert order.total_amount == Decimal("37.00")


def test_the_commission_is_told_with_its_tax() -> None:
    assert read(answers.order("57BEAFDA828A8")).lines[0].commission_amount == Decimal("2.88")


def test_dates_are_read_with_their_offset() -> None:
    assert read(answers.order("57BEAFDA828A8")).placed_at == datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def test_the_latest_instant_of_its_lines_is_the_order_s_last_change() -> None:
    lines = [answers.line(1), answers.line(2, debited_at="2026-11-24T08:30:00+01:00")]
    order = read(answers.order("57BEAFDA828A8", "ToShip", lines))
    assert order.updated_at == datetime(2026, 11, 24, 7, 30, tzinfo=UTC)


def test_addresses_that_are_not_shown_yet_are_absent() -> None:
    hidden = "<firstname></firstname><lastname></lastname><zipcode></zipcode><city></city><country></country>"
    order = read(answers.order("57BEAFDA828A8", "Created", address=hidden))
    assert order.shipping_address is None
    assert order.billing_address is None


def test_an_address_is_whole_and_its_country_has_two_letters() -> None:
    address = read(answers.order("57BEAFDA828A8")).shipping_address
    assert address is not None
    assert (address.name, address.street_2, address.country) == ("Zoé L'Hermitte", "Bât. C", "FR")


def test_a_country_that_nobody_knows_stays_as_it_came() -> None:
    order = read(answers.order("57BEAFDA828A8", address=answers.ADDRESS.replace("FRA", "Atlantide")))
    assert order.shipping_address is not None
    assert order.shipping_address.country == "Atlantide"


@pytest.mark.parametrize(
    ("state", "lines", "expected"),
    [
        ("Created", [S.TO_ACCEPT, S.TO_ACCEPT], S.TO_ACCEPT),
        ("Accepted", [S.ACCEPTED, S.REFUSED], S.ACCEPTED),
        ("ToShip", [S.TO_SHIP, S.SHIPPED], S.PARTIALLY_SHIPPED),
        ("ToShip", [S.TO_SHIP, S.REFUNDED], S.TO_SHIP),
        ("Shipped", [S.REFUSED, S.SHIPPED], S.SHIPPED),
        ("Received", [S.DELIVERED, S.SHIPPED], S.SHIPPED),
        ("Refused", [S.REFUSED, S.REFUSED], S.REFUSED),
        ("Cancelled", [S.CANCELLED, S.REFUSED], S.CANCELLED),
        ("Refunded", [S.REFUNDED, S.CANCELLED], S.REFUNDED),
        ("Error", [S.TO_SHIP], S.UNKNOWN),
        ("", [S.TO_SHIP], S.TO_SHIP),
        ("ToShip", [S.UNKNOWN, S.TO_SHIP], S.UNKNOWN),
    ],
)
def test_an_order_stands_where_its_earliest_live_line_stands(state: str, lines: list[S], expected: S) -> None:
    assert order_status(state, lines) is expected


def test_the_illogic_state_waits_for_a_person() -> None:
    assert status_of("Error") is S.UNKNOWN


def test_a_line_refunded_after_it_left_gives_everything_back() -> None:
    lines = [answers.line(1, "Refunded", tracking_number="6A1")]
    line = read(answers.order("57BEAFDA828A8", "Refunded", lines)).lines[0]
    assert (line.shipped_quantity, line.cancelled_quantity) == (2, 0)
    assert (line.refunded_quantity, line.refunded_amount) == (2, Decimal("23.50"))


def test_a_line_refunded_before_it_left_is_cancelled() -> None:
    line = read(answers.order("57BEAFDA828A8", "Refunded", [answers.line(1, "Refunded")])).lines[0]
    assert (line.shipped_quantity, line.cancelled_quantity) == (0, 2)
    assert (line.refunded_quantity, line.refunded_amount) == (0, Decimal("0.00"))


@pytest.mark.parametrize("broken", ["order_id", "price", "quantity", "order_detail_id"])
def test_an_order_without_what_makes_it_an_order_is_set_aside(broken: str) -> None:
    text = answers.order("57BEAFDA828A8").replace(f"<{broken}>", "<lost>").replace(f"</{broken}>", "</lost>")
    with pytest.raises(RejectedRecord):
        read(text)
