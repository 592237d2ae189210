"""Amazon keeps the contract of every connector."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, ClassVar

import msgspec

from comptoir.connectors.amazon import CONNECTOR
from comptoir.connectors.amazon.order_payloads import OrderPayload
from comptoir.connectors.amazon.orders import parse_raw_order
from comptoir.connectors.amazon.statuses import ORDER_STATUSES, V0_STATUSES, order_status
from comptoir.connectors.amazon.tests import payloads
from comptoir.sdk.records import (
    Cancellation,
    LeadTimeUpdate,
    LineAmount,
    Parcel,
    PriceUpdate,
    Refund,
    Shipment,
    ShippedLine,
    StockUpdate,
)
from comptoir.sdk.statuses import OrderStatus
from comptoir.sdk.testing import ConnectorContract, PagedRead, Scripted, SeenRequest

Call = Callable[[Any], object]
ORDER_ID = "403-0000000-0000001"
SHIPMENT = Shipment(
    reference="EXP-1",
    order_id=ORDER_ID,
    parcel=Parcel(carrier="COLISSIMO", tracking_number="6A01"),
    lines=(ShippedLine(line_id="1", sku="SKU/1", quantity=2),),
    shipped_at=datetime(2026, 11, 23, 8, tzinfo=UTC),
    completes_order=True,
)
CANCELLATION = Cancellation(
    reference="ANN-1", order_id=ORDER_ID, lines=(LineAmount(line_id="1", quantity=1),)
)
REFUND = Refund(
    reference="RMB-1",
    order_id=ORDER_ID,
    lines=(LineAmount(line_id="1", quantity=1, amount=Decimal("19.90")),),
)


class TestAmazon(ConnectorContract):
    connector = CONNECTOR
    not_made_again = frozenset({"downloadDocument"})
    reads: ClassVar[Mapping[str, Call]] = {
        "check": lambda c: c.check(),
        "orders": lambda c: list(c.order_pages("")),
        "orders_by_id": lambda c: list(c.orders_by_id([ORDER_ID])),
        "orders_between": lambda c: list(
            c.orders_between(datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 2, tzinfo=UTC))
        ),
        "feed_state": lambda c: c.read_submission("stock", "feed-1001"),
        "listed_offers": lambda c: list(c.listed_offers()),
        "competing_offers": lambda c: list(c.competing_offers(["4006381333931"])),
    }
    writes: ClassVar[Mapping[str, Call]] = {
        "ship": lambda c: list(c.confirm_shipments([SHIPMENT])),
        "lead": lambda c: c.submit_lead_times([LeadTimeUpdate(sku="SKU/1", days=5)]),
        "stock": lambda c: c.submit_stock([StockUpdate(sku="SKU/1", quantity=4)]),
        "price": lambda c: c.submit_prices(
            [PriceUpdate(sku="SKU/1", price=Decimal("19.90"), currency="EUR", floor=Decimal(15))]
        ),
        "cancel": lambda c: list(c.cancel_orders([CANCELLATION])),
        "refund": lambda c: list(c.refund_orders([REFUND])),
    }
    external_statuses = (*ORDER_STATUSES, *V0_STATUSES)

    def settings(self, url: str) -> dict[str, object]:
        return payloads.settings(url)

    def answer(self, request: SeenRequest) -> Scripted:
        return payloads.healthy(request)

    def is_business_call(self, request: SeenRequest) -> bool:
        # A document changes nothing until a feed names it.
        return request.path not in ("/auth/o2/token", "/feeds/2021-06-30/documents", "/stored/upload")

    def translate_status(self, code: str) -> OrderStatus:
        return order_status(code)

    def parse_sample(self) -> tuple[Callable[[Any], object], Any]:
        return lambda payload: parse_raw_order(msgspec.json.encode(payload)), payloads.order()

    def paged(self) -> PagedRead:
        """Three pages, one of them empty, chained by their tokens."""
        pages = {
            "": payloads.page(payloads.order(1), payloads.order(2), token="a"),
            "a": payloads.page(token="b"),
            "b": payloads.page(payloads.order(3)),
        }

        def script(request: SeenRequest) -> Scripted:
            if request.path != "/orders/2026-01-01/orders":
                return payloads.healthy(request)
            return Scripted(body=pages[request.query.get("paginationToken", "")])

        return PagedRead(
            script=script,
            read=lambda c: [o.external_id for page in c.order_pages("") for o in page.orders],
            expected=[f"403-0000000-{number:07d}" for number in (1, 2, 3)],
        )


def test_every_field_of_the_payload_may_be_absent() -> None:
    assert msgspec.json.decode(b"{}", type=OrderPayload) == OrderPayload()
