"""RT11: what buyers send back. A return is told when its refund is made, already CLOSED."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.responses import Response

from bazaar.mirakl.countries import alpha3_and_label
from bazaar.mirakl.exchange import Call, Operation
from bazaar.mirakl.money import stamp
from bazaar.mirakl.order_json import JSON
from bazaar.mirakl.order_records import Order
from bazaar.mirakl.paging import seek_page
from bazaar.mirakl.records import Return, ReturnLine
from bazaar.mirakl.shop import Shop

STATES = frozenset(
    ["WAITING_ACCEPTANCE", "IN_PROGRESS", "REFUSED", "RECEIVED", "NO_RECEPTION", "CLOSED", "CANCELED"]
)
RETURN_REASON = "R1"


def open_return(shop: Shop, order: Order, lines: Sequence[tuple[str, int]]) -> Return:
    now = shop.now()
    one = Return(
        id=shop.new_uuid(),
        order_id=order.order_id,
        created_at=now,
        updated_at=now,
        state="CLOSED",
        lines=tuple(ReturnLine(line_id=i, quantity=count, reason_code=RETURN_REASON) for i, count in lines),
    )
    shop.returns[one.id] = one
    return one


async def rt11(call: Call) -> Response:
    return seek_page(call, _search, lambda one: one.id, lambda one: JSON.encode(_fields(call.shop, one)))


def _search(call: Call) -> Sequence[Return]:
    ids, states = set(call.csv("return_id")), set(call.choices("return_state", STATES))
    lines, commercial = set(call.csv("order_line_id")), set(call.csv("order_commercial_id"))
    start, end = call.instant("return_creation_date_from"), call.instant("return_creation_date_to")
    since, until = call.instant("return_last_updated_from"), call.instant("return_last_updated_to")
    return [
        one
        for one in call.shop.returns.values()
        if (not ids or one.id in ids)
        and (not states or one.state in states)
        and (not lines or any(line.line_id in lines for line in one.lines))
        and (not commercial or one.order_id.rpartition("-")[0] in commercial)
        and (start is None or one.created_at > start)
        and (end is None or one.created_at < end)
        and (since is None or one.updated_at > since)
        and (until is None or one.updated_at < until)
    ]


def _fields(shop: Shop, one: Return) -> dict[str, object]:
    country = alpha3_and_label(shop.settings.country)[0]
    lines = [
        {
            "compliance": [],
            "order_line_id": line.line_id,
            "quantity": line.quantity,
            "reason_code": line.reason_code,
        }
        for line in one.lines
    ]
    return {
        "date_created": stamp(one.created_at),
        "description": None,
        "documents": [],
        "id": one.id,
        "label_url": None,
        "last_updated": stamp(one.updated_at),
        "method_code": "SELLER_LABEL",
        "order_commercial_id": one.order_id.rpartition("-")[0],
        "order_id": one.order_id,
        "reason_code": RETURN_REASON,
        "rejection_reason_code": None,
        "return_address": {
            "city": "Paris",
            "country_iso_code": country,
            "street1": "1 rue de la Paix",
            "zip_code": "75002",
        },
        "return_lines": lines,
        "rma": None,
        "state": one.state,
        "tracking": None,
    }


def operations() -> list[Operation]:
    return [Operation("RT11", "GET", "/api/returns", rt11, "errors")]
