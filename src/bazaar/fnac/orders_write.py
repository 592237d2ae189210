"""orders_update: accept, ship, update, refund; every order and every line with its own outcome."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from lxml import etree

from bazaar.fnac import order_life
from bazaar.fnac.exchange import Call, RefusedError, add, add_error, child_text, children, reply_to
from bazaar.fnac.order_states import order_state
from bazaar.fnac.records import Line, Order
from bazaar.fnac.reference import CARRIERS
from bazaar.fnac.shop import Shop

MOST_ORDERS = 25
ALL_LINES = {
    "accept_all_orders": "accept_order",
    "confirm_all_to_send": "confirm_to_send",
    "update_all": "update",
    "receive_all_order": "receive_order",
}
# Which action of a line goes with which action of its order.
LINE_ACTIONS = {
    "accept_order": ("Accepted", "Refused"),
    "confirm_to_send": ("Shipped",),
    "update": ("Updated",),
    "refund_order": ("Refunded",),
    "receive_order": ("Received",),
}
TAKES_FROM = {
    "Accepted": ("ToAccept",),
    "Refused": ("ToAccept",),
    "Shipped": ("ToShip",),
    "Updated": ("ToShip", "Shipped"),
    "Refunded": ("ToShip", "Shipped", "NotReceived", "Received"),
    "Received": ("Shipped",),
}
WRONG_STATE = "ERR_110"  # assumption: only the code for refunds is known
WRONG_STATE_FOR_REFUND = "ERR_109"


class Step(msgspec.Struct):
    """What is asked of one line, and what is wrong with it."""

    number: str
    action: str
    detail: etree._Element
    line: Line | None
    error: tuple[str, str] | None = None
    warning: tuple[str, str] | None = None


async def orders_update(call: Call) -> etree._Element:
    orders = children(call.request, "order")
    if len(orders) > MOST_ORDERS:
        words = "The limit of requested elements is reached by the service. Try with less elements."
        raise RefusedError("ERR_105", words)
    reply = reply_to("orders_update")
    statuses = [_update(call.shop, reply, node) for node in orders]
    reply.set("status", _worst(statuses))
    return reply


def _worst(statuses: list[str]) -> str:
    return next((status for status in ("ERROR", "WARNING") if status in statuses), "OK")


def _update(shop: Shop, reply: etree._Element, node: etree._Element) -> str:
    order_id, action = str(node.get("order_id")), str(node.get("action"))
    answer = add(reply, "order")
    order = shop.orders.get(order_id)
    if order is None:
        add(answer, "status", "ERROR")
        add(answer, "order_id", order_id)
        add_error(answer, "ERR_100", "Order not found.")
        return "ERROR"
    steps = _steps(shop, order, node, action)
    _carry_out(shop, order, [step for step in steps if step.error is None])
    return _tell(answer, order, steps)


def _steps(shop: Shop, order: Order, node: etree._Element, action: str) -> list[Step]:
    details = children(node, "order_detail")
    numbers = [(child_text(detail, "order_detail_id"), detail) for detail in details]
    if action in ALL_LINES:
        first = details[0]
        numbers = [(str(line.number), first) for line in order.lines if _concerned(line, first)]
    allowed = LINE_ACTIONS[ALL_LINES.get(action, action)]
    return [_step(shop, order, number, detail, allowed) for number, detail in numbers]


def _concerned(line: Line, detail: etree._Element) -> bool:
    """« all » means every line that the action can be done to."""
    return line.state in TAKES_FROM[child_text(detail, "action")]


def _step(shop: Shop, order: Order, number: str, detail: etree._Element, allowed: tuple[str, ...]) -> Step:
    action, line = child_text(detail, "action"), order.line(number)
    step = Step(number, action, detail, line)
    if line is None:
        step.error = ("ERR_101", "Order detail not found.")
    elif action not in allowed:
        step.error = ("ERR_102", f"The action {action} does not go with that of the order.")
    elif line.state_at(shop.exact_now()) not in TAKES_FROM[action]:
        code = WRONG_STATE_FOR_REFUND if action == "Refunded" else WRONG_STATE
        step.error = (code, f"The status of the order detail is not valid for {action}.")
    elif (company := child_text(detail, "tracking_company")) and company not in dict(CARRIERS):
        step.warning = ("ERR_103", f"{company} is not a known carrier: kept as text.")
    return step


def _carry_out(shop: Shop, order: Order, steps: list[Step]) -> None:
    by_action: dict[str, list[Line]] = {}
    for step in steps:
        assert step.line is not None
        by_action.setdefault(step.action, []).append(step.line)
        if step.action in ("Shipped", "Updated"):
            step.line.tracking_number = child_text(step.detail, "tracking_number")
            step.line.tracking_company = child_text(step.detail, "tracking_company")
    if "Accepted" in by_action or "Refused" in by_action:
        accepted, refused = by_action.get("Accepted", []), by_action.get("Refused", [])
        order_life.decide(shop, order, accepted, refused, by="seller")
    for action, act in _ACTS.items():
        if action in by_action:
            act(shop, order, by_action[action])
    for step in steps:
        if step.action == "Refunded" and step.line is not None:
            reason = child_text(step.detail, "refund_reason") or "other"
            order_life.give_back(shop, order, step.line, by="seller", reason=reason)


def _retrack(shop: Shop, order: Order, _: list[Line]) -> None:
    shop.touch(order)


def _receive(shop: Shop, order: Order, lines: list[Line]) -> None:
    order_life.receive(shop, order, lines, by="seller")


_ACTS: dict[str, Callable[[Shop, Order, list[Line]], None]] = {
    "Shipped": order_life.ship,
    "Updated": _retrack,
    "Received": _receive,
}


def _tell(answer: etree._Element, order: Order, steps: list[Step]) -> str:
    """An answer tells the states reached, even those that a query shows some seconds later only."""
    marks = ["ERROR" if step.error else "WARNING" if step.warning else "OK" for step in steps]
    status = _worst(marks)
    add(answer, "status", status)
    add(answer, "order_id", order.order_id)
    add(answer, "state", order_state(line.state for line in order.lines))
    for step, mark in zip(steps, marks, strict=True):
        node = add(answer, "order_detail")
        add(node, "order_detail_id", step.number)
        add(node, "status", mark)
        if step.line is not None:
            add(node, "state", step.line.state)
        if step.error or step.warning:
            code, message = step.error or step.warning or ("", "")
            add_error(node, code, message, mark)
    return status
