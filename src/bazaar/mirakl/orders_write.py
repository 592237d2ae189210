"""What the seller does to an order: OR21 accept, OR23 tracking, OR24 ship, OR29 cancel, OR64 incident."""

from __future__ import annotations

from collections import Counter

import msgspec
from starlette.responses import Response

from bazaar.mirakl import giving_back, order_life
from bazaar.mirakl.exchange import Call, Operation, RefusedError, nothing
from bazaar.mirakl.order_records import Order
from bazaar.mirakl.orders_read import find_order
from bazaar.mirakl.reference import reason_label
from bazaar.mirakl.tracking import Tracking, resolve


class Decision(msgspec.Struct):
    id: str
    accepted: bool


class Acceptance(msgspec.Struct):
    order_lines: list[Decision | None]


class Reason(msgspec.Struct):
    reason_code: str | int


async def or21(call: Call) -> Response:
    order = find_order(call)
    decisions = (await call.body(Acceptance)).order_lines
    if any(one is None for one in decisions):
        raise _bad("ORDER_LINE_NULL_ELEMENT", "The order lines list contains a null element")
    given = [one for one in decisions if one is not None]
    _check_state(order, "WAITING_ACCEPTANCE")
    _check_decisions(call, order, given)
    order_life.decide(call.shop, order, {one.id for one in given if one.accepted}, by="seller")
    return nothing()


def _check_decisions(call: Call, order: Order, given: list[Decision]) -> None:
    counts = Counter(one.id for one in given)
    for line_id, count in counts.items():
        if order.line(line_id) is None:
            raise _bad("ORDER_LINE_NOT_FOUND", f"Order line '{line_id}' not found in the order")
        if count > 1:
            raise _bad("ORDER_LINE_DUPLICATE_ID", f"Order line '{line_id}' is present several times")
    missing = [line.line_id for line in order.open_lines if line.line_id not in counts]
    if missing:
        message = f"No acceptance decision for the order lines: {', '.join(missing)}"
        raise _bad("ORDER_LINE_ACCEPTANCE_DECISION_MISSING", message)
    if not call.shop.settings.partial_acceptance and len({one.accepted for one in given}) > 1:
        raise _bad("ORDER_PARTIAL_ACCEPTANCE_DISABLED", "Partial acceptance is disabled for this shop")


def _bad(code: str, message: str) -> RefusedError:
    return RefusedError(400, message, code=code, field="order_lines")


def _check_state(order: Order, *allowed: str) -> None:
    if order.state not in allowed:
        expected = "' or '".join(allowed)
        message = f"The order status must be '{expected}' but it is '{order.state}'."
        raise RefusedError(400, message, code="ORDER_INVALID_STATE")


async def or23(call: Call) -> Response:
    order = find_order(call)
    sent = await call.body(Tracking)
    _check_state(order, "SHIPPING", "SHIPPED", "TO_COLLECT", "RECEIVED")
    _check_single_shipment(call)
    known = resolve(sent, call.shop.settings)
    order.carrier_code, order.carrier_name = known.carrier_code, known.carrier_name
    order.tracking_number, order.tracking_url = known.tracking_number, known.tracking_url
    call.shop.touch(order)
    return nothing()


async def or24(call: Call) -> Response:
    order = find_order(call)
    _check_state(order, "SHIPPING")
    _check_single_shipment(call)
    if call.shop.settings.mandatory_tracking and order.carrier_name is None:
        raise RefusedError(400, "The tracking information is mandatory to ship this order")
    order_life.ship(call.shop, order)
    return nothing()


def _check_single_shipment(call: Call) -> None:
    if call.shop.settings.multi_shipment:
        raise RefusedError(400, "The multi-shipment feature is activated: use the shipment APIs")


async def or29(call: Call) -> Response:
    order = find_order(call)
    _check_state(order, "WAITING_DEBIT", "WAITING_DEBIT_PAYMENT", "SHIPPING")
    giving_back.cancel_order(call.shop, order, reason="35", by="seller")
    return nothing()


async def or64(call: Call) -> Response:
    order = find_order(call)
    line = order.line(call.path("line"))
    if line is None:
        raise RefusedError(404, f"Order line with id '{call.path('line')}' not found")
    code = str((await call.body(Reason)).reason_code)
    label = reason_label(code, "INCIDENT_CLOSE")
    if label is None:
        raise RefusedError(400, f"The reason code '{code}' is invalid", field="reason_code")
    if line.state != "INCIDENT_OPEN":
        raise RefusedError(400, f"The order line status must be 'INCIDENT_OPEN' but it is '{line.state}'.")
    order_life.resolve_incident(call.shop, line, order, code, label)
    return nothing()


def operations() -> list[Operation]:
    one = "/api/orders/{order_id}"
    return [
        Operation("OR21", "PUT", f"{one}/accept", or21, "errors"),
        Operation("OR23", "PUT", f"{one}/tracking", or23),
        Operation("OR24", "PUT", f"{one}/ship", or24),
        Operation("OR29", "PUT", f"{one}/cancel", or29),
        Operation("OR64", "PUT", f"{one}/lines/{{line}}/resolve_incident", or64),
    ]
