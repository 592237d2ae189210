"""What the connector sends and what the simulator answers, against Amazon's own API models."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from urllib.parse import urlencode, urlsplit

import httpx2
import jsonschema
import msgspec
import pytest

from bazaar.amazon.market import OPERATIONS
from bazaar.amazon.quotas import PLANS
from bazaar.amazon.records import Subscription
from comptoir.connectors.amazon.expected_prices import ExpectedPrices
from comptoir.connectors.amazon.listing_changes import lead_time_change, price_change, stock_change
from comptoir.connectors.amazon.notifications import parse_notice
from comptoir.connectors.amazon.operations import LIMITS
from comptoir.connectors.amazon.orders import parse_raw_order
from comptoir.connectors.amazon.submissions import build_feed
from comptoir.sdk.errors import ConnectorError
from comptoir.sdk.notices import Notice
from comptoir.sdk.records import (
    Cancellation,
    LeadTimeUpdate,
    LineAmount,
    OfferDraft,
    Parcel,
    PriceUpdate,
    Refund,
    Shipment,
    ShippedLine,
    StockUpdate,
)
from comptoir.sdk.statuses import ImportState
from tests.conformance.amazon.models import FOLDER, load, modelled, needs_models, operations
from tests.conformance.amazon.stage import Stage, played

pytestmark = [pytest.mark.shared, needs_models]


@pytest.fixture
def stage() -> Iterator[Stage]:
    with played() as stage:
        yield stage


def check_exchanges(stage: Stage) -> set[str]:
    """Every exchange of the stage against its model; the operations that were seen."""
    seen: set[str] = set()
    for exchange in stage.exchanges:
        path = urlsplit(exchange.url).path.removeprefix("/amazon-1")
        if path.startswith(("/auth/", "/documents/")):
            continue
        operation = modelled(exchange.method, path)
        assert operation.name == exchange.operation
        operation.check_request(exchange.url, exchange.request_body)
        assert exchange.status is not None
        operation.check_answer(exchange.status, exchange.response_body)
        seen.add(operation.name)
    return seen


def test_orders_and_shipments_keep_to_the_models(stage: Stage) -> None:
    order_ids = [stage.market.place_by_hand([(stage.sku(n), 2)]) for n in range(3)]
    stage.advance(minutes=40)
    with stage.connected() as amazon:
        amazon.check()
        orders = [order for page in amazon.order_pages("") for order in page.orders]
        now = stage.world.now()
        list(amazon.orders_between(now - timedelta(hours=2), now))
        first = orders[0]
        shipment = Shipment(
            reference="S-1",
            order_id=first.external_id,
            parcel=Parcel(carrier="DPD", tracking_number="1"),
            lines=(ShippedLine(line_id=first.lines[0].external_id, sku="", quantity=1),),
            shipped_at=now,
            completes_order=False,
        )
        list(amazon.confirm_shipments([shipment]))
        list(amazon.orders_by_id([*order_ids, "404-0000000-0000000"]))
    assert check_exchanges(stage) == {
        "getMarketplaceParticipations",
        "searchOrders",
        "getOrder",
        "confirmShipment",
    }


def test_offers_keep_to_the_models(stage: Stage) -> None:
    sku = stage.sku()
    draft = OfferDraft(
        sku="NEW/1",
        ean=stage.ean(1),
        price=Decimal(20),
        currency="EUR",
        floor=Decimal(10),
        quantity=2,
        lead_time_days=3,
        extra={"sale_price": "18.00", "maximum_price": "40.00"},
    )
    with stage.connected() as amazon:
        stock = amazon.submit_stock([StockUpdate(sku=sku, quantity=5)])
        amazon.submit_stock([StockUpdate(sku="UNKNOWN", quantity=5)])
        amazon.submit_prices([PriceUpdate(sku=sku, price=Decimal(20), currency="EUR", floor=Decimal(10))])
        later = amazon.submit_lead_times([LeadTimeUpdate(sku=sku, days=4)])
        amazon.submit_offers([draft])
        stage.advance(minutes=2)
        amazon.read_submission("stock", stock.external_id)
        assert amazon.read_submission("lead", later.external_id).state is ImportState.COMPLETE
        amazon.submit_offers([msgspec.structs.replace(draft, delete=True)])
        list(amazon.competing_offers([stage.ean()]))
        settings = amazon.settings
        ExpectedPrices(amazon.client, settings.marketplace, settings.seller_id).by_sku([sku, "UNKNOWN"])
    assert check_exchanges(stage) == {
        "patchListingsItem",
        "putListingsItem",
        "deleteListingsItem",
        "searchListingsItems",
        "searchCatalogItems",
        "getListingsRestrictions",
        "getCompetitiveSummary",
        "getFeaturedOfferExpectedPriceBatch",
    }


def test_feeds_and_reports_keep_to_the_models(stage: Stage) -> None:
    order_id = stage.market.place_by_hand([(stage.sku(), 1)])
    line = (LineAmount(line_id="", quantity=1, amount=Decimal(1)),)
    with stage.connected() as amazon:
        receipt = amazon.submit_stock([StockUpdate(sku=stage.sku(n), quantity=n) for n in range(25)])
        list(amazon.cancel_orders([Cancellation(reference="C", order_id=order_id, lines=())]))
        list(amazon.refund_orders([Refund(reference="R", order_id=order_id, lines=line)]))
        with pytest.raises(ConnectorError):
            list(amazon.listed_offers())
        stage.advance(minutes=10)
        amazon.read_submission("stock", receipt.external_id)
        list(amazon.listed_offers())
        list(
            amazon.reports.done_since("GET_MERCHANT_LISTINGS_ALL_DATA", stage.world.now() - timedelta(days=1))
        )
    seen = check_exchanges(stage)
    assert seen >= {"createFeedDocument", "createFeed", "getFeed", "getFeedDocument", "createReport"}
    assert seen >= {"getReport", "getReportDocument", "getReports"}


def test_a_feed_and_its_report_keep_to_the_feed_schemas(stage: Stage) -> None:
    message = json.loads((FOLDER / "listings-feed-message-schema-v2.json").read_text())
    report = json.loads((FOLDER / "listings-feed-processing-report-schema-v2.json").read_text())
    with stage.connected() as amazon:
        settings = amazon.settings
        changes = [
            stock_change(StockUpdate(sku="A", quantity=1), settings),
            lead_time_change(LeadTimeUpdate(sku="C", days=4)),
            price_change(
                PriceUpdate(sku="B", price=Decimal("9.90"), currency="EUR", floor=Decimal(5)), settings
            ),
        ]
        document = json.loads(build_feed(changes, settings))
        for one in document["messages"]:
            jsonschema.Draft7Validator(message).validate(one)
        amazon.submit_stock([StockUpdate(sku=f"NOT-{n}", quantity=n) for n in range(21)])
    stage.advance(minutes=5)
    (feed,) = stage.market.account.feeds.values()
    body = stage.market.account.documents[feed.result_id].body
    assert body is not None
    told = json.loads(gzip.decompress(body))
    jsonschema.Draft7Validator(report).validate(told)
    assert told["summary"]["messagesInvalid"] == 21


def test_every_example_of_an_order_is_read() -> None:
    read = 0
    for operation in (one for one in operations() if one.model == "orders_2026-01-01"):
        for status, example in operation.examples():
            if status == "200":
                found = example["response"]
                for order in found.get("orders") or [found["order"]]:
                    parsed = parse_raw_order(msgspec.json.encode(order))
                    assert parsed.external_id == order["orderId"]
                    read += 1
    assert read >= 4


def test_the_brakes_start_from_the_documented_usage_plans() -> None:
    plans = {}
    for operation in operations():
        rows = re.findall(
            r"^\|\s*(?:Default\s*\|)?\s*([\d.]+)\s*\|\s*(\d+)\s*\|", operation.content["description"], re.M
        )
        if rows:
            plans.setdefault(operation.name, (float(rows[0][0]), int(rows[0][1])))
    for name, limit in LIMITS.items():
        if name in plans:
            assert (limit.rate, limit.burst) == plans[name], name
    for name, plan in PLANS.items():
        if name in plans:
            assert plan == plans[name], name


def test_every_operation_of_the_simulator_is_in_a_model_under_its_own_name() -> None:
    known = {(one.name, one.method, one.path) for one in operations()}
    for operation in OPERATIONS:
        path = operation.path.replace("{sku:path}", "{sku}")
        assert (operation.name, operation.method, path) in known


def test_refusals_keep_to_the_models(stage: Stage) -> None:
    """Without a token, with parameters that are wrong, for things that are not there."""
    account = stage.market.account
    with stage.connected() as amazon:
        amazon.check()
    token = next(iter(account.tokens)).removeprefix("|")
    cases = [
        ("GET", "/orders/2026-01-01/orders", "", 403),
        ("GET", "/orders/2026-01-01/orders", token, 400),
        ("GET", "/orders/2026-01-01/orders?createdAfter=TEST_CASE_400", token, 400),
        ("GET", "/orders/2026-01-01/orders/404-1", token, 404),
        ("GET", "/listings/2021-08-01/items/A1COMPTOIRDEMO/NONE?marketplaceIds=A13V1IB3VIYZZH", token, 404),
        ("GET", "/listings/2021-08-01/items/A1COMPTOIRDEMO/NONE?marketplaceIds=ATVPDKIKX0DER", token, 404),
        ("GET", "/listings/2021-08-01/items/A1COMPTOIRDEMO?marketplaceIds=ATVPDKIKX0DER", token, 403),
        ("GET", "/feeds/2021-06-30/feeds/none", token, 404),
        ("GET", "/feeds/2021-06-30/feeds", token, 400),
        ("GET", "/reports/2021-06-30/reports/none", token, 404),
        ("GET", "/catalog/2022-04-01/items/B000000000?marketplaceIds=A13V1IB3VIYZZH", token, 404),
        (
            "GET",
            "/definitions/2020-09-01/productTypes?marketplaceIds=A13V1IB3VIYZZH&itemName=jeu",
            token,
            200,
        ),
        ("GET", "/definitions/2020-09-01/productTypes/PRODUCT?marketplaceIds=A13V1IB3VIYZZH", token, 200),
    ]
    with httpx2.Client(base_url=stage.url) as client:
        for method, path, used, status in cases:
            answer = client.request(method, path, headers={"x-amz-access-token": used})
            assert answer.status_code == status, (path, answer.text)
            modelled(method, path.split("?")[0]).check_answer(status, answer.content)


def test_pages_of_feeds_reports_listings_and_articles_are_all_there(stage: Stage) -> None:
    with stage.connected() as amazon:
        for _ in range(3):
            amazon.reports.request("GET_FLAT_FILE_OPEN_LISTINGS_DATA")
    token = next(iter(stage.market.account.tokens)).removeprefix("|")
    place = "marketplaceIds=A13V1IB3VIYZZH"
    cases = [
        ("/reports/2021-06-30/reports", "reportTypes=GET_FLAT_FILE_OPEN_LISTINGS_DATA", "pageSize=2", 3),
        ("/listings/2021-08-01/items/A1COMPTOIRDEMO", place, "pageSize=20", 30),
        ("/catalog/2022-04-01/items", f"{place}&keywords=e", "pageSize=20", 30),
    ]
    with httpx2.Client(base_url=stage.url, headers={"x-amz-access-token": token}) as client:
        for path, query, size, count in cases:
            assert len(_all(client, path, query, size)) >= min(count, 21), path


def _all(client: httpx2.Client, path: str, query: str, size: str) -> list[object]:
    found: list[object] = []
    url = f"{path}?{query}&{size}"
    while True:
        answer = client.get(url)
        assert answer.status_code == 200, answer.text
        modelled("GET", path).check_answer(200, answer.content)
        page = answer.json()
        found += page.get("reports") or page.get("items") or []
        if "nextToken" in page:
            url = f"{path}?{urlencode({'nextToken': page['nextToken']})}"
        elif page.get("pagination"):
            url = f"{path}?{query}&{size}&{urlencode({'pageToken': page['pagination']['nextToken']})}"
        else:
            return found


def test_transactions_keep_to_the_model_and_add_up(stage: Stage) -> None:
    order_id = stage.market.place_by_hand([(stage.sku(), 2)])
    stage.advance(minutes=40)
    with stage.connected() as amazon:
        (page,) = amazon.orders_by_id([order_id])
        lines = tuple(
            ShippedLine(line_id=line.external_id, sku="", quantity=2) for line in page.orders[0].lines
        )
        shipment = Shipment(
            reference="S",
            order_id=order_id,
            parcel=Parcel(carrier="DPD", tracking_number="1"),
            lines=lines,
            shipped_at=stage.world.now(),
            completes_order=True,
        )
        list(amazon.confirm_shipments([shipment]))
    stage.advance(minutes=5)
    token = next(iter(stage.market.account.tokens)).removeprefix("|")
    path = "/finances/2024-06-19/transactions"
    with httpx2.Client(base_url=stage.url, headers={"x-amz-access-token": token}) as client:
        answer = client.get(f"{path}?postedAfter=2020-01-01T00:00:00Z&postedBefore=2020-06-01T00:00:00Z")
        assert answer.json()["payload"]["transactions"] == []
        after = (stage.world.now() - timedelta(days=2)).strftime("%Y-%m-%dT%H:%M:%SZ")
        answer = client.get(f"{path}?postedAfter={after}")
    modelled("GET", path).check_answer(200, answer.content)
    (told,) = answer.json()["payload"]["transactions"]
    parts = [Decimal(str(part["breakdownAmount"]["currencyAmount"])) for part in told["breakdowns"]]
    assert sum(parts) == Decimal(str(told["totalAmount"]["currencyAmount"]))


def test_every_example_of_a_notification_that_we_use_is_read() -> None:
    names = {
        "OrderChangeNotification": "order",
        "AnyOfferChangedNotification": "article",
        "ListingsItemIssuesChangeNotification_2023-12-13": "listing",
        "FeedProcessingFinishedNotification": "submission",
        "ReportProcessingFinishedNotification": "report",
    }
    for name, subject in names.items():
        for example in load(name)["examples"]:
            notice = parse_notice(msgspec.json.encode(example))
            assert isinstance(notice, Notice)
            assert (notice.subject, bool(notice.name), bool(notice.notice_id)) == (subject, True, True)


def test_notifications_keep_to_their_schemas(stage: Stage) -> None:
    for kind in ("ORDER_CHANGE", "FEED_PROCESSING_FINISHED", "REPORT_PROCESSING_FINISHED"):
        stage.market.account.subscriptions[kind] = Subscription(
            subscription_id=kind, destination_id="d", payload_version="1.0"
        )
    stage.market.place_by_hand([(stage.sku(), 1)])
    with stage.connected() as amazon:
        amazon.submit_stock([StockUpdate(sku=stage.sku(n), quantity=n) for n in range(25)])
        with pytest.raises(ConnectorError):
            list(amazon.listed_offers())
    stage.advance(minutes=40)
    schemas = {
        "ORDER_CHANGE": "OrderChangeNotification",
        "FEED_PROCESSING_FINISHED": "FeedProcessingFinishedNotification",
        "REPORT_PROCESSING_FINISHED": "ReportProcessingFinishedNotification",
    }
    seen = set()
    for told in stage.market.account.outbox.values():
        body = told["body"]
        kind = body.get("NotificationType") or body["notificationType"]
        jsonschema.Draft7Validator(load(schemas[kind])).validate(body)
        seen.add(kind)
    assert seen == set(schemas)
