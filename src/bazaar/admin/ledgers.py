"""`ledger…`: the truth, as NDJSON, for whoever audits the hub."""

from __future__ import annotations

from collections.abc import Iterator

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bazaar.admin.answers import as_json, as_ndjson
from bazaar.audit import order_histories, stock_balance
from bazaar.world.world import SimulatedWorld


def ledger_routes(world: SimulatedWorld) -> list[BaseRoute]:
    async def facts(request: Request) -> Response:
        asked = request.query_params
        limit = int(asked["limit"]) if "limit" in asked else None
        after = int(asked.get("after", "0"))
        found = world.ledger.find(
            kind=asked.get("kind", ""), party=asked.get("party", ""), after=after, limit=limit
        )
        return as_ndjson(found)

    async def orders(_: Request) -> Response:
        return as_ndjson(order_histories(world.ledger))

    async def erp(_: Request) -> Response:
        return as_ndjson(_documents(world))

    async def stock(_: Request) -> Response:
        return as_json(stock_balance(world))

    async def offers(_: Request) -> Response:
        return as_ndjson(_offers(world))

    return [
        Route("/ledger", facts),
        Route("/ledger/orders", orders),
        Route("/ledger/erp", erp),
        Route("/ledger/stock", stock),
        Route("/ledger/offers", offers),
    ]


def _documents(world: SimulatedWorld) -> Iterator[dict[str, object]]:
    for key, warehouse in world.warehouses().items():
        for document in warehouse.documents():
            yield {"party": key, **document}


def _offers(world: SimulatedWorld) -> Iterator[dict[str, object]]:
    for key, market in world.marketplaces().items():
        for offer in market.listed_offers():
            yield {
                "party": key,
                "sku": offer.sku,
                "quantity": offer.quantity,
                "price": offer.price,
                "active": offer.active,
            }
