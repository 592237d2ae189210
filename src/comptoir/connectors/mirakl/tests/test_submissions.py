"""Stock, prices, offers: what is sent, what is refused before it is sent, and what comes back."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from comptoir.connectors.mirakl.imports import parse_errors
from comptoir.connectors.mirakl.offers import build_offer
from comptoir.connectors.mirakl.prices import build_prices
from comptoir.connectors.mirakl.stock import build_stock
from comptoir.connectors.mirakl.tests import samples
from comptoir.connectors.mirakl.tests.shop import Shop, connected, written
from comptoir.sdk.errors import RejectedRecord, UnexpectedAnswer
from comptoir.sdk.records import Outcome, StockUpdate
from comptoir.sdk.statuses import ImportState
from comptoir.sdk.testing import Scripted

STATUS = "GET /api/offers/stock/imports/.*/status"
REPORT = "GET /api/offers/stock/imports/.*/error_report"


def test_stock_is_sent_alone_offer_by_offer() -> None:
    updates = [StockUpdate(sku="B", quantity=0), StockUpdate(sku="A;1", quantity=3, warehouse="W1")]
    assert build_stock(updates).decode().splitlines() == [
        '"offer-sku";"quantity";"warehouse-code";"update-delete"',
        '"A;1";"3";"W1";"update"',
        '"B";"0";"";"update"',
    ]


def test_prices_are_sent_alone_with_their_decimals() -> None:
    assert build_prices([samples.price(value="1299.90")], "EUR").decode().splitlines() == [
        '"offer-sku";"price";"discount-price";"discount-start-date";"discount-end-date"',
        '"MUG-01";"1299.90";"";"";""',
    ]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"value": "8.99"}, "BELOW_FLOOR"),
        ({"value": "0", "floor": "0"}, "NOT_POSITIVE"),
        ({"currency": "GBP"}, "CURRENCY"),
    ],
)
def test_a_price_that_must_not_leave_stops_the_batch_before_anything_is_sent(
    changed: dict[str, str], code: str
) -> None:
    with connected(Shop()) as (connection, server):
        with pytest.raises(RejectedRecord) as caught:
            connection.submit_prices([samples.price("OK"), samples.price("BAD", **changed)])
        assert (caught.value.record_id, caught.value.code) == ("BAD", code)
        assert written(server) == []


def test_a_negative_quantity_is_refused_by_name() -> None:
    with pytest.raises(RejectedRecord) as caught:
        build_stock([samples.stock("BAD", -1)])
    assert caught.value.record_id == "BAD"


def test_a_marketplace_without_stock_imports_is_told_in_clear_words() -> None:
    shop = Shop(overrides={"POST /api/offers/stock/imports": Scripted(404, {"message": "?"})})
    with connected(shop) as (connection, _), pytest.raises(RejectedRecord, match="STO01") as caught:
        connection.submit_stock([samples.stock()])
    assert caught.value.code == "STO01_UNAVAILABLE"


def test_a_receipt_names_the_operation_and_the_import() -> None:
    with connected(Shop()) as (connection, _):
        assert connection.submit_stock([samples.stock()]).external_id == "STO01:s-1"
        assert connection.submit_prices([samples.price()]).external_id == "PRI01:p-1"
        assert connection.submit_offers([samples.draft()]).external_id == "OF24:2035"


def test_an_offer_is_sent_whole() -> None:
    assert build_offer(samples.draft(), "EUR", "11") == {
        "shop_sku": "MUG-01",
        "product_id": "3760001234567",
        "product_id_type": "EAN",
        "state_code": "11",
        "price": Decimal("12.90"),
        "quantity": 5,
        "description": "Tasse émaillée",
        "update_delete": "update",
        "leadtime_to_ship": 2,
    }


def test_an_offers_other_fields_go_where_they_belong() -> None:
    extra = {
        "logistic_class": "M",
        "min_order_quantity": "2",
        "allow_quote_requests": "true",
        "discount_price": "10.5",
        "discount_end_date": "2026-12-01T00:00:00Z",
        "eco_contribution_amount[FR-DEA]": "0.42",
        "producer_id[FR-DEA]": "FR1",
        "gift-wrap": "yes",
    }
    built = build_offer(samples.draft(extra=extra), "EUR", "11")
    assert (built["logistic_class"], built["min_order_quantity"], built["allow_quote_requests"]) == (
        "M",
        2,
        True,
    )
    assert built["discount"] == {"price": Decimal("10.5"), "end_date": "2026-12-01T00:00:00Z"}
    assert built["eco_contributions"] == [
        {"epr_category_code": "FR-DEA", "eco_contribution_amount": Decimal("0.42"), "producer_id": "FR1"}
    ]
    assert built["offer_additional_fields"] == [{"code": "gift-wrap", "value": "yes"}]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"price": Decimal("8.00")}, "BELOW_FLOOR"),
        ({"extra": {"discount_price": "8.00"}}, "BELOW_FLOOR"),
        ({"ean": ""}, "EAN_MISSING"),
        ({"extra": {"min_order_quantity": "many"}}, "FIELD_UNREADABLE"),
        ({"extra": {"allow_quote_requests": "maybe"}}, "FIELD_UNREADABLE"),
    ],
)
def test_an_offer_that_must_not_leave_is_refused_by_name(changed: dict[str, Any], code: str) -> None:
    with pytest.raises(RejectedRecord) as caught:
        build_offer(samples.draft(**changed), "EUR", "11")
    assert (caught.value.record_id, caught.value.code) == ("MUG-01", code)


def test_a_deletion_needs_no_price_above_the_floor() -> None:
    built = build_offer(samples.draft(delete=True, price=Decimal("1")), "EUR", "11")
    assert built["update_delete"] == "delete"


@pytest.mark.parametrize("status", ["WAITING", "RUNNING", "QUEUED"])
def test_an_import_under_way_says_when_to_look_again(status: str) -> None:
    with connected(Shop(overrides={STATUS: Scripted(body={"status": status})})) as (connection, _):
        report = connection.read_submission("stock", "STO01:s-1")
        assert (report.state, report.retry_after_s) == (ImportState.PENDING, 15)


@pytest.mark.parametrize(
    "report",
    [
        b'"error-line";"error-message";"offer-sku";"quantity"\n"2";"Unknown offer";"MUG-01";"5"\n',
        b"\xef\xbb\xbfoffer-sku,quantity,error-message\nMUG-01,5,Unknown offer\n",
        b"line;why;offer-sku;quantity\n2;Unknown offer;MUG-01;5\n",
        b'"sku"\t"quantity"\t"error-line"\t"error-message"\r\n"MUG-01"\t"5"\t"2"\t"Unknown offer"\r\n',
    ],
    ids=["documented", "byte order mark and commas", "unnamed first columns", "tabs"],
)
def test_errors_are_read_line_by_line_whatever_the_form_of_the_report(report: bytes) -> None:
    done = {"status": "COMPLETE", "has_error_report": True, "lines_in_error": 1}
    shop = Shop(overrides={STATUS: Scripted(body=done), REPORT: Scripted(body=report)})
    with connected(shop) as (connection, _):
        found = connection.read_submission("stock", "STO01:s-1")
        assert found.state is ImportState.COMPLETE
        assert [(v.key, v.outcome, v.message) for v in found.verdicts] == [
            ("MUG-01", Outcome.REJECTED, "Unknown offer")
        ]


def test_errors_of_one_offer_are_joined() -> None:
    report = b"sku;error-line;error-message\nA;2;Too dear\nA;3;Too few\nA;4;Too dear\nB;5;\n"
    assert {one.key: one.message for one in parse_errors(report)} == {
        "A": "Too dear; Too few",
        "B": "Refused without a reason.",
    }


@pytest.mark.parametrize(
    "report", [b"line;why\n2;No\n", b"offer-sku;error-message\n;No\n", b"PK\x03\x04", b"<html></html>"]
)
def test_an_error_that_names_no_offer_stops_the_reading(report: bytes) -> None:
    with pytest.raises(UnexpectedAnswer):
        parse_errors(report)


@pytest.mark.parametrize(
    "status",
    [
        {"status": "TOMORROW"},
        {"status": "COMPLETE", "has_error_report": False, "lines_in_error": 3},
    ],
)
def test_a_result_that_cannot_be_trusted_stops_the_reading(status: dict[str, Any]) -> None:
    shop = Shop(overrides={STATUS: Scripted(body=status)})
    with connected(shop) as (connection, _), pytest.raises(UnexpectedAnswer):
        connection.read_submission("stock", "STO01:s-1")


def test_a_failed_import_says_why() -> None:
    failed = {"data": [{"status": "FAILED", "has_error_report": False, "reason_status": "Bad header"}]}
    with connected(Shop(overrides={"GET /api/offers/pricing/imports": Scripted(body=failed)})) as (c, server):
        report = c.read_submission("price", "PRI01:p-1")
        assert (report.state, report.message) == (ImportState.FAILED, "Bad header")
        assert server.seen[-1].query["import_id"] == "p-1"


@pytest.mark.parametrize("receipt", ["", "s-1", "XX01:1", "STO01:"])
def test_a_receipt_that_is_not_ours_is_refused(receipt: str) -> None:
    with connected(Shop()) as (connection, _), pytest.raises(UnexpectedAnswer):
        connection.read_submission("stock", receipt)


def test_an_answer_without_an_import_is_unexpected() -> None:
    shop = Shop(overrides={"POST /api/offers": Scripted(201, {})})
    with connected(shop) as (connection, _), pytest.raises(UnexpectedAnswer):
        connection.submit_offers([samples.draft()])


def test_offers_travel_as_numbers_not_as_texts() -> None:
    with connected(Shop()) as (connection, server):
        connection.submit_offers([samples.draft()])
        body = next(one.body for one in server.seen if one.method == "POST")
        assert b'"price":12.90' in body
        assert json.loads(body)["offers"][0]["quantity"] == 5
