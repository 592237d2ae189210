"""The contract that every connector keeps."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from comptoir.connectors.mirakl import CONNECTOR
from comptoir.connectors.mirakl.orders import parse_order
from comptoir.connectors.mirakl.statuses import STATES, order_status
from comptoir.connectors.mirakl.tests import samples
from comptoir.connectors.mirakl.tests.payloads import order
from comptoir.connectors.mirakl.tests.shop import Shop, settings
from comptoir.sdk.statuses import OrderStatus
from comptoir.sdk.testing import ConnectorContract, PagedRead, Scripted, SeenRequest

Call = Callable[[Any], object]


class TestMirakl(ConnectorContract):
    connector = CONNECTOR
    reads: ClassVar[Mapping[str, Call]] = {
        "check": lambda c: c.check(),
        "orders": lambda c: list(c.order_pages("")),
        "orders by id": lambda c: list(c.orders_by_id(["C-1-A"])),
        "offers": lambda c: list(c.listed_offers()),
        "competition": lambda c: list(c.competing_offers(["3760001234567"])),
        "submission": lambda c: c.read_submission("stock", "STO01:s-1"),
    }
    writes: ClassVar[Mapping[str, Call]] = {
        "accept": lambda c: list(c.decide_orders([samples.decision()])),
        "ship": lambda c: list(c.confirm_shipments([samples.shipment()])),
        "cancel": lambda c: list(c.cancel_orders([samples.cancellation()])),
        "refund": lambda c: list(c.refund_orders([samples.refund()])),
        "reference": lambda c: list(c.write_references([samples.reference()])),
        "stock": lambda c: c.submit_stock([samples.stock()]),
        "price": lambda c: c.submit_prices([samples.price()]),
        "offer": lambda c: c.submit_offers([samples.draft()]),
    }
    external_statuses = tuple(STATES)

    def settings(self, url: str) -> dict[str, object]:
        return settings(url)

    def answer(self, request: SeenRequest) -> Scripted:
        return Shop()(request)

    def translate_status(self, code: str) -> OrderStatus:
        return order_status(code)

    def paged(self) -> PagedRead:
        ids = [f"C-{number}-A" for number in range(250)]
        shop = Shop(orders=[order(order_id) for order_id in ids])
        return PagedRead(
            shop, lambda c: [o.external_id for page in c.order_pages("") for o in page.orders], ids
        )

    def parse_sample(self) -> tuple[Callable[[Any], object], Any]:
        return lambda payload: parse_order(json.dumps(payload).encode()), order()
