"""The promises of every connector, kept by this one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, ClassVar

from lxml import etree

from comptoir.connectors.fnac import CONNECTOR
from comptoir.connectors.fnac.orders import parse_order
from comptoir.connectors.fnac.statuses import STATES, status_of
from comptoir.connectors.fnac.tests import answers
from comptoir.connectors.fnac.xml import to_dict
from comptoir.sdk.aftersales import MessageReply, ReviewReply
from comptoir.sdk.records import (
    Cancellation,
    LeadTimeUpdate,
    OfferDraft,
    OrderDecision,
    Parcel,
    PriceUpdate,
    Refund,
    Shipment,
    ShippedLine,
    StockUpdate,
)
from comptoir.sdk.statuses import OrderStatus
from comptoir.sdk.testing import ConnectorContract, PagedRead, Scripted, SeenRequest

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ORDER = "57BEAFDA828A8"
SHIPMENT = Shipment(
    reference="S-1",
    order_id=ORDER,
    parcel=Parcel(carrier="COLISSIMO", tracking_number="6A00000000001"),
    lines=(ShippedLine(line_id="1", sku="SKU-1", quantity=2),),
    shipped_at=NOW,
    completes_order=True,
)
PRICE = PriceUpdate(sku="SKU-1", price=Decimal("18.90"), currency="EUR", floor=Decimal("15"))
DRAFT = OfferDraft(
    sku="SKU-1",
    ean="0711719247159",
    price=Decimal("18.90"),
    currency="EUR",
    floor=Decimal("15"),
    quantity=4,
)


def to_accept(request: SeenRequest) -> Scripted:
    page = answers.orders_page([answers.order(ORDER, "Created")])
    return answers.healthy(orders_query=lambda _: page)(request)


class TestFnac(ConnectorContract):
    connector = CONNECTOR
    reads: ClassVar = {
        "check": lambda c: c.check(),
        "orders": lambda c: list(c.order_pages("")),
        "between": lambda c: list(c.orders_between(NOW, NOW)),
        "by id": lambda c: list(c.orders_by_id([ORDER])),
        "offers": lambda c: list(c.listed_offers()),
        "report": lambda c: c.read_submission("stock", answers.BATCH),
        "prices": lambda c: list(c.competing_offers(["0711719247159"])),
        "messages": lambda c: list(c.messages_since(NOW)),
        "incidents": lambda c: list(c.incidents_since(NOW)),
        "reviews": lambda c: list(c.reviews_since(NOW)),
        "invoices": lambda c: list(c.channel_invoices_since(NOW)),
    }
    writes: ClassVar = {
        "ship": lambda c: list(c.confirm_shipments([SHIPMENT])),
        "refund": lambda c: list(c.refund_orders([Refund(reference="R-1", order_id=ORDER, lines=())])),
        "cancel": lambda c: list(c.cancel_orders([Cancellation(reference="C-1", order_id=ORDER, lines=())])),
        "lead": lambda c: c.submit_lead_times([LeadTimeUpdate(sku="SKU-1", days=5)]),
        "stock": lambda c: c.submit_stock([StockUpdate(sku="SKU-1", quantity=5)]),
        "price": lambda c: c.submit_prices([PRICE]),
        "offer": lambda c: c.submit_offers([DRAFT]),
        "message": lambda c: list(c.reply_to_messages([MessageReply(message_id=answers.BATCH, body="Oui")])),
        "review": lambda c: list(c.reply_to_reviews([ReviewReply(review_id=answers.BATCH, body="Merci")])),
    }
    external_statuses = tuple(STATES)

    def settings(self, url: str) -> dict[str, object]:
        return answers.settings(url)

    def answer(self, request: SeenRequest) -> Scripted:
        return answers.healthy()(request)

    def is_business_call(self, request: SeenRequest) -> bool:
        return answers.service_of(request) != "auth"

    def is_writing(self, request: SeenRequest) -> bool:
        return answers.service_of(request).endswith("_update")

    def translate_status(self, code: str) -> OrderStatus:
        return status_of(code)

    def paged(self) -> PagedRead:
        ids = [f"{number:013d}" for number in range(1, 8)]

        def page(request: etree._Element) -> str:
            number = int(answers.asked(request, "paging"))
            orders = [answers.order(order_id) for order_id in ids[3 * (number - 1) : 3 * number]]
            return answers.orders_page(orders, page=number, pages=3, total=len(ids))

        return PagedRead(
            script=answers.healthy(orders_query=page),
            read=lambda c: [order.external_id for page in c.order_pages("") for order in page.orders],
            expected=ids,
        )

    def parse_sample(self) -> tuple[Callable[[Any], object], Any]:
        lines = [answers.line(1, "ToShip"), answers.line(2, "Shipped", tracking_number="6A1")]
        sample = to_dict(etree.fromstring(answers.order(ORDER, "ToShip", lines)))
        return parse_order, sample


class TestFnacAcceptance(TestFnac):
    """The same promises for the decision on an order, which needs an order that waits for it."""

    reads: ClassVar = {"by id": lambda c: list(c.orders_by_id([ORDER]))}
    writes: ClassVar = {
        "accept": lambda c: list(c.decide_orders([OrderDecision(order_id=ORDER, lines={"1": True})])),
    }

    def answer(self, request: SeenRequest) -> Scripted:
        return to_accept(request)
