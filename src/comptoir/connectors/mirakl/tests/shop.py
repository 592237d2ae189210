"""A scripted Mirakl that is well: what the tests of this folder talk to over real HTTP."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from comptoir.connectors.mirakl import CONNECTOR
from comptoir.connectors.mirakl.connection import MiraklConnection
from comptoir.connectors.mirakl.tests.payloads import offer, order
from comptoir.sdk.connector import Context
from comptoir.sdk.testing import Scripted, ScriptedServer, SeenRequest, context_for_tests

Respond = Callable[[SeenRequest], Scripted]


def settings(url: str, **more: object) -> dict[str, object]:
    return {
        "base_url": url,
        "api_key": "key-0123456789",
        "cancel_reason": "34",
        "refund_reason": "15",
        **more,
    }


@dataclass
class Shop:
    """Answers by `METHOD path`; `overrides` holds what a test wants answered otherwise."""

    orders: list[dict[str, Any]] = field(default_factory=lambda: [order()])
    offers: list[dict[str, Any]] = field(default_factory=lambda: [offer()])
    multi_shipment: bool = False
    overrides: dict[str, Respond | Scripted] = field(default_factory=dict)

    def __call__(self, request: SeenRequest) -> Scripted:
        route = f"{request.method} {request.path}"
        for pattern, answer in [*self.overrides.items(), *self._routes().items()]:
            if re.fullmatch(pattern, route):
                return answer if isinstance(answer, Scripted) else answer(request)
        return Scripted(404, {"message": f"no {route}", "status": 404})

    def _routes(self) -> Mapping[str, Respond | Scripted]:
        imports = {"status": "COMPLETE", "has_error_report": False, "lines_in_error": 0}
        return {
            "GET /api/account": Scripted(body=ACCOUNT),
            "GET /api/platform/configuration": Scripted(body=self._configuration()),
            "GET /api/shipping/types": Scripted(
                body={"shipping_types": [{"code": "STD", "label": "Standard"}]}
            ),
            "GET /api/shipping/carriers": Scripted(body={"carriers": CARRIERS}),
            "GET /api/reasons": Scripted(body={"reasons": REASONS, "total_count": 2}),
            "GET /api/offers/states": Scripted(body={"offer_states": [{"code": "11", "label": "Neuf"}]}),
            "GET /api/orders": self._list_orders,
            "PUT /api/orders": self._references,
            "PUT /api/orders/.*/(accept|tracking|ship|cancel)": Scripted(204),
            "PUT /api/orders/refund": Scripted(body={"refunds": [{"refund_id": "1130"}]}),
            "PUT /api/orders/cancel": Scripted(body={"cancelations": [{"cancelation_id": "77"}]}),
            "GET /api/offers": self._list_offers,
            "POST /api/offers": Scripted(201, {"import_id": 2035}),
            "POST /api/offers/stock/imports": Scripted(201, {"import_id": "s-1"}),
            "POST /api/offers/pricing/imports": Scripted(201, {"import_id": "p-1"}),
            "GET /api/offers/stock/imports/.*/status": Scripted(body={**imports, "import_id": "s-1"}),
            "GET /api/offers/pricing/imports": Scripted(body={"data": [{**imports, "import_id": "p-1"}]}),
            "GET /api/offers/imports/[0-9]+": Scripted(body={**imports, "import_id": 2035}),
            "GET /api/products/offers": Scripted(body={"products": []}),
            "GET /api/shipments": Scripted(body={"data": []}),
        }

    def _configuration(self) -> dict[str, Any]:
        return {
            "features": {
                "shipment": {"multi_shipment": self.multi_shipment},
                "order_workflows": {"order_acceptance": "NOT_AUTOMATIC"},
                "offer_prices_decimals": "2",
            }
        }

    def _list_orders(self, request: SeenRequest) -> Scripted:
        if "order_ids" in request.query:
            asked = request.query["order_ids"].split(",")
            found = [one for one in self.orders if one["order_id"] in asked]
            return Scripted(body={"orders": found, "total_count": len(found)})
        return Scripted(body=_page("orders", self.orders, request))

    def _list_offers(self, request: SeenRequest) -> Scripted:
        return Scripted(body=_page("offers", self.offers, request))

    def _references(self, request: SeenRequest) -> Scripted:
        ids = re.findall(rb'"order_id":"([^"]+)"', request.body)
        return Scripted(body={"updated_orders": [{"order_id": one.decode(), "errors": []} for one in ids]})


ACCOUNT = {"shop_id": 2000, "shop_name": "Notre Boutique", "shop_state": "OPEN", "currency_iso_code": "EUR"}
CARRIERS = [
    {"code": "LAPOSTE", "label": "La Poste Colissimo", "standard_code": None, "tracking_url": None},
    {"code": "CHR", "label": "Chronopost", "standard_code": "CHRONOPOST", "tracking_url": None},
]
REASONS = [
    {"code": "15", "label": "Rupture", "type": "REFUND", "is_shop_right": True},
    {"code": "1", "label": "Non reçu", "type": "INCIDENT_OPEN", "is_shop_right": False},
]


def _page(name: str, items: list[dict[str, Any]], request: SeenRequest) -> dict[str, Any]:
    start, size = int(request.query.get("offset", 0)), min(100, int(request.query.get("max", 10)))
    return {name: items[start : start + size], "total_count": len(items)}


@contextmanager
def connected(
    shop: Respond, context: Context | None = None, **more: object
) -> Iterator[tuple[MiraklConnection, ScriptedServer]]:
    with ScriptedServer(shop) as server:
        loaded = CONNECTOR.settings.load(settings(server.url, **more))
        connection = CONNECTOR.connect(loaded, context or context_for_tests())
        assert isinstance(connection, MiraklConnection)
        try:
            yield connection, server
        finally:
            connection.close()


def written(server: ScriptedServer) -> list[str]:
    """What was written, in order: `METHOD path`."""
    return [f"{one.method} {one.path}" for one in server.seen if one.method != "GET"]
