"""Cancellations (which refund) and commercial gestures.

A cancellation is a request: the order changes some minutes later. It does not know a quantity below the
line. Whether the body says `orderSellerId` or `orderId` differs between clients: both are taken.
"""

from __future__ import annotations

from decimal import Decimal

import msgspec
from starlette.responses import Response

from bazaar.octopia import finance, order_life
from bazaar.octopia.account import Account
from bazaar.octopia.exchange import Call, Operation, Refused, answer, bad
from bazaar.octopia.money import JSON, ZERO, cents
from bazaar.octopia.order_calls import find_order
from bazaar.octopia.order_records import LEFT, CancellationRequest, Gesture, Order
from bazaar.octopia.paging import linked_page, numbered_page

# By state of the order. Only the first code was ever seen; connectors must read them, not know them.
REASONS = {
    "InPreparation": {"seller-out-of-stock": "Rupture de stock", "sim-customer-request": "Demande client"},
    "Accepted": {"seller-out-of-stock": "Rupture de stock"},
    "Shipped": {"sim-not-received": "Colis non reçu", "sim-returned": "Produit retourné"},
    "Delivered": {"sim-returned": "Produit retourné", "sim-defective": "Produit défectueux"},
}
# A gesture may not exceed this part of what the buyer paid.
GESTURE_SHARE = Decimal("0.5")


class WholeIn(msgspec.Struct, rename="camel"):
    reason: str
    order_seller_id: str = ""
    order_id: str = ""
    shipping_cost_refund: bool = True


class LineIn(msgspec.Struct, rename="camel"):
    line_id: str
    offer_id: str
    reason: str
    shipping_cost_refund: bool = True


class PartialIn(msgspec.Struct, rename="camel"):
    lines: list[LineIn]
    order_seller_id: str = ""
    order_id: str = ""


class GestureIn(msgspec.Struct, rename="camel"):
    order_id: str
    reason: str
    amount: Decimal
    reason_details: str = ""


async def list_reasons(call: Call) -> Response:
    reasons = REASONS.get(call.text("orderStatus"), REASONS["InPreparation"])
    items = [{"code": code, "label": label} for code, label in reasons.items()]
    return answer({"itemsPerPage": len(items), "items": items})


async def list_requests(call: Call) -> Response:
    asked = call.text("orderSellerId")
    found = [one for one in call.account.cancellations.values() if not asked or one.order_id == asked]
    rows = [(one, line) for one in found for line in one.lines or ("",)]
    return numbered_page(call, rows, lambda row: JSON.encode(_request_fields(call.account, *row)))


async def cancel_order(call: Call) -> Response:
    given = await call.body(WholeIn)
    order = _order(call, given.order_seller_id or given.order_id)
    _check_reason(order, given.reason)
    request = _ask(call.account, order, (), given.reason)
    return answer({"cancellationRequestId": request.request_id}, 201)


async def cancel_lines(call: Call) -> Response:
    given = await call.body(PartialIn)
    order = _order(call, given.order_seller_id or given.order_id)
    if not given.lines:
        raise bad("lines", "At least one line is required.")
    for one in given.lines:
        line = order.line(one.line_id)
        if line is None or line.ended or line.offer_id != one.offer_id:
            raise bad("lines", f"The line {one.line_id} does not exist or cannot be cancelled.")
        _check_reason(order, one.reason)
    ids = tuple(one.line_id for one in given.lines)
    request = _ask(call.account, order, ids, given.lines[0].reason)
    return answer({"partialCancellationRequestId": request.request_id}, 201)


def carry_out(account: Account, request_id: str) -> None:
    """The order changes: its lines that are still open are cancelled, and refunded if they left."""
    request = account.cancellations[request_id]
    order = account.orders.get(request.order_id)
    assert order is not None, f"a request speaks of {request.order_id}, which this account never had"
    wanted = set(request.lines) or {line.line_id for line in order.lines}
    for line in order.open_lines:
        if line.line_id in wanted:
            order_life.end_line(account, order, line, by="seller", reason=request.reason)
    order_life.settle(account, order)
    request.status = "Done"
    account.cancellations[request_id] = request


async def available(call: Call) -> Response:
    return answer({"allowableAmount": allowable(call.account, find_order(call))})


async def list_gestures(call: Call) -> Response:
    asked = call.text("orderId")
    found = [one for one in call.account.gestures.values() if not asked or one.order_id == asked]
    found.sort(key=lambda one: one.request_id)
    return linked_page(call, found, lambda one: one.request_id, lambda one: JSON.encode(_gesture_fields(one)))


async def get_gesture(call: Call) -> Response:
    gesture = call.account.gestures.get(call.path("request_id"))
    if gesture is None:
        raise Refused(404)
    return answer(_gesture_fields(gesture))


async def give_gesture(call: Call) -> Response:
    given = await call.body(GestureIn)
    order = _order(call, given.order_id)
    if order.state not in LEFT:
        raise bad("orderId", f"The order {order.order_id} is {order.state}: no gesture is possible.")
    if given.reason == "Other" and not given.reason_details:
        raise bad("reasonDetails", "The details are required for the reason Other.")
    if not ZERO < given.amount <= allowable(call.account, order):
        raise bad("amount", f"The amount must be within {allowable(call.account, order)}.")
    return answer({"requestId": _give(call.account, order, given).request_id}, 201)


def allowable(account: Account, order: Order) -> Decimal:
    given = sum((one.amount for one in account.gestures.values() if one.order_id == order.order_id), ZERO)
    paid = sum((line.total for line in order.open_lines), ZERO)
    return max(ZERO, cents(paid * GESTURE_SHARE) - given)


def _give(account: Account, order: Order, given: GestureIn) -> Gesture:
    gesture = Gesture(
        request_id=f"G{len(account.gestures) + 1:08d}",
        order_id=order.order_id,
        reason=given.reason,
        details=given.reason_details,
        amount=given.amount,
        created_at=account.now(),
    )
    account.gestures[gesture.request_id] = gesture
    finance.write_refund(account, order, given.amount)
    account.world.record(
        "order_refunded",
        order.party,
        order_id=order.order_id,
        amount=given.amount,
        currency=order.currency,
        by="seller",
        reason=given.reason,
    )
    return gesture


def _order(call: Call, order_id: str) -> Order:
    order = call.account.orders.get(order_id)
    if order is None:
        raise bad("orderSellerId", f"The order {order_id} does not exist.")
    return order


def _check_reason(order: Order, reason: str) -> None:
    if order.state not in REASONS:
        raise bad("orderSellerId", f"The order {order.order_id} is {order.state}: it cannot be cancelled.")
    if reason not in REASONS[order.state]:
        raise bad("reason", f"The reason '{reason}' is not valid for an order {order.state}.")


def _ask(account: Account, order: Order, lines: tuple[str, ...], reason: str) -> CancellationRequest:
    request = CancellationRequest(
        request_id=f"CR{len(account.cancellations) + 1:08d}",
        order_id=order.order_id,
        lines=lines,
        reason=reason,
        created_at=account.now(),
    )
    account.cancellations[request.request_id] = request
    account.later(account.settings.cancellation_minutes * 60, "cancellation", request_id=request.request_id)
    return request


def _request_fields(account: Account, one: CancellationRequest, line_id: str) -> dict[str, object]:
    order = account.orders.get(one.order_id)
    line = order.line(line_id) if order else None
    return {
        "cancellationRequestId": one.request_id,
        "orderSellerId": one.order_id,
        "lineId": line_id,
        "offerId": line.offer_id if line else "",
        "salesChannel": order.sales_channel_id if order else "",
        "status": one.status,
        "reason": one.reason,
    }


def _gesture_fields(one: Gesture) -> dict[str, object]:
    return {
        "requestId": one.request_id,
        "orderId": one.order_id,
        "reason": one.reason,
        "reasonDetails": one.details,
        "amount": one.amount,
        "status": one.status,
    }


def operations() -> list[Operation]:
    return [
        Operation("GET", "/cancellation-reasons", list_reasons),
        Operation("GET", "/order-cancellation-requests", list_requests),
        Operation("POST", "/order-cancellation-requests", cancel_order),
        Operation("POST", "/order-partial-cancellation-requests", cancel_lines),
        Operation("GET", "/orders/{order_id}/commercial-gestures-available-amounts", available),
        Operation("GET", "/order-commercial-gesture-requests", list_gestures),
        Operation("POST", "/order-commercial-gesture-requests", give_gesture),
        Operation("GET", "/order-commercial-gesture-requests/{request_id}", get_gesture),
    ]
