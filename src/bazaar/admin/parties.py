"""`parties/{key}`: look at one party, place an order by hand, ring its timers."""

from __future__ import annotations

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bazaar.admin.answers import as_json, read_body
from bazaar.party import Party
from bazaar.world.facts import Buyer
from bazaar.world.world import SimulatedWorld


class WantedLine(msgspec.Struct, forbid_unknown_fields=True):
    sku: str
    quantity: int = 1


class HandOrder(msgspec.Struct, forbid_unknown_fields=True):
    lines: list[WantedLine]
    buyer: Buyer | None = None


def party_routes(world: SimulatedWorld) -> list[BaseRoute]:
    async def show(request: Request) -> Response:
        party = _party(world, request)
        return as_json(party_state(world, party))

    async def place(request: Request) -> Response:
        party = _party(world, request)
        order = await read_body(request, HandOrder)
        lines = [(line.sku, line.quantity) for line in order.lines]
        return as_json({"order_id": place_by_hand(world, party.key, lines, order.buyer)}, 201)

    async def ring(request: Request) -> Response:
        return as_json({"timers": world.run_timers_of(_party(world, request).key)})

    return [
        Route("/parties/{key}", show),
        Route("/parties/{key}/orders", place, methods=["POST"]),
        Route("/parties/{key}/timers/run", ring, methods=["POST"]),
    ]


def _party(world: SimulatedWorld, request: Request) -> Party:
    key = request.path_params["key"]
    if key not in world.parties:
        raise HTTPException(404, f"no party is called {key}")
    return world.parties[key]


def party_state(world: SimulatedWorld, party: Party) -> dict[str, object]:
    market = world.marketplaces().get(party.key)
    return {
        "key": party.key,
        "kind": party.kind,
        "description": party.describe(),
        "timers": world.agenda.timers_of(party.key)[:50],
        "orders": list(market.order_states()) if market else [],
    }


def place_by_hand(world: SimulatedWorld, key: str, lines: list[tuple[str, int]], buyer: Buyer | None) -> str:
    """Place an order now whatever the stock; the order's id. ValueError tells what cannot be."""
    market = world.marketplaces().get(key)
    if market is None:
        raise ValueError(f"{key} is not a marketplace")
    wrong = [sku for sku, quantity in lines if sku not in world.products or quantity < 1]
    if wrong or not lines:
        raise ValueError(f"no such product or quantity: {', '.join(wrong) or 'no line'}")
    return market.place_by_hand(lines, buyer)
