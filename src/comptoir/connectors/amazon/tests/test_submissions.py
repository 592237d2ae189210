"""Stock, prices and offers out, and what became of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal
from typing import Any

import pytest

from comptoir.connectors.amazon.connection import AmazonConnection
from comptoir.connectors.amazon.tests.payloads import FR, connect, healthy, listing
from comptoir.sdk.errors import OutcomeUnknown, RateLimited
from comptoir.sdk.records import (
    LeadTimeUpdate,
    OfferDraft,
    Outcome,
    PriceUpdate,
    StockUpdate,
    SubmissionReport,
)
from comptoir.sdk.statuses import ImportState
from comptoir.sdk.testing import DROP, FakeClock, Scripted, ScriptedServer, SeenRequest, context_for_tests

ITEMS = "/listings/2021-08-01/items/A1B2C3D4E5F6G7"


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer(healthy) as server:
        yield server


@pytest.fixture
def amazon(server: ScriptedServer, clock: FakeClock) -> Iterator[AmazonConnection]:
    with closing(connect(server.url, context_for_tests(clock=clock))) as connection:
        yield connection


def stock(*quantities: int) -> list[StockUpdate]:
    return [StockUpdate(sku=f"S-{number}", quantity=q) for number, q in enumerate(quantities)]


def price(value: str, floor: str = "10", currency: str = "EUR") -> PriceUpdate:
    return PriceUpdate(sku="SKU/1", price=Decimal(value), currency=currency, floor=Decimal(floor))


def bodies(server: ScriptedServer, method: str) -> list[dict[str, Any]]:
    return [json.loads(r.body) for r in server.seen if r.method == method and r.path.startswith(ITEMS)]


class Feeds:
    """A scripted Amazon that takes one feed and ends it when told."""

    def __init__(self, report: dict[str, Any]) -> None:
        self.status = "IN_PROGRESS"
        self.report = report
        self.document: dict[str, Any] = {}
        self.created = 0

    def __call__(self, request: SeenRequest) -> Scripted:
        host = f"http://{request.headers['host']}"
        if request.path == "/stored/upload":
            self.document = json.loads(request.body)
        elif request.path == "/stored/result":
            return Scripted(body=self.report)
        elif request.path.startswith("/feeds/2021-06-30/documents/"):
            return Scripted(body={"feedDocumentId": "r-1", "url": f"{host}/stored/result"})
        elif request.path == "/feeds/2021-06-30/feeds" and request.method == "POST":
            self.created += 1
        elif request.path.startswith("/feeds/2021-06-30/feeds/"):
            done = {"resultFeedDocumentId": "r-1"} if self.status == "DONE" else {}
            return Scripted(body={"feedId": "1001", "processingStatus": self.status, **done})
        return healthy(request)


def test_a_few_changes_go_by_patch_and_merge_the_attribute(
    server: ScriptedServer, amazon: AmazonConnection
) -> None:
    receipt = amazon.submit_stock([StockUpdate(sku="SKU/1", quantity=4)])
    (body,) = bodies(server, "PATCH")
    assert body["patches"] == [
        {
            "op": "merge",
            "path": "/attributes/fulfillment_availability",
            "value": [{"fulfillment_channel_code": "DEFAULT", "quantity": 4}],
        }
    ]
    assert receipt.external_id == "patch-s-1"
    assert receipt.report is None


def test_a_lead_time_is_merged_and_leaves_the_quantity_alone(
    server: ScriptedServer, amazon: AmazonConnection
) -> None:
    amazon.submit_lead_times([LeadTimeUpdate(sku="SKU/1", days=9)])
    (body,) = bodies(server, "PATCH")
    assert [patch["op"] for patch in body["patches"]] == ["merge"]
    assert body["patches"][0]["value"] == [
        {"fulfillment_channel_code": "DEFAULT", "lead_time_to_ship_max_days": 9}
    ]


def test_a_quantity_carries_its_own_lead_time_and_too_long_a_one_is_refused(
    server: ScriptedServer, amazon: AmazonConnection
) -> None:
    amazon.submit_stock([StockUpdate(sku="SKU/1", quantity=4, lead_time_days=9)])
    (body,) = bodies(server, "PATCH")
    assert body["patches"][0]["value"][0]["lead_time_to_ship_max_days"] == 9
    report = amazon.submit_lead_times([LeadTimeUpdate(sku="SKU/1", days=31)]).report
    assert report is not None
    assert [v.outcome for v in report.verdicts] == [Outcome.REJECTED]


def test_accepted_is_confirmed_only_by_the_listing_itself(
    server: ScriptedServer, amazon: AmazonConnection, clock: FakeClock
) -> None:
    receipt = amazon.submit_stock([StockUpdate(sku="SKU/1", quantity=9)])
    waiting = amazon.read_submission("stock", receipt.external_id)
    assert waiting.state is ImportState.PENDING
    with server.answering(lambda r: _shows(r, listing("SKU/1", 9, 19.9))):
        assert _outcomes(amazon.read_submission("stock", receipt.external_id)) == {"SKU/1": Outcome.DONE}
    clock.advance(minutes=16)
    assert amazon.read_submission("stock", receipt.external_id).state is ImportState.FAILED


def test_a_unit_sold_since_does_not_make_a_quantity_unconfirmed(
    server: ScriptedServer, amazon: AmazonConnection
) -> None:
    receipt = amazon.submit_stock([StockUpdate(sku="SKU/1", quantity=9)])
    with server.answering(lambda r: _shows(r, listing("SKU/1", 8, 19.9, updated="2026-11-23T09:00:30Z"))):
        assert _outcomes(amazon.read_submission("stock", receipt.external_id)) == {"SKU/1": Outcome.DONE}


def test_issues_that_come_after_accepted_refuse_in_amazons_words(
    server: ScriptedServer, amazon: AmazonConnection
) -> None:
    receipt = amazon.submit_prices([price("21.00")])
    shown = listing("SKU/1", 4, 19.9)
    shown["issues"] = [
        {
            "code": "18027",
            "message": "Image",
            "severity": "ERROR",
            "attributeNames": ["main_image"],
            "categories": [],
        },
        {
            "code": "90244",
            "message": "Too high.",
            "severity": "ERROR",
            "attributeNames": ["purchasable_offer"],
            "categories": [],
        },
    ]
    with server.answering(lambda r: _shows(r, shown)):
        (verdict,) = amazon.read_submission("price", receipt.external_id).verdicts
    assert (verdict.outcome, verdict.code, verdict.message) == (Outcome.REJECTED, "90244", "Too high.")


def test_a_price_carries_its_floor_and_belongs_to_one_marketplace(
    server: ScriptedServer, amazon: AmazonConnection
) -> None:
    amazon.submit_prices([price("21.00", floor="15.50")])
    (body,) = bodies(server, "PATCH")
    (value,) = body["patches"][0]["value"]
    assert (value["marketplace_id"], value["currency"]) == (FR, "EUR")
    assert value["our_price"] == [{"schedule": [{"value_with_tax": 21.00}]}]
    assert value["minimum_seller_allowed_price"] == [{"schedule": [{"value_with_tax": 15.50}]}]


@pytest.mark.parametrize(
    ("update", "code"), [(price("9.99"), "below_floor"), (price("21", currency="SEK"), "currency")]
)
def test_a_price_that_must_not_be_is_never_sent(
    update: PriceUpdate, code: str, server: ScriptedServer, amazon: AmazonConnection
) -> None:
    report = amazon.submit_prices([update]).report
    assert report is not None
    assert [(v.outcome, v.code) for v in report.verdicts] == [(Outcome.REJECTED, code)]
    assert not server.seen


def test_many_changes_go_by_one_feed_and_are_judged_message_by_message(
    server: ScriptedServer, amazon: AmazonConnection
) -> None:
    refused = {"messageId": 2, "code": "99022", "severity": "ERROR", "message": "does not have enough values"}
    feeds = Feeds({"header": {}, "issues": [refused], "summary": {}})
    with server.answering(feeds):
        receipt = amazon.submit_stock(stock(*range(30)))
        assert [m["messageId"] for m in feeds.document["messages"]] == list(range(1, 31))
        assert amazon.read_submission("stock", receipt.external_id).state is ImportState.PENDING
        feeds.status = "DONE"
        report = amazon.read_submission("stock", receipt.external_id)
    assert report.state is ImportState.COMPLETE
    assert [(v.key, v.code) for v in report.verdicts] == [("S-1", "99022")]


def test_while_a_feed_is_open_its_skus_are_not_patched_and_no_other_feed_is_made(
    server: ScriptedServer, amazon: AmazonConnection
) -> None:
    feeds = Feeds({})
    with server.answering(feeds):
        amazon.submit_stock(stock(*range(30)))
        with pytest.raises(RateLimited):
            amazon.submit_stock([StockUpdate(sku="S-3", quantity=0)])
        with pytest.raises(RateLimited):
            amazon.submit_stock(stock(*range(40)))
        other = amazon.submit_stock([StockUpdate(sku="OTHER", quantity=1)])
        assert other.external_id.startswith("patch-")
        feeds.status = "DONE"
        assert amazon.submit_stock([StockUpdate(sku="S-3", quantity=0)]).external_id.startswith("patch-")
    assert feeds.created == 1


def test_a_feed_whose_creation_lost_its_answer_is_found_and_holds_its_skus(
    server: ScriptedServer, amazon: AmazonConnection
) -> None:
    feeds = Feeds({})

    def lost(request: SeenRequest) -> Scripted:
        creating = request.path == "/feeds/2021-06-30/feeds" and request.method == "POST"
        return DROP if creating else feeds(request)

    def later(request: SeenRequest) -> Scripted:
        if request.path == "/feeds/2021-06-30/feeds" and request.method == "GET":
            return Scripted(body={"feeds": [{"feedId": "1001", "processingStatus": "IN_QUEUE"}]})
        return feeds(request)

    with server.answering(lost), pytest.raises(OutcomeUnknown):
        amazon.submit_stock(stock(*range(30)))
    with server.answering(later), pytest.raises(RateLimited):
        amazon.submit_stock([StockUpdate(sku="S-3", quantity=0)])
    assert not bodies(server, "PATCH")


def test_a_feed_that_failed_whole_says_why(server: ScriptedServer, amazon: AmazonConnection) -> None:
    feeds = Feeds({})
    with server.answering(feeds):
        receipt = amazon.submit_stock(stock(*range(30)))
        feeds.status = "FATAL"
        report = amazon.read_submission("stock", receipt.external_id)
    assert (report.state, report.message) == (ImportState.FAILED, "FATAL")


def test_an_answer_lost_in_the_middle_has_the_rest_sent_again(
    server: ScriptedServer, amazon: AmazonConnection
) -> None:
    def script(request: SeenRequest) -> Scripted:
        return DROP if request.path.endswith("/S-1") else healthy(request)

    with server.answering(script):
        receipt = amazon.submit_stock(stock(5, 6, 7))
    with server.answering(lambda r: _shows(r, listing("S-0", 5, 1))):
        report = amazon.read_submission("stock", receipt.external_id)
    assert report.state is ImportState.COMPLETE
    told = {v.key: v.outcome for v in report.verdicts}
    assert told == {"S-0": Outcome.DONE, "S-1": Outcome.RETRY, "S-2": Outcome.RETRY}


def test_what_is_no_longer_remembered_is_sent_again(amazon: AmazonConnection) -> None:
    assert amazon.read_submission("stock", "patch-unknown").state is ImportState.FAILED


def test_an_offer_is_made_on_the_article_of_its_barcode(
    server: ScriptedServer, amazon: AmazonConnection
) -> None:
    draft = OfferDraft(
        sku="SKU/1",
        ean="4006381333931",
        price=Decimal(20),
        currency="EUR",
        floor=Decimal(15),
        quantity=3,
        lead_time_days=2,
    )
    amazon.submit_offers([draft])
    (body,) = bodies(server, "PUT")
    assert body["requirements"] == "LISTING_OFFER_ONLY"
    assert body["attributes"]["merchant_suggested_asin"] == [{"value": "B000000001", "marketplace_id": FR}]
    assert body["attributes"]["fulfillment_availability"] == [
        {"fulfillment_channel_code": "DEFAULT", "quantity": 3, "lead_time_to_ship_max_days": 2}
    ]
    assert [r.path for r in server.seen if r.method == "PUT"] == [f"{ITEMS}/SKU%2F1"]


def test_an_offer_on_an_unknown_barcode_says_so(server: ScriptedServer, amazon: AmazonConnection) -> None:
    draft = OfferDraft(
        sku="X", ean="4006381333930", price=Decimal(20), currency="EUR", floor=Decimal(15), quantity=3
    )
    report = amazon.submit_offers([draft]).report
    assert report is not None
    assert [v.code for v in report.verdicts] == ["no_asin"]


def _shows(request: SeenRequest, shown: dict[str, Any]) -> Scripted:
    if request.path == ITEMS:
        return Scripted(body={"numberOfResults": 1, "items": [shown]})
    return healthy(request)


def _outcomes(report: SubmissionReport) -> dict[str, Outcome]:
    assert report.state is ImportState.COMPLETE
    return {verdict.key: verdict.outcome for verdict in report.verdicts}


def test_what_is_urgent_passes_an_open_feed_unless_the_feed_holds_it(
    server: ScriptedServer, amazon: AmazonConnection
) -> None:
    with server.answering(Feeds({})):
        amazon.submit_stock(stock(*range(21)))
        asked = [StockUpdate(sku="LAST", quantity=1), StockUpdate(sku="S-3", quantity=0)]
        receipt = amazon.submit_urgent_stock(asked)
        urgent = [PriceUpdate(sku="S-4", price=Decimal(99), currency="EUR", floor=Decimal(10))]
        with pytest.raises(RateLimited):
            amazon.submit_urgent_prices(urgent)
    assert [r.path for r in server.seen if r.method == "PATCH"] == [f"{ITEMS}/LAST"]
    with server.answering(lambda r: _shows(r, listing("LAST", 1, 19.9))):
        report = amazon.read_submission("stock", receipt.external_id)
    assert _outcomes(report) == {"LAST": Outcome.DONE, "S-3": Outcome.RETRY}
