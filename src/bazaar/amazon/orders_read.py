"""searchOrders and getOrder (Orders 2026-01-01)."""

from __future__ import annotations

import base64
import binascii
import hashlib
from datetime import datetime, timedelta

import msgspec
from starlette.responses import Response

from bazaar.amazon.chaos import disturb_page
from bazaar.amazon.exchange import Call, Operation, answer, bad_input, not_found, stamp
from bazaar.amazon.order_json import INCLUDED, order_json
from bazaar.amazon.records import Order

_STATUSES = frozenset(
    "PENDING_AVAILABILITY PENDING UNSHIPPED PARTIALLY_SHIPPED SHIPPED CANCELLED UNFULFILLABLE".split()
)
_DELAY = timedelta(minutes=2)
_TOKEN_LIFE = timedelta(hours=24)
_OLDEST = timedelta(days=2 * 365)


class PageToken(msgspec.Struct, frozen=True):
    """Where the next page begins, which request it belongs to, and until when it is good."""

    beyond_at: datetime
    beyond_id: str
    until: datetime
    asked: str
    good_until: datetime

    def text(self) -> str:
        return base64.b64encode(msgspec.json.encode(self)).decode()

    @classmethod
    def read(cls, text: str) -> PageToken:
        try:
            return msgspec.json.decode(base64.b64decode(text, validate=True), type=cls)
        except (binascii.Error, msgspec.DecodeError):
            raise bad_input("Invalid 'paginationToken'.") from None


async def search_orders(call: Call) -> Response:
    created = _window(call, "createdAfter", "createdBefore")
    updated = _window(call, "lastUpdatedAfter", "lastUpdatedBefore")
    if (created is None) == (updated is None):
        raise bad_input("Exactly one of 'createdAfter' and 'lastUpdatedAfter' is required.")
    included = call.choices("includedData", INCLUDED)
    size = call.number("maxResultsPerPage", 100, 1, 100)
    token = _token(call)
    after, until = updated or created or (call.now, call.now)
    until = token.until if token else until
    found = _found(call, after, until, token, by_creation=updated is None)
    page = found[:size]
    shown = disturb_page(call.account, [order_json(call.account, order, included) for order in page])
    content: dict[str, object] = {"orders": shown}
    content["createdBefore" if updated is None else "lastUpdatedBefore"] = stamp(until)
    if len(found) > size:
        content["pagination"] = {"nextToken": _next(call, page[-1], until, by_creation=updated is None)}
    return answer(content)


async def get_order(call: Call) -> Response:
    order = call.account.orders.get(call.path("orderId"))
    if order is None:
        raise not_found(f"The order {call.path('orderId')} was not found.")
    included = call.choices("includedData", INCLUDED)
    return answer({"order": order_json(call.account, order, included)})


def _window(call: Call, after_name: str, before_name: str) -> tuple[datetime, datetime] | None:
    after, before = call.instant(after_name), call.instant(before_name)
    if after is None:
        if before is not None:
            raise bad_input(f"'{before_name}' needs '{after_name}'.")
        return None
    latest = call.now - _DELAY
    if before is not None and not after <= before <= latest:
        raise bad_input(f"'{before_name}' must be after '{after_name}' and at least two minutes ago.")
    return max(after, call.now - _OLDEST), before or latest


def _token(call: Call) -> PageToken | None:
    text = call.text("paginationToken")
    if not text:
        return None
    token = PageToken.read(text)
    if token.asked != _asked(call) or token.good_until <= call.now:
        raise bad_input("'paginationToken' is expired or belongs to another request.")
    return token


def _asked(call: Call) -> str:
    """All the parameters but the token: they must be repeated as they were."""
    query = sorted((n, v) for n, v in call.request.query_params.multi_items() if n != "paginationToken")
    return hashlib.sha256(repr(query).encode()).hexdigest()[:16]


def _next(call: Call, last: Order, until: datetime, *, by_creation: bool) -> str:
    at = last.created_at if by_creation else last.updated_at
    return PageToken(at, last.order_id, until, _asked(call), call.now + _TOKEN_LIFE).text()


def _found(
    call: Call, after: datetime, until: datetime, token: PageToken | None, *, by_creation: bool
) -> list[Order]:
    """What answers the request, oldest first, from the token's place on."""
    account = call.account
    beyond = (token.beyond_at, token.beyond_id) if token else None
    if by_creation:
        inside = [order for order in account.orders if after <= order.created_at <= until]
        orders = sorted(inside, key=lambda order: (order.created_at, order.order_id))
        orders = [o for o in orders if beyond is None or (o.created_at, o.order_id) > beyond]
    else:
        ids = account.orders.changed(after, until, beyond)
        orders = [order for order_id in ids if (order := account.orders.get(order_id)) is not None]
    places = set(call.places(needed=False, most=50))
    statuses = set(call.choices("fulfillmentStatuses", _STATUSES))
    by = set(call.choices("fulfilledBy", frozenset({"MERCHANT", "AMAZON"})))
    return [
        order
        for order in orders
        if (not places or order.place in places)
        and (not statuses or order.state in statuses)
        and (not by or ("AMAZON" if order.by_amazon else "MERCHANT") in by)
    ]


OPERATIONS = (
    Operation("searchOrders", "GET", "/orders/2026-01-01/orders", search_orders),
    Operation("getOrder", "GET", "/orders/2026-01-01/orders/{orderId}", get_order),
)
