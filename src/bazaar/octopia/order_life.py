"""The life of an order.

    Processing → WaitingAcceptance → Accepted → InPreparation → Shipped → Delivered
                                  ↘ Refused   ↘ Cancelled

Lines carry their own state. Octopia's own steps come by timers of the world; a timer names the state that
it leaves, so that one which comes too late does nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from bazaar.octopia import finance
from bazaar.octopia.account import Account
from bazaar.octopia.order_records import LEFT, Line, Order, Parcel
from bazaar.world.facts import FactKind

MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0
# Lines that Octopia supplies leave its warehouse by themselves, so long after they are in preparation.
WAREHOUSE_HOURS = 6.0


def start(account: Account, order: Order) -> None:
    if account.settings.checking_minutes > 0:
        _step_later(account, order, account.settings.checking_minutes * MINUTE)
    else:
        ask_acceptance(account, order)


def ask_acceptance(account: Account, order: Order) -> None:
    if account.settings.acceptance == "automatic":
        accept(account, order, by="operator")
        return
    _move(order, "WaitingAcceptance")
    account.touch(order)
    _step_later(account, order, account.settings.acceptance_hours * HOUR)


def accept(account: Account, order: Order, by: str) -> None:
    order.accepted_at = account.now()
    _move(order, "Accepted")
    account.touch(order)
    _record_lines(account, order, "order_accepted", order.open_lines, by)
    finance.write_sale(account, order)
    _step_later(account, order, account.settings.controls_minutes * MINUTE)


def refuse(account: Account, order: Order, by: str) -> None:
    lines = order.open_lines
    _move(order, "Refused")
    account.touch(order)
    _record_lines(account, order, "order_refused", lines, by)


def forget(account: Account, order: Order) -> None:
    """Nobody answered in time: the order is cancelled by itself."""
    for line in order.open_lines:
        end_line(account, order, line, by="operator", reason="no-answer")
    settle(account, order)


def prepare(account: Account, order: Order) -> None:
    order.ship_by = account.now() + timedelta(days=account.settings.shipping_days)
    _move(order, "InPreparation")
    account.touch(order)
    if any(line.supply_mode != "Seller" for line in order.open_lines):
        account.later(WAREHOUSE_HOURS * HOUR, "warehouse", order_id=order.order_id)


def ship_lines(account: Account, order: Order, lines: Sequence[Line], parcel: Parcel, by: str) -> None:
    """The order is Shipped with its last open line; until then only the lines are."""
    for line in lines:
        line.parcels = (*line.parcels, parcel)
        line.state = "Shipped"
    _record_lines(account, order, "order_shipped", lines, by)
    settle(account, order)


def warehouse_ships(account: Account, order: Order) -> None:
    lines = [x for x in order.open_lines if x.supply_mode != "Seller" and x.state == "InPreparation"]
    if lines:
        number = f"OCT{account.rng('parcels').getrandbits(32):010d}"
        ship_lines(account, order, lines, Parcel(number=number, carrier="Colissimo"), by="operator")


def deliver(account: Account, order: Order) -> None:
    lines = order.open_lines
    _move(order, "Delivered")
    account.touch(order)
    _record_lines(account, order, "order_delivered", lines, "carrier")


def end_line(account: Account, order: Order, line: Line, by: str, reason: str) -> None:
    """Cancelled before it left, or given back whole afterwards: Octopia says Cancelled for both."""
    left = line.state in LEFT
    line.state = "Cancelled"
    order.cancelled_at = account.now()
    if order.accepted_at is not None:
        finance.write_refund(account, order, line.total)
    account.world.record(
        "order_refunded" if left else "order_cancelled",
        order.party,
        order_id=order.order_id,
        sku=line.sku,
        quantity=line.quantity,
        amount=line.total,
        currency=order.currency,
        by=by,
        line_id=line.line_id,
        reason=reason,
    )


def settle(account: Account, order: Order) -> None:
    """What the state of the order is after its lines changed."""
    live = order.open_lines
    if not live:
        order.state = "Cancelled"
    elif order.state == "InPreparation" and all(line.state in LEFT for line in live):
        order.state = "Shipped"
        _step_later(account, order, account.settings.delivery_days * DAY)
    account.touch(order)


STEPS = {
    "Processing": ask_acceptance,
    "WaitingAcceptance": forget,
    "Accepted": prepare,
    "Shipped": deliver,
}


def step(account: Account, order_id: str, leaves: str) -> None:
    order = account.orders.get(order_id)
    if order is not None and order.state == leaves:
        STEPS[leaves](account, order)


def _move(order: Order, state: str) -> None:
    for line in order.open_lines:
        line.state = state
    order.state = state


def _step_later(account: Account, order: Order, seconds: float) -> None:
    account.later(seconds, "step", order_id=order.order_id, leaves=order.state)


def _record_lines(account: Account, order: Order, kind: FactKind, lines: Iterable[Line], by: str) -> None:
    """One fact for the order, with the lines that it is about; none when there is no line."""
    told = [{"line_id": one.line_id, "sku": one.sku, "quantity": one.quantity} for one in lines]
    if told:
        account.world.record(kind, order.party, order_id=order.order_id, by=by, lines=told)
