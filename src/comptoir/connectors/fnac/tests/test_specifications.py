"""Against Fnac's own schemas and recorded exchanges (`specs/fnac` of the shared folder)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from comptoir.connectors.fnac import CONNECTOR
from comptoir.connectors.fnac.after_sale_reading import parse_incident, parse_message
from comptoir.connectors.fnac.carriers import parse_carriers
from comptoir.connectors.fnac.client import Reply
from comptoir.connectors.fnac.fields import text
from comptoir.connectors.fnac.offer_writing import parse_batch_status
from comptoir.connectors.fnac.offers import parse_content, parse_listed_offer, problem
from comptoir.connectors.fnac.order_plans import OrderAction
from comptoir.connectors.fnac.order_reading import parse_page
from comptoir.connectors.fnac.order_writing import parse_orders_update
from comptoir.connectors.fnac.pricing import parse_pricing
from comptoir.connectors.fnac.replies import refusal
from comptoir.connectors.fnac.tests import answers
from comptoir.connectors.fnac.tests.test_contract import ORDER, PRICE, SHIPMENT, to_accept
from comptoir.connectors.fnac.xml import local_name, parse_document, to_dict
from comptoir.sdk.aftersales import MessageReply, ReviewReply
from comptoir.sdk.records import (
    Cancellation,
    LeadTimeUpdate,
    OfferDraft,
    OrderDecision,
    Outcome,
    Refund,
    StockUpdate,
)
from comptoir.sdk.statuses import ImportState, OrderStatus
from comptoir.sdk.testing import ScriptedServer, context_for_tests

ROOT = Path(__file__).resolve().parents[5]
SPECS = (ROOT / os.environ.get("COMPTOIR_SHARED", "../shared") / "specs" / "fnac").resolve()

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not SPECS.is_dir(), reason=f"{SPECS} is absent: set COMPTOIR_SHARED"),
]

SCHEMAS = {
    "auth": "AuthenticationService",
    "batch_status": "BatchStatusService",
    "carriers_query": "CarriersQueryService",
    "client_order_comments_query": "ClientOrderCommentsQueryService",
    "client_order_comments_update": "ClientOrderCommentsUpdateService",
    "incidents_query": "IncidentsQueryService",
    "messages_query": "MessagesQueryService",
    "messages_update": "MessagesUpdateService",
    "shop_invoices_query": "ShopInvoicesQueryService",
    "offers_query": "OffersQueryService",
    "offers_update": "OffersUpdateService",
    "orders_query": "OrdersQueryService",
    "orders_update": "OrdersUpdateService",
    "pricing_query": "PricingQueryService",
}
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
FULL = OfferDraft(
    sku="A & <B>",
    ean="0711719247159",
    price=Decimal("18.90"),
    currency="EUR",
    floor=Decimal("15"),
    quantity=4,
    description="Neuf, jamais ouvert",
    lead_time_days=2,
    extra={
        "internal_comment": "rayon 3",
        "showcase": "1",
        "instead_of_price": "25.00",
        "adherent_price": "17.90",
        "is_shipping_free": "true",
        "logistic_type_id": "201",
        "picture_1": "https://shop.example/1.jpg",
        "promotion.type": "FlashSale",
        "promotion.promotion_uid": "NOEL26",
        "promotion.starts_at": "2026-11-27T00:00:00+01:00",
        "promotion.ends_at": "2026-11-30T00:00:00+01:00",
        "promotion.discount_type": "fixed",
        "promotion.discount_value": "2",
        "promotion.trigger_cart": "50",
        "promotion.trigger_cart_type": "MinSellerAmount",
        "promotion.trigger_customer_type": "all",
        "promotion.trigger_promotion_code": "NOEL",
    },
)
EVERYTHING = {
    "check": lambda c: c.check(),
    "orders": lambda c: list(c.order_pages("")),
    "by id": lambda c: list(c.orders_by_id([ORDER])),
    "accept": lambda c: list(c.decide_orders([OrderDecision(order_id=ORDER, lines={"1": True})])),
    "offers": lambda c: list(c.listed_offers()),
    "report": lambda c: c.read_submission("stock", answers.BATCH),
    "prices": lambda c: list(c.competing_offers(["0711719247159", "207053465X"])),
    "ship": lambda c: list(c.confirm_shipments([SHIPMENT])),
    "refund": lambda c: list(c.refund_orders([Refund(reference="R-1", order_id=ORDER, lines=())])),
    "cancel": lambda c: list(c.cancel_orders([Cancellation(reference="C-1", order_id=ORDER, lines=())])),
    "lead": lambda c: c.submit_lead_times([LeadTimeUpdate(sku="SKU-1", days=5)]),
    "stock": lambda c: c.submit_stock([StockUpdate(sku="SKU-1", quantity=5)]),
    "price": lambda c: c.submit_prices([PRICE]),
    "offer": lambda c: c.submit_offers([FULL]),
    "messages": lambda c: list(c.messages_since(NOW)),
    "incidents": lambda c: list(c.incidents_since(NOW)),
    "reviews": lambda c: list(c.reviews_since(NOW)),
    "invoices": lambda c: list(c.channel_invoices_since(NOW)),
    "message": lambda c: list(c.reply_to_messages([MessageReply(message_id=answers.BATCH, body="Oui <3")])),
    "review": lambda c: list(c.reply_to_reviews([ReviewReply(review_id=answers.BATCH, body="Merci !")])),
    "delete": lambda c: c.submit_offers(
        [
            OfferDraft(
                sku="A", ean="", price=Decimal(1), currency="EUR", floor=Decimal(1), quantity=0, delete=True
            )
        ]
    ),
}


def schema(service: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(SPECS / "xsd" / f"{SCHEMAS[service]}.xsd"))


def sample(name: str) -> Reply:
    root = parse_document((SPECS / "samples" / name).read_bytes())
    return Reply(root=root, content=to_dict(root), received_at=NOW)


@pytest.fixture(params=[{}, {"partial_offers": True}], ids=["whole", "partial"])
def exchange(request: pytest.FixtureRequest) -> Iterator[tuple[Any, ScriptedServer]]:
    with ScriptedServer(answers.healthy()) as server:
        settings = CONNECTOR.settings.load(answers.settings(server.url, **request.param))
        connection: Any = CONNECTOR.connect(settings, context_for_tests(timeout_s=5))
        yield connection, server
        connection.close()


@pytest.mark.parametrize("name", EVERYTHING)
def test_every_request_is_valid_for_fnac(exchange: tuple[Any, ScriptedServer], name: str) -> None:
    connection, server = exchange
    server.script = to_accept if name == "accept" else answers.healthy()
    EVERYTHING[name](connection)
    assert server.seen
    for request in server.seen:
        root = etree.fromstring(request.body)
        schema(local_name(root)).assertValid(root)


def test_every_recorded_answer_can_be_read() -> None:
    names = sorted(path.name for path in (SPECS / "samples").glob("*_response.xml"))
    assert len(names) >= 15
    for name in names:
        root = parse_document((SPECS / "samples" / name).read_bytes())
        assert text(to_dict(root), "@status") in {"OK", "WARNING", "ERROR"}, name


def test_the_recorded_orders_have_the_states_and_amounts_that_fnac_showed() -> None:
    page = parse_page(sample("query_orders_response.xml"))
    assert page.total == len(page.orders) == 7
    assert page.rejected == ()
    assert [order.status for order in page.orders] == [
        OrderStatus.SHIPPED,
        OrderStatus.DELIVERED,
        OrderStatus.DELIVERED,
        OrderStatus.TO_SHIP,
        OrderStatus.ACCEPTED,
        OrderStatus.TO_ACCEPT,
        OrderStatus.TO_ACCEPT,
    ]
    first = page.orders[0]
    assert [(line.amount, line.external_status) for line in first.lines] == [
        (Decimal("260.00"), "Refused"),
        (Decimal("260.00"), "NotReceived"),
    ]
    # 260 + 16 is what the incident recorded with that order refunds, 33.12 its fee without tax.
    assert first.lines[1].shipping_amount == Decimal("16")
    assert first.lines[1].commission_amount == Decimal("33.12")


def test_the_recorded_offers_can_be_sent_again_whole() -> None:
    nodes = sample("query_offers_response.xml").content["offer"]
    offers = [parse_listed_offer(node) for node in nodes]
    assert [(o.sku, o.price, o.quantity) for o in offers] == [
        ("B76A-CD5-153", Decimal("80"), 1),
        ("B067-F0D-75E", Decimal("20"), 16),
    ]
    assert [problem(parse_content(node)) for node in nodes] == ["", ""]


def test_the_recorded_prices_and_errors_are_told_apart() -> None:
    found = parse_pricing(sample("query_pricing_response.xml").content)
    assert [(o.ean, o.price, o.condition) for o in found][:2] == [
        ("9780262510875", Decimal("41.48"), "new"),
        ("9780262510875", Decimal("29.54"), "used_very_good"),
    ]
    assert len(found) == 5
    assert parse_pricing(sample("query_pricing_with_invalid_ean_response.xml").content) == []
    too_many = refusal(sample("query_pricing_more_than_ten_eans_response.xml").content, "pricing_product")
    assert too_many is not None
    assert too_many.code == "ERR_105"


def test_the_recorded_refusal_of_an_offer_is_a_refusal_of_the_schema() -> None:
    found = refusal(sample("update_offers_without_offer_reference_response.xml").content, "offer")
    assert found is not None
    assert found.code == "ERR_096"
    assert "Missing child element" in found.message


def test_the_recorded_acceptance_is_a_success() -> None:
    action = OrderAction(key="k", order_id="57BEAFDA828A8", action="accept_order", lines=())
    [verdict] = parse_orders_update(sample("update_orders_response.xml").content, [action])
    assert (verdict.key, verdict.outcome) == ("k", Outcome.DONE)


def test_the_recorded_batch_and_carriers_are_read() -> None:
    assert parse_batch_status(sample("get_batch_status_response.xml")).state is ImportState.COMPLETE
    codes = [carrier.code for carrier in parse_carriers(sample("query_carriers_response.xml"))]
    assert codes[:2] == ["CHRONOPOST", "DHL"]
    assert len(codes) == 9


def test_the_recorded_message_is_read_though_it_lacks_what_its_schema_requires() -> None:
    [node] = sample("query_messages_response.xml").content["message"]
    message = parse_message(node, b"")
    assert (message.sender, message.order_id, message.read) == ("buyer", "57BEAFDA828A8", True)
    assert message.subject == "Nouvelle réclamation"


def test_the_recorded_incident_is_read_with_both_of_its_lines() -> None:
    [node] = sample("query_incidents_response.xml").content["incident"]
    incident = parse_incident(node, b"")
    assert (incident.order_id, incident.open, incident.opened_by) == ("57BEAFDA828A8", True, "client")
    assert [(i.line_id, i.open, i.refunded_amount) for i in incident.lines] == [
        ("2", True, Decimal("0.00")),
        ("1", False, Decimal("276")),
    ]
