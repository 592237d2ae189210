"""One plain page to look at the world and push it: forms only, no script, no asset of elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from html import escape
from itertools import islice

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bazaar.admin.parties import place_by_hand
from bazaar.admin.time_and_faults import FaultOrder, change_faults
from bazaar.faults.levels import LEVELS
from bazaar.world.facts import Fact
from bazaar.world.world import SimulatedWorld

_STEPS = {"1 minute": 60, "10 minutes": 600, "1 hour": 3600, "1 day": 86400}
_CSS = """
body { font: 15px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem }
table { border-collapse: collapse; width: 100% } th, td { text-align: left; padding: .25rem .75rem .25rem 0;
border-bottom: 1px solid #ddd; vertical-align: top } form { margin: .5rem 0 } code { overflow-wrap: anywhere }
.error { background: #fde8e8; padding: .5rem }
"""


def page_routes(world: SimulatedWorld) -> list[BaseRoute]:
    async def page(request: Request) -> Response:
        return HTMLResponse(render(world, request.query_params.get("error", "")))

    async def push(request: Request) -> Response:
        form = await request.form()
        asked = {name: str(value) for name, value in form.items()}
        try:
            _ACTIONS[asked.get("action", "")](world, asked)
        except (ValueError, LookupError) as error:
            return HTMLResponse(render(world, str(error)), 400)
        return RedirectResponse("./", 303)

    return [Route("/", page), Route("/", push, methods=["POST"])]


def _advance(world: SimulatedWorld, asked: dict[str, str]) -> None:
    world.advance(world.clock.now() + timedelta(seconds=int(asked["seconds"])))


def _place(world: SimulatedWorld, asked: dict[str, str]) -> None:
    place_by_hand(world, asked["party"], [(asked["sku"], int(asked["quantity"]))], None)


def _faults(world: SimulatedWorld, asked: dict[str, str]) -> None:
    change_faults(world, FaultOrder(party=asked["party"], level=asked["level"]))


_ACTIONS: dict[str, Callable[[SimulatedWorld, dict[str, str]], None]] = {
    "advance": _advance,
    "place": _place,
    "faults": _faults,
}


def render(world: SimulatedWorld, error: str = "") -> str:
    problem = f"<p class=error role=alert>{escape(error)}</p>" if error else ""
    return (
        "<!doctype html><html lang=en><meta charset=utf-8><title>bazaar</title>"
        f"<meta name=viewport content='width=device-width'><style>{_CSS}</style><h1>bazaar</h1>{problem}"
        f"<p>It is <b>{world.now():%Y-%m-%d %H:%M:%S} UTC</b>, speed {world.clock.speed:g}, "
        f"seed {world.seed}, {len(world.products)} products, {len(world.agenda)} events to come.</p>"
        f"{_clock_form()}<h2>Parties</h2>{_parties(world)}{_place_form(world)}{_fault_form(world)}"
        f"<h2>Last orders</h2>{_orders(world)}<h2>Facts</h2>{_table(world.ledger.counts().items())}</html>"
    )


def _clock_form() -> str:
    options = "".join(f"<option value={seconds}>{label}</option>" for label, seconds in _STEPS.items())
    select = f"<label>Advance the clock by <select name=seconds>{options}</select></label>"
    return _form("advance", select, "Advance")


def _place_form(world: SimulatedWorld) -> str:
    skus = "".join(f"<option value='{escape(sku)}'>" for sku in islice(world.products, 500))
    fields = (
        f"<label>On <select name=party>{_options(world.marketplaces())}</select></label> "
        f"<label>SKU <input name=sku list=skus required></label><datalist id=skus>{skus}</datalist> "
        "<label>quantity <input name=quantity type=number min=1 value=1></label>"
    )
    return _form("place", fields, "Place an order")


def _fault_form(world: SimulatedWorld) -> str:
    fields = (
        "<label>Faults of <select name=party><option value='*'>everyone</option>"
        f"{_options(world.parties)}</select></label> "
        f"<label>level <select name=level>{_options(LEVELS)}</select></label>"
    )
    return _form("faults", fields, "Switch")


def _form(action: str, fields: str, button: str) -> str:
    hidden = f"<input type=hidden name=action value={action}>"
    return f"<form method=post>{hidden}{fields} <button>{button}</button></form>"


def _options(values: object) -> str:
    assert isinstance(values, dict)
    return "".join(f"<option>{escape(str(value))}</option>" for value in values)


def _parties(world: SimulatedWorld) -> str:
    rows = []
    for key, party in world.parties.items():
        told = "<br>".join(f"{escape(n)}: <code>{escape(str(v))}</code>" for n, v in party.describe().items())
        level = world.faults.settings(key).level
        rows.append(f"<tr><td><b>{escape(key)}</b><td>{escape(party.kind)}<td>faults: {level}<td>{told}")
    return f"<table>{''.join(rows)}</table>"


def _orders(world: SimulatedWorld) -> str:
    placed = world.ledger.of_kind("order_placed")[-20:][::-1]
    return (
        "<table><tr><th>at<th>party<th>order<th>total<th>since"
        + "".join(_order(world, f) for f in placed)
        + "</table>"
    )


def _order(world: SimulatedWorld, placed: Fact) -> str:
    since = [fact.kind for fact in world.ledger.of_order(placed.party, placed.order_id)][1:]
    steps = ", ".join(dict.fromkeys(since))
    return (
        f"<tr><td>{placed.at:%d/%m %H:%M:%S}<td>{escape(placed.party)}<td>{escape(placed.order_id)}"
        f"<td>{placed.amount} {escape(placed.currency)}<td>{escape(steps)}"
    )


def _table(rows: object) -> str:
    return "<table>" + "".join(f"<tr><td>{escape(str(a))}<td>{b}" for a, b in rows) + "</table>"  # type: ignore[attr-defined]
