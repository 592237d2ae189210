"""`plan/live`, `plan/day`, `plan/replay`: what buyers will do."""

from __future__ import annotations

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bazaar.admin.answers import as_json, read_body
from bazaar.replay.plan import ReplayOrder, plan_replay
from bazaar.world.day import DayPlan, schedule_day
from bazaar.world.world import SimulatedWorld


class Live(msgspec.Struct, forbid_unknown_fields=True):
    orders_per_hour: float
    profile: str = "flat"


def plan_routes(world: SimulatedWorld) -> list[BaseRoute]:
    async def live(request: Request) -> Response:
        order = await read_body(request, Live)
        world.demand.go_live(order.orders_per_hour, order.profile)
        return as_json(world.demand.live)

    async def day(request: Request) -> Response:
        plan = await read_body(request, DayPlan)
        return as_json({"key": plan.key, "visits": plan_day(world, plan)})

    async def replay(request: Request) -> Response:
        return as_json(plan_replay(world, await read_body(request, ReplayOrder)))

    return [
        Route("/plan/replay", replay, methods=["POST"]),
        Route("/plan/live", live, methods=["POST"]),
        Route("/plan/day", day, methods=["POST"]),
    ]


def plan_day(world: SimulatedWorld, plan: DayPlan) -> dict[str, int]:
    """Plan a day once; visits by marketplace."""
    if plan.key in world.demand.days:
        raise ValueError(f"a day called {plan.key!r} is already planned")
    if plan.start < world.now():
        raise ValueError(
            f"the day starts at {plan.start.isoformat()}, it is already {world.now().isoformat()}"
        )
    shares = {key: market.share for key, market in world.marketplaces().items()}
    if unknown := [key for key in plan.parties if key not in shares]:
        raise ValueError(f"no such marketplace: {', '.join(unknown)}")
    shares = {key: share for key, share in shares.items() if key in (plan.parties or shares)}
    rng = world.randomness.fresh("day", plan.key)
    visits = schedule_day(plan, shares, rng, world.agenda)
    world.demand.days[plan.key] = plan
    return visits
