"""Reading orders, answering them, shipping them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import msgspec
from starlette.responses import Response

from bazaar.octopia import order_life
from bazaar.octopia.exchange import Call, Operation, Refused, answer, bad, written
from bazaar.octopia.order_records import Line, Order, Parcel
from bazaar.octopia.paging import numbered_page

STATES = frozenset(
    "Processing WaitingAcceptance Accepted Refused InPreparation Shipped Delivered Cancelled Rejected".split()
)
SUPPLY_MODES = frozenset({"Seller", "Fulfillment", "Xdock"})
SORTS = {"createdAt": "created_at", "updatedAt": "updated_at", "purchasedAt": "created_at"}
Test = Callable[[Order], bool]


class Approval(msgspec.Struct):
    approval_status: str


class ParcelIn(msgspec.Struct, rename="camel"):
    parcel_number: str
    carrier_name: str = ""
    tracking_url: str = ""
    order_line_ids: list[str] = []


async def list_orders(call: Call) -> Response:
    book = call.account.orders
    return numbered_page(call, _sorted(call, _found(call)), book.json)


async def count_orders(call: Call) -> Response:
    return answer({"count": len(_found(call))})


async def get_order(call: Call) -> Response:
    return Response(call.account.orders.json(find_order(call)), 200, None, "application/json")


async def approve(call: Call) -> Response:
    order = find_order(call)
    wanted = (await call.body(Approval)).approval_status
    if wanted not in {"Accepted", "Refused"}:
        raise bad("approval_status", f"The value '{wanted}' is not valid.")
    if order.state != "WaitingAcceptance":
        raise bad(
            "approval_status", f"The order {order.order_id} is {order.state}: it waits for no approval."
        )
    (order_life.accept if wanted == "Accepted" else order_life.refuse)(call.account, order, by="seller")
    return written(call)


async def ship(call: Call) -> Response:
    """All or nothing: every parcel is checked before the first one is written."""
    order = find_order(call)
    parcels = await call.body(list[ParcelIn])
    if not parcels:
        raise bad("parcels", "At least one parcel is required.")
    named: set[str] = set()
    plan = [(parcel, _lines_of(order, parcel, named)) for parcel in parcels]
    for given, lines in plan:
        parcel = Parcel(number=given.parcel_number, carrier=given.carrier_name, url=given.tracking_url)
        order_life.ship_lines(call.account, order, lines, parcel, by="seller")
    return written(call)


def find_order(call: Call) -> Order:
    order = call.account.orders.get(call.path("order_id"))
    if order is None:
        raise Refused(404, f"The order {call.path('order_id')} does not exist.")
    return order


def _lines_of(order: Order, parcel: ParcelIn, named: set[str]) -> list[Line]:
    """The lines named, each once in the whole request; every line of ours when none is named."""
    if not parcel.parcel_number.strip():
        raise bad("parcelNumber", "The parcel number is required.")
    ids = parcel.order_line_ids or [line.line_id for line in order.open_lines if line.supply_mode == "Seller"]
    found = []
    for line_id in ids:
        line = order.line(line_id)
        if line is None or line_id in named:
            raise bad("orderLineIds", f"The line {line_id} does not exist or is given twice.")
        if line.state != "InPreparation" or line.supply_mode != "Seller":
            raise bad("orderLineIds", f"Cannot switch to shipped status for line {line_id}")
        named.add(line_id)
        found.append(line)
    return found


def _found(call: Call) -> list[Order]:
    """In the order of their last change. Unknown parameters are ignored, unknown states refused."""
    tests = _tests(call)
    since = call.instant("updatedAtMin")
    return [order for order in call.account.orders.since(since) if all(test(order) for test in tests)]


def _sorted(call: Call, orders: list[Order]) -> list[Order]:
    """`sort=asc:updatedAt`, or `sort=createdAt` with `desc`: both were seen in use."""
    direction, _, name = call.text("sort").rpartition(":")
    if call.account.settings.sort == "ignored" or not name:
        return sorted(orders, key=lambda one: (one.created_at, one.order_id))
    field = SORTS.get(name)
    if field is None or direction not in {"", "asc", "desc"}:
        raise bad("sort", f"The value '{call.text('sort')}' is not valid.")
    backwards = direction == "desc" or call.text("desc").lower() == "true" or call.text("desc") == name
    ordered = orders if field == "updated_at" else sorted(orders, key=lambda one: getattr(one, field))
    return ordered[::-1] if backwards else ordered


def _tests(call: Call) -> list[Test]:
    tests: list[Test] = []
    if states := set(call.choices("status", STATES)):
        tests.append(lambda order: order.state in states)
    if channel := call.text("salesChannelId"):
        tests.append(lambda order: order.sales_channel_id == channel)
    if reference := call.text("reference"):
        tests.append(lambda order: order.reference == reference)
    if country := call.text("shippingCountry"):
        tests.append(lambda order: order.buyer.country == country)
    if business := call.text("businessOrder"):
        tests.append(lambda order: order.business == (business == "true"))
    if modes := set(call.choices("supplyMode", SUPPLY_MODES)):
        tests.append(lambda order: any(line.supply_mode in modes for line in order.lines))
    return tests + _date_tests(call)


def _date_tests(call: Call) -> list[Test]:
    tests: list[Test] = []
    if until := call.instant("updatedAtMax"):
        tests.append(lambda order: order.updated_at <= until)
    if created := call.instant("createdAtMin"):
        tests.append(lambda order: order.created_at >= created)
    if before := call.instant("createdAtMax"):
        tests.append(lambda order: order.created_at <= before)
    if lag := call.account.settings.visible_after_seconds:
        shown = call.now - timedelta(seconds=lag)
        tests.append(lambda order: order.updated_at <= shown)
    return tests


def operations() -> list[Operation]:
    return [
        Operation("GET", "/orders", list_orders),
        Operation("GET", "/orders/count", count_orders),
        Operation("GET", "/orders/{order_id}", get_order),
        Operation("POST", "/orders/{order_id}/approval-status", approve),
        Operation("POST", "/orders/{order_id}/shipments", ship),
    ]
