"""The contract that every connector keeps, over REST and SOAP alike."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, ClassVar

from comptoir.connectors.sage_x3 import CONNECTOR
from comptoir.connectors.sage_x3.articles import parse_article
from comptoir.connectors.sage_x3.lists import _row
from comptoir.connectors.sage_x3.tests.answers import ITEM, SETTINGS, answer, operation, settings, soap
from comptoir.sdk.purchasing import ErpPurchaseLine, ErpPurchaseOrder
from comptoir.sdk.records import ErpCancellation, ErpOrder, ErpRefund, Order, OrderLine
from comptoir.sdk.statuses import OrderStatus
from comptoir.sdk.testing import ConnectorContract, PagedRead, Scripted, SeenRequest

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
LINE = OrderLine(external_id="1", sku="MUG", quantity=2, amount=Decimal("12.50"), unit_price=Decimal("6.25"),
                 status=OrderStatus.TO_SHIP, external_status="SHIPPING")  # fmt: skip
SOLD = ErpOrder(
    reference="CO-000000002", channel="shop",
    order=Order(external_id="M-2", status=OrderStatus.TO_SHIP, external_status="SHIPPING", placed_at=AT,
                updated_at=AT, currency="EUR", lines=(LINE,), total_amount=Decimal("12.50")),
)  # fmt: skip
CANCELLED = ErpCancellation(cancellation_id="C1-1", order_reference="CO-000000001", line_id="1", line_number=1,
                            sku="MUG", quantity=1, reason="buyer", cancelled_at=AT, left=2)  # fmt: skip
REFUNDED = ErpRefund(refund_id="R1-500", order_reference="CO-000000001", line_id="1", line_number=1, sku="MUG",
                     quantity=1, amount=Decimal("5.00"), currency="EUR", reason="broken", refunded_at=AT)  # fmt: skip

ORDERED = ErpPurchaseOrder(
    reference="PO-2", supplier="GRES", supplier_code="", warehouse="", ordered_on=AT.date(),
    lines=(ErpPurchaseLine(line_number=1, sku="MUG", quantity=9, unit_price=Decimal("4.20")),),
)  # fmt: skip


def told(receipt: Any) -> list[Any]:
    return list(receipt.report.verdicts)


class TestSageX3(ConnectorContract):
    connector = CONNECTOR
    reads: ClassVar = {
        "check": lambda c: c.check(),
        "products": lambda c: list(c.product_batches("")),
        "stock": lambda c: list(c.stock_batches("")),
        "shipments": lambda c: list(c.shipment_batches("")),
        "states": lambda c: list(c.order_state_batches("")),
        "documents": lambda c: list(c.document_batches("")),
        "purchases": lambda c: list(c.purchase_state_batches("")),
        "booked": lambda c: list(c.booked_orders(date(2026, 11, 1), date(2026, 12, 1))),
        "describe": lambda c: c._services.describe("YOSOH"),
    }
    writes: ClassVar = {
        "orders": lambda c: told(c.submit_orders(1, [SOLD])),
        "cancellations": lambda c: told(c.submit_cancellations(1, [CANCELLED])),
        "purchases": lambda c: told(c.submit_purchase_orders(1, [ORDERED])),
        "refunds": lambda c: told(c.submit_refunds(1, [REFUNDED])),
    }

    # Statuses of an ERP's documents are total by their type, and have tests of their own.
    test_every_documented_status_is_translated = None
    test_an_unknown_status_is_visible_not_fatal = None

    def settings(self, url: str) -> dict[str, object]:
        return {**SETTINGS, "base_url": url}

    def answer(self, request: SeenRequest) -> Scripted:
        return healthy(request)

    def is_writing(self, request: SeenRequest) -> bool:
        return request.method == "POST" and operation(request) in ("save", "modify", "deleteLines")

    def paged(self) -> PagedRead:
        return PagedRead(
            three_items, lambda c: [key for page in c.product_keys() for key in page], ["A", "B", "C"]
        )

    def parse_sample(self) -> tuple[Any, Any]:
        own = settings()
        mapped = own.mapped()
        columns = mapped.columns("items")
        return lambda row: parse_article(_row(row, columns), None, None, "", own, mapped), ITEM


def healthy(request: SeenRequest) -> Scripted:
    """The order that is there is found by its own reference, the one to be written is not."""
    where = request.query.get("where", "")
    if request.path.endswith("/SORDER") and "CO-000000001" in where:
        return answer(SeenRequest(request.method, request.path, {}, request.headers, request.body))
    if request.method == "POST" and operation(request) == "query" and b"YOSOH" in request.body:
        found = '<LIN NUM="1"><FLD NAME="CUSORDREF">CO-000000001</FLD><FLD NAME="BPCORD">MKDIVERS</FLD></LIN>'
        return soap("query", f"<RESULT>{found if b'CO-000000001' in request.body else ''}</RESULT>")
    if request.path.endswith("/PORDER") and " in (" in where:
        return Scripted(body={"$resources": []})
    if request.path.endswith("/ITMMASTER") and " in (" in where:
        names = ("PORT", "REMISE", "ARRONDI")
        return Scripted(body={"$resources": [{**ITEM, "ITMREF": name} for name in names]})
    return answer(request)


def three_items(request: SeenRequest) -> Scripted:
    """Two on a page, the next by the page's own link."""
    after = int(request.query.get("startIndex", "1"))
    names = "ABC"[after - 1 : after + 1]
    further = f"http://{request.headers['host']}{request.path}?representation=ITMMASTER.$query&startIndex={after + 2}"
    links = {"$next": {"$url": further}} if after + 1 < 3 else {}
    return Scripted(body={"$resources": [{**ITEM, "ITMREF": name} for name in names], "$links": links})
