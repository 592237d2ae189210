"""The life of an order: STAGING → WAITING_ACCEPTANCE → WAITING_DEBIT → WAITING_DEBIT_PAYMENT → SHIPPING →
SHIPPED → RECEIVED → CLOSED, or REFUSED, or CANCELED before SHIPPED.

The seller accepts and ships; the operator's own steps come by timers of the world. A timer names the state
that it leaves, so that one which arrives too late does nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from bazaar.mirakl import ledger
from bazaar.mirakl.order_records import Line, Order
from bazaar.mirakl.shop import Shop
from bazaar.world.facts import FactKind

MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0


def start(shop: Shop, order: Order) -> None:
    """A new order: at once, or after the operator's checks, it waits for the seller."""
    if shop.settings.staging_minutes > 0:
        shop.orders.put(order)
        _step_later(shop, order, shop.settings.staging_minutes * MINUTE)
    else:
        ask_acceptance(shop, order)


def ask_acceptance(shop: Shop, order: Order) -> None:
    _move(shop, order, "WAITING_ACCEPTANCE")
    if shop.settings.order_acceptance == "AUTOMATIC":
        decide(shop, order, {line.line_id for line in order.lines}, by="operator")
        return
    _step_later(shop, order, shop.settings.acceptance_hours * HOUR)


def decide(shop: Shop, order: Order, accepted: set[str], by: str) -> None:
    """OR21, or the platform itself when nobody answered: every line is accepted or refused."""
    now = shop.now()
    order.accepted_at = now
    refused = [line for line in order.lines if line.line_id not in accepted]
    for line in refused:
        line.state, line.updated_at = "REFUSED", now
    if len(refused) == len(order.lines):
        order.state = "REFUSED"
        shop.touch(order)
    else:
        _move(shop, order, "WAITING_DEBIT")
        _step_later(shop, order, shop.settings.debit_minutes * MINUTE)
        _record_lines(
            shop, order, "order_accepted", (one for one in order.lines if one.line_id in accepted), by
        )
    _record_lines(shop, order, "order_refused", refused, by)


def send_to_payment(shop: Shop, order: Order) -> None:
    _move(shop, order, "WAITING_DEBIT_PAYMENT")
    _step_later(shop, order, shop.settings.debit_payment_minutes * MINUTE)


def debit(shop: Shop, order: Order) -> None:
    """The customer has paid: the order may be shipped, and its amounts enter the seller's account."""
    now = shop.now()
    order.debited_at = order.shipping_at = now
    order.deadline = now + timedelta(days=shop.settings.lead_time_days)
    for line in order.open_lines:
        line.debited_at = now
    _move(shop, order, "SHIPPING")
    ledger.write_order(shop, order)


def ship(shop: Shop, order: Order) -> None:
    """OR24, or the last shipment of an order shipped in parts."""
    now = shop.now()
    for line in order.open_lines:
        line.shipped_at = line.shipped_at or now
    _move(shop, order, "SHIPPED")
    _record_lines(shop, order, "order_shipped", order.open_lines, "seller")
    _step_later(shop, order, shop.settings.delivery_days * DAY)


def receive(shop: Shop, order: Order) -> None:
    now = shop.now()
    for line in order.open_lines:
        line.received_at = now
    _move(shop, order, "RECEIVED")
    ledger.make_payable(shop, order)
    _record_lines(shop, order, "order_delivered", order.open_lines, "carrier")
    _step_later(shop, order, shop.settings.closing_days * DAY)


def close(shop: Shop, order: Order) -> None:
    _move(shop, order, "CLOSED")


STEPS = {
    "STAGING": ask_acceptance,
    "WAITING_ACCEPTANCE": lambda shop, order: decide(shop, order, set(), by="operator"),
    "WAITING_DEBIT": send_to_payment,
    "WAITING_DEBIT_PAYMENT": debit,
    "SHIPPED": receive,
    "RECEIVED": close,
}


def step(shop: Shop, order_id: str, leaves: str) -> None:
    """What the operator does by himself when the time in state `leaves` is over."""
    order = shop.orders.get(order_id)
    if order is not None and order.state == leaves:
        STEPS[leaves](shop, order)


def settle_state(order: Order) -> None:
    """After lines were cancelled: an order without an open line is cancelled, or refused."""
    if order.open_lines:
        return
    cancelled = any(line.state == "CANCELED" for line in order.lines)
    order.state = "CANCELED" if cancelled else "REFUSED"


def open_incident(shop: Shop, line: Line, order: Order, reason_code: str, label: str) -> None:
    """The buyer complains about a shipped line."""
    line.state, line.reason_code, line.reason_label = "INCIDENT_OPEN", reason_code, label
    line.updated_at = shop.now()
    shop.touch(order)


def resolve_incident(shop: Shop, line: Line, order: Order, reason_code: str, label: str) -> None:
    """OR64: the line goes back to the state of its order."""
    line.state, line.reason_code, line.reason_label = order.state, reason_code, label
    line.updated_at = shop.now()
    shop.touch(order)


def _move(shop: Shop, order: Order, state: str) -> None:
    """The order and its open lines are moved and kept; a line in incident or refunded keeps its state."""
    now = shop.now()
    for line in order.open_lines:
        if line.state == order.state or line.state not in {"INCIDENT_OPEN", "REFUNDED"}:
            line.state, line.updated_at = state, now
    order.state, order.updated_at = state, now
    shop.orders.put(order)


def _step_later(shop: Shop, order: Order, seconds: float) -> None:
    shop.later(seconds, "step", order_id=order.order_id, leaves=order.state)


def _record_lines(shop: Shop, order: Order, kind: FactKind, lines: Iterable[Line], by: str) -> None:
    """One fact for the order, with the lines that it is about; none when there is no line."""
    told = [{"line_id": one.line_id, "sku": one.sku, "quantity": one.quantity} for one in lines]
    if told:
        shop.world.record(kind, shop.key, order_id=order.order_id, by=by, lines=told)
