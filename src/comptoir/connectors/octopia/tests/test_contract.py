"""The contract that every connector keeps, run on Octopia's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec

from comptoir.connectors.octopia import CONNECTOR
from comptoir.connectors.octopia.orders import parse_order
from comptoir.connectors.octopia.statuses import ORDER_STATUSES, translate_status
from comptoir.connectors.octopia.tests import healthy
from comptoir.connectors.octopia.tests.samples import an_order
from comptoir.sdk.conversations import Reply
from comptoir.sdk.invoices import CustomerInvoice
from comptoir.sdk.records import (
    Cancellation,
    LeadTimeUpdate,
    LineAmount,
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

A_DAY = (datetime(2026, 11, 22, tzinfo=UTC), datetime(2026, 11, 23, tzinfo=UTC))

REPLY = Reply(reference="M-1", conversation_id="D1", body="Bonjour, il part aujourd’hui.")
INVOICE = CustomerInvoice(reference="F-1", order_id="SCID1", content=b"%PDF-1.7", file_name="F-1.pdf")


def shipment() -> Shipment:
    return Shipment(
        reference="S-1",
        order_id="SCID000042",
        parcel=Parcel(carrier="COLISSIMO", tracking_number="6A00000000042"),
        lines=(ShippedLine(line_id="L1", sku="SKU-A", quantity=2),),
        shipped_at=A_DAY[1],
        completes_order=True,
    )


def refund() -> Refund:
    lines = (LineAmount(line_id="L1", quantity=1, amount=Decimal(5)),)
    return Refund(reference="R-1", order_id="SHIPPED1", lines=lines)


def draft() -> OfferDraft:
    euros = {"price": Decimal("24.90"), "floor": Decimal(20), "currency": "EUR"}
    return OfferDraft(sku="SKU-A", ean="3700000000018", quantity=3, **euros)


def price() -> PriceUpdate:
    return PriceUpdate(sku="SKU-A", price=Decimal("24.90"), currency="EUR", floor=Decimal(20))


class TestOctopia(ConnectorContract):
    connector = CONNECTOR
    reads = {  # noqa: RUF012 - read only
        "check": lambda c: c.check(),
        "orders": lambda c: list(c.order_pages("")),
        "a day": lambda c: list(c.orders_between(*A_DAY)),
        "by id": lambda c: list(c.orders_by_id(["SCID000042"])),
        "listed": lambda c: list(c.listed_offers()),
        "rivals": lambda c: list(c.competing_offers(["3700000000018"])),
        "money": lambda c: list(c.settlement_pages(A_DAY[0])),
        "discussions": lambda c: list(c.conversation_pages(A_DAY[0])),
        "invoice import": lambda c: c.read_invoice("II1"),
        "report": lambda c: c.read_submission("stock", "PKG1*1@1764000000"),
    }
    writes = {  # noqa: RUF012 - read only
        "accept": lambda c: list(c.decide_orders([OrderDecision(order_id="WAITING1", lines={"L1": True})])),
        "ship": lambda c: list(c.confirm_shipments([shipment()])),
        "cancel": lambda c: list(
            c.cancel_orders([Cancellation(reference="C-1", order_id="SCID1", lines=())])
        ),
        "refund": lambda c: list(c.refund_orders([refund()])),
        "reply": lambda c: list(c.send_replies([REPLY])),
        "invoice": lambda c: list(c.send_invoices([INVOICE])),
        "lead": lambda c: [c.submit_lead_times([LeadTimeUpdate(sku="SKU-A", days=5)])],
        "stock": lambda c: [c.submit_stock([StockUpdate(sku="SKU-A", quantity=3)])],
        "price": lambda c: [c.submit_prices([price()])],
        "offer": lambda c: [c.submit_offers([draft()])],
    }
    external_statuses = tuple(ORDER_STATUSES)

    def settings(self, url: str) -> dict[str, object]:
        return {
            "client_id": "c-1",
            "client_secret": healthy.SECRET,
            "seller_id": "98979",
            "delivery_modes": "TRK:4.90:1.00",
            "cancellation_reason": "seller-out-of-stock",
            "base_url": url,
            "auth_url": f"{url}/token",
        }

    def answer(self, request: SeenRequest) -> Scripted:
        server: healthy.Healthy = self.__dict__.setdefault("healthy", healthy.Healthy())
        status = {"WAITING1": "WaitingAcceptance", "SHIPPED1": "Shipped"}
        return server.answer(request, status.get(request.path.rpartition("/")[2], "InPreparation"))

    def is_business_call(self, request: SeenRequest) -> bool:
        return request.path != "/token"

    def translate_status(self, code: str) -> OrderStatus:
        return translate_status(code)

    def paged(self) -> PagedRead:
        """250 orders, ten a second, served as the documentation says."""
        start = datetime(2026, 11, 23, tzinfo=UTC)
        updated = [(start + timedelta(seconds=n // 10)).isoformat() for n in range(250)]
        orders = [an_order(f"SCID{n:06d}", updated=at) for n, at in enumerate(updated)]

        def script(request: SeenRequest) -> Scripted:
            if request.path == "/token":
                return self.answer(request)
            since = datetime.fromisoformat(request.query["updatedAtMin"])
            found = [one for one in orders if datetime.fromisoformat(one["updatedAt"]) >= since]
            first = (int(request.query["pageIndex"]) - 1) * 100
            return Scripted(body={"itemsPerPage": 100, "items": found[first : first + 100]})

        return PagedRead(
            script=script,
            read=lambda c: [order.external_id for page in c.order_pages("") for order in page.orders],
            expected=[order["orderId"] for order in orders],
        )

    def parse_sample(self) -> tuple[Callable[[Any], object], Any]:
        return lambda sample: parse_order(msgspec.json.encode(sample), timedelta(hours=24)), an_order()
