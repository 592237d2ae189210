"""The life of an order: Created → Accepted → ToShip → Shipped → Received, or Refused, Cancelled, Refunded.

The seller answers and ships; the rest comes by timers of the world. A timer acts on the lines that are
still in the state that it leaves, so that one which comes too late does nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Literal

from bazaar.fnac.records import Line, Order
from bazaar.fnac.shop import CURRENCY, Shop

MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0
Kind = Literal["order_accepted", "order_refused", "order_shipped", "order_delivered"]


def start(shop: Shop, order: Order) -> None:
    shop.later(shop.settings.acceptance_hours * HOUR, "step", order_id=order.order_id, leaves="ToAccept")


def decide(shop: Shop, order: Order, accepted: Sequence[Line], refused: Sequence[Line], *, by: str) -> None:
    """The seller's answer, or Fnac's own when none came in time."""
    now = shop.now()
    for line in accepted:
        _move(shop, line, "Accepted", settles=True)
    for line in refused:
        _move(shop, line, "Refused", settles=True)
        line.refused_at = now
    order.accepted_at = order.accepted_at or (now if accepted else None)
    shop.touch(order)
    _record(shop, order, "order_accepted", accepted, by)
    _record(shop, order, "order_refused", refused, by)
    if accepted:
        shop.later(shop.settings.debit_minutes * MINUTE, "step", order_id=order.order_id, leaves="Accepted")


def ship(shop: Shop, order: Order, lines: Sequence[Line]) -> None:
    now = shop.now()
    for line in lines:
        _move(shop, line, "Shipped")
        line.shipped_at = now
    shop.touch(order)
    _record(shop, order, "order_shipped", lines, "seller")
    shop.later(shop.settings.delivery_days * DAY, "step", order_id=order.order_id, leaves="Shipped")


def step(shop: Shop, order_id: str, leaves: str) -> None:
    """What happens by itself when the time in a state is over."""
    order = shop.orders[order_id]
    lines = [line for line in order.lines if line.state == leaves]
    if not lines:
        return
    if leaves == "ToAccept":
        decide(shop, order, [], lines, by="operator")
    elif leaves == "Accepted":
        _debit(shop, order, lines)
    elif leaves == "Shipped":
        receive(shop, order, _due(shop, lines), by="carrier")


def _debit(shop: Shop, order: Order, lines: Sequence[Line]) -> None:
    now = shop.now()
    for line in lines:
        _move(shop, line, "ToShip")
        line.debited_at = now
    shop.touch(order)


def _due(shop: Shop, lines: Sequence[Line]) -> list[Line]:
    """Lines of one order may leave on different days, each with a timer of its own."""
    since = shop.now() - timedelta(days=shop.settings.delivery_days)
    return [line for line in lines if line.shipped_at is not None and line.shipped_at <= since]


def receive(shop: Shop, order: Order, lines: Sequence[Line], *, by: str) -> None:
    if not lines:
        return
    now = shop.now()
    for line in lines:
        _move(shop, line, "Received")
        line.received_at = now
    shop.touch(order)
    _record(shop, order, "order_delivered", lines, by)


def give_back(shop: Shop, order: Order, line: Line, *, by: str, reason: str) -> None:
    """The buyer gets the whole line back: a refund once it has left, a cancellation before.

    Fnac shows « Refunded » for what the seller gives back, « Cancelled » for what the buyer gave up.
    """
    left = line.shipped_at is not None
    _move(shop, line, "Refunded" if left or by == "seller" else "Cancelled")
    shop.touch(order)
    shop.world.record(
        "order_refunded" if left else "order_cancelled",
        shop.key,
        order_id=order.order_id,
        sku=line.sku,
        quantity=line.quantity,
        amount=line.total,
        currency=CURRENCY,
        by=by,
        line_id=str(line.number),
        reason=reason,
    )


def dispute(shop: Shop, order: Order, line: Line) -> None:
    """The buyer says that a shipped line never came."""
    _move(shop, line, "NotReceived")
    shop.touch(order)


def _move(shop: Shop, line: Line, state: str, *, settles: bool = False) -> None:
    """`settles`: for some seconds the outside is shown the state before."""
    if settles:
        line.shown_state = line.state
        line.settled_at = shop.exact_now() + timedelta(seconds=shop.settings.settle_seconds)
    line.state = state


def _record(shop: Shop, order: Order, kind: Kind, lines: Sequence[Line], by: str) -> None:
    """One fact for the order, with the lines that it is about; none when there is no line."""
    told = [{"line_id": str(line.number), "sku": line.sku, "quantity": line.quantity} for line in lines]
    if told:
        shop.world.record(kind, shop.key, order_id=order.order_id, by=by, lines=told)
