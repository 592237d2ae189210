"""Shipments, cancellations and refunds out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from comptoir.connectors.amazon.connection import AmazonConnection
from comptoir.connectors.amazon.tests.payloads import connect, healthy
from comptoir.sdk.records import Cancellation, LineAmount, Outcome, Parcel, Refund, Shipment, ShippedLine
from comptoir.sdk.testing import DROP, Scripted, ScriptedServer, SeenRequest, context_for_tests


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer(healthy) as server:
        yield server


@pytest.fixture
def amazon(server: ScriptedServer) -> Iterator[AmazonConnection]:
    with closing(connect(server.url, context_for_tests())) as connection:
        yield connection


def shipment(reference: str = "EXP-1", carrier: str = "COLISSIMO", tracking: str = "6A01") -> Shipment:
    return Shipment(
        reference=reference,
        order_id="403-1",
        parcel=Parcel(carrier=carrier, carrier_name="Ma Navette", tracking_number=tracking),
        lines=(ShippedLine(line_id="77", sku="SKU/1", quantity=2),),
        shipped_at=datetime(2026, 11, 23, 12, tzinfo=UTC),
        completes_order=True,
    )


def refund(reference: str, amount: str = "5.00") -> Refund:
    return Refund(
        reference=reference,
        order_id="403-1",
        lines=(LineAmount(line_id="77", quantity=1, amount=Decimal(amount)),),
    )


def details(server: ScriptedServer) -> list[dict[str, object]]:
    return [json.loads(r.body)["packageDetail"] for r in server.seen if r.path.endswith("Confirmation")]


def test_a_parcel_has_a_number_of_its_own_written_as_text(
    server: ScriptedServer, amazon: AmazonConnection
) -> None:
    list(amazon.confirm_shipments([shipment("A"), shipment("B"), shipment("A")]))
    numbers = [detail["packageReferenceId"] for detail in details(server)]
    assert all(isinstance(n, str) and int(n) > 0 for n in numbers)
    assert numbers[0] == numbers[2] != numbers[1]


def test_the_ship_date_is_never_in_the_future(server: ScriptedServer, amazon: AmazonConnection) -> None:
    list(amazon.confirm_shipments([shipment()]))
    assert details(server)[0]["shipDate"] == "2026-11-23T09:00:00Z"


def test_an_unknown_carrier_is_other_with_its_name(server: ScriptedServer, amazon: AmazonConnection) -> None:
    list(amazon.confirm_shipments([shipment(carrier="NAVETTE")]))
    assert (details(server)[0]["carrierCode"], details(server)[0]["carrierName"]) == ("Other", "Ma Navette")


def test_one_refused_parcel_disturbs_no_other(server: ScriptedServer, amazon: AmazonConnection) -> None:
    verdicts = list(amazon.confirm_shipments([shipment("A", tracking=""), shipment("B")]))
    assert [(v.key, v.outcome, v.code) for v in verdicts] == [
        ("A", Outcome.REJECTED, "no_tracking"),
        ("B", Outcome.DONE, ""),
    ]


class OrderFeeds:
    """One order feed that is done at once, with a report; its creation may lose its answer."""

    def __init__(self, report: str = "", *, lose: bool = False) -> None:
        self.report = report
        self.lose = lose
        self.files: list[str] = []
        self.created = 0

    def __call__(self, request: SeenRequest) -> Scripted:
        host = f"http://{request.headers['host']}"
        feed = {"feedId": "1001", "processingStatus": "DONE", "resultFeedDocumentId": "r-1"}
        if request.path == "/stored/upload":
            self.files.append(request.body.decode())
        elif request.path == "/stored/result":
            return Scripted(body=self.report.encode())
        elif request.path.startswith("/feeds/2021-06-30/documents/"):
            return Scripted(body={"feedDocumentId": "r-1", "url": f"{host}/stored/result"})
        elif request.path == "/feeds/2021-06-30/feeds" and request.method == "GET":
            return Scripted(body={"feeds": [feed] if self.created else []})
        elif request.path.startswith("/feeds/2021-06-30/feeds/"):
            return Scripted(body=feed)
        elif request.path == "/feeds/2021-06-30/feeds":
            self.created += 1
            return DROP if self.lose else healthy(request)
        return healthy(request)


def test_refunds_are_one_file_and_each_is_judged(server: ScriptedServer, amazon: AmazonConnection) -> None:
    table = [
        ["Number of records processed", "", "2"],
        ["original-record-number", "sku", "error-code", "error-type", "error-message"],
        ["2", "SKU", "8567", "Error", "The refund exceeds what was paid."],
    ]
    report = "\r\n".join("\t".join(row) for row in table)
    feeds = OrderFeeds(report)
    with server.answering(feeds):
        first = list(amazon.refund_orders([refund("R-1"), refund("R-2", "900")]))
        second = list(amazon.refund_orders([refund("R-1"), refund("R-2", "900")]))
    assert [v.outcome for v in first] == [Outcome.UNKNOWN, Outcome.UNKNOWN]
    assert [(v.key, v.outcome, v.code) for v in second] == [
        ("R-1", Outcome.DONE, ""),
        ("R-2", Outcome.REJECTED, "8567"),
    ]
    assert feeds.created == 1
    header, row, _ = feeds.files[0].split("\r\n", 2)
    assert dict(zip(header.split("\t"), row.split("\t"), strict=True))["item-price-adj"] == "5.00"


def test_a_refund_whose_answer_was_lost_is_not_paid_twice(
    server: ScriptedServer, amazon: AmazonConnection
) -> None:
    feeds = OrderFeeds(lose=True)
    with server.answering(feeds):
        assert [v.outcome for v in amazon.refund_orders([refund("R-1")])] == [Outcome.UNKNOWN]
        assert [v.outcome for v in amazon.refund_orders([refund("R-1")])] == [Outcome.DONE]
    assert feeds.created == 1


def test_a_refund_that_never_reached_amazon_is_sent_again(
    server: ScriptedServer, amazon: AmazonConnection
) -> None:
    lost = OrderFeeds(lose=True)

    def never(request: SeenRequest) -> Scripted:
        creating = request.path == "/feeds/2021-06-30/feeds" and request.method == "POST"
        return DROP if creating else lost(request)

    with server.answering(never):
        list(amazon.refund_orders([refund("R-1")]))
    feeds = OrderFeeds()
    with server.answering(feeds):
        list(amazon.refund_orders([refund("R-1")]))
    assert feeds.created == 1


def test_a_cancellation_names_the_item_and_the_reason(
    server: ScriptedServer, amazon: AmazonConnection
) -> None:
    feeds = OrderFeeds()
    asked = Cancellation(reference="C-1", order_id="403-1", lines=(LineAmount(line_id="77", quantity=1),))
    with server.answering(feeds):
        list(amazon.cancel_orders([asked]))
    header, row, _ = feeds.files[0].split("\r\n")
    assert dict(zip(header.split("\t"), row.split("\t"), strict=True)) == {
        "order-id": "403-1",
        "cancellation-reason-code": "NoInventory",
        "amazon-order-item-code": "77",
    }


def test_a_refund_of_nothing_is_refused_before_it_is_sent(
    server: ScriptedServer, amazon: AmazonConnection
) -> None:
    assert [v.outcome for v in amazon.refund_orders([refund("R-1", "0")])] == [Outcome.REJECTED]
    assert not server.seen


def test_a_cell_that_would_shift_columns_is_refused(amazon: AmazonConnection) -> None:
    asked = Cancellation(reference="C-1", order_id="403-1", lines=(), reason="No\tInventory")
    assert [v.outcome for v in amazon.cancel_orders([asked])] == [Outcome.REJECTED]
