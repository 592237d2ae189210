"""`state`, `clock/advance`, `faults`."""

from __future__ import annotations

from datetime import timedelta

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bazaar.admin.answers import as_json, instant, read_body
from bazaar.faults.board import EVERYONE
from bazaar.faults.levels import FaultSettings
from bazaar.world.world import SimulatedWorld


class Advance(msgspec.Struct, forbid_unknown_fields=True):
    """Push the clock to an instant, or by a number of seconds."""

    to: str = ""
    seconds: float = 0.0


class FaultOrder(msgspec.Struct, forbid_unknown_fields=True):
    """Change some settings of the faults of `party`; `next` forces one fault each on the next exchanges."""

    party: str = EVERYONE
    set: dict[str, object] = {}
    next: list[str] = []
    level: str | None = None


def time_and_fault_routes(world: SimulatedWorld) -> list[BaseRoute]:
    async def state(_: Request) -> Response:
        return as_json(world_state(world))

    async def advance(request: Request) -> Response:
        order = await read_body(request, Advance)
        to = instant(order.to) if order.to else world.clock.now() + timedelta(seconds=order.seconds)
        events = world.advance(to)
        return as_json({"now": world.now(), "next_event_at": world.agenda.next_at, "events": events})

    async def faults(_: Request) -> Response:
        return as_json(fault_state(world))

    async def set_faults(request: Request) -> Response:
        change_faults(world, await read_body(request, FaultOrder))
        return as_json(fault_state(world))

    return [
        Route("/state", state),
        Route("/clock/advance", advance, methods=["POST"]),
        Route("/faults", faults, methods=["GET"]),
        Route("/faults", set_faults, methods=["POST"]),
    ]


def world_state(world: SimulatedWorld) -> dict[str, object]:
    """The whole at a glance."""
    return {
        "now": world.now(),
        "speed": world.clock.speed,
        "seed": world.seed,
        "products": len(world.products),
        "parties": {key: party.kind for key, party in world.parties.items()},
        "next_event_at": world.agenda.next_at,
        "events_to_come": len(world.agenda),
        "live": world.demand.live,
        "plans": dict(world.demand.days),
        "demand": dict(world.demand.counts),
        "facts": world.ledger.counts(),
    }


def fault_state(world: SimulatedWorld) -> dict[str, object]:
    """By party: the settings that hold and how often each fault struck."""
    return {
        key: {"settings": world.faults.settings(key), "counts": dict(world.faults.counts[key])}
        for key in world.parties
    }


def change_faults(world: SimulatedWorld, order: FaultOrder) -> None:
    if order.party != EVERYONE and order.party not in world.parties:
        raise ValueError(f"no party is called {order.party}")
    if order.set or order.level is not None:
        now = {} if order.level else msgspec.to_builtins(world.faults.settings(order.party))
        level = {"level": order.level} if order.level else {}
        world.faults.set(order.party, msgspec.convert({**now, **level, **order.set}, FaultSettings))
    if order.next:
        world.faults.force(order.party, order.next)
