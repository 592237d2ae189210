"""Commercial gestures: part of what the buyer paid, given back after shipping, up to an allowance."""

from __future__ import annotations

from decimal import Decimal

import msgspec
from starlette.responses import Response

from bazaar.octopia import finance
from bazaar.octopia.account import Account
from bazaar.octopia.cancellation_calls import named_order
from bazaar.octopia.exchange import Call, Operation, Refused, answer, bad
from bazaar.octopia.money import JSON, ZERO, cents
from bazaar.octopia.order_calls import find_order
from bazaar.octopia.order_records import LEFT, Gesture, Order
from bazaar.octopia.paging import linked_page

# A gesture may not exceed this part of what the buyer paid.
GESTURE_SHARE = Decimal("0.5")


class GestureIn(msgspec.Struct, rename="camel"):
    order_id: str
    reason: str
    amount: Decimal
    reason_details: str = ""


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
    order = named_order(call, given.order_id)
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
        Operation("GET", "/orders/{order_id}/commercial-gestures-available-amounts", available),
        Operation("GET", "/order-commercial-gesture-requests", list_gestures),
        Operation("POST", "/order-commercial-gesture-requests", give_gesture),
        Operation("GET", "/order-commercial-gesture-requests/{request_id}", get_gesture),
    ]
