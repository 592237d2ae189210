"""The world's own door under `/_bazaar/`: look at it, push it, read its ledger. Loopback only."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse

from bazaar.admin.guard import LoopbackOnly
from bazaar.admin.ledgers import ledger_routes
from bazaar.admin.page import page_routes
from bazaar.admin.parties import party_routes
from bazaar.admin.plans import plan_routes
from bazaar.admin.time_and_faults import time_and_fault_routes
from bazaar.world.world import SimulatedWorld


def admin_app(world: SimulatedWorld) -> LoopbackOnly:
    """A wrong request is a 400 with `{"error": what}`, never a page of Python."""
    routes = [
        *time_and_fault_routes(world),
        *plan_routes(world),
        *ledger_routes(world),
        *party_routes(world),
        *page_routes(world),
    ]
    handlers = {ValueError: _bad_request, LookupError: _bad_request, HTTPException: _refused}
    return LoopbackOnly(Starlette(routes=routes, exception_handlers=handlers))  # type: ignore[arg-type]


async def _bad_request(_: Request, error: Exception) -> JSONResponse:
    return JSONResponse({"error": str(error)}, 400)


async def _refused(_: Request, error: HTTPException) -> JSONResponse:
    return JSONResponse({"error": error.detail}, error.status_code)
