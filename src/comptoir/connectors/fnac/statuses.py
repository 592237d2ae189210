"""Fnac's order and line states → ours.

`state.xsd` (API 2.6): « The order is in the earliest stage found in order lines. » The lines decide
here too, which also tells the orders of which only a part has left.
"""

from __future__ import annotations

from collections.abc import Sequence

from comptoir.sdk.statuses import OrderStatus

S = OrderStatus

STATES: dict[str, OrderStatus] = {
    "Created": S.TO_ACCEPT,  # orders only
    "ToAccept": S.TO_ACCEPT,  # lines only
    "Accepted": S.ACCEPTED,
    "Refused": S.REFUSED,
    "ToShip": S.TO_SHIP,
    "Shipped": S.SHIPPED,
    # The buyer says that it never came. It did leave; Fnac's customer service decides what follows.
    "NotReceived": S.SHIPPED,
    "Received": S.DELIVERED,
    "Refunded": S.REFUNDED,
    "Cancelled": S.CANCELLED,
    # « Error »: « in a non authorized or illogic state ». A person must look: it stays UNKNOWN.
}
SHIPPED_STATES = frozenset({"Shipped", "NotReceived", "Received"})

_STAGES = (S.TO_ACCEPT, S.ACCEPTED, S.TO_SHIP, S.SHIPPED, S.DELIVERED)
_GONE = frozenset({S.SHIPPED, S.DELIVERED})


def status_of(state: str) -> OrderStatus:
    """The status of an order's or a line's state; UNKNOWN for a state that nobody announced."""
    return STATES.get(state, S.UNKNOWN)


def order_status(state: str, lines: Sequence[OrderStatus]) -> OrderStatus:
    """The status of a whole order, from its own state and the statuses of its lines."""
    own = status_of(state)
    if not lines:
        return own
    if (state and own is S.UNKNOWN) or S.UNKNOWN in lines:
        return S.UNKNOWN
    live = [status for status in lines if status in _STAGES]
    if not live:
        return next(ended for ended in (S.REFUNDED, S.CANCELLED, S.REFUSED) if ended in lines)
    earliest = min(live, key=_STAGES.index)
    if earliest is S.TO_SHIP and _GONE.intersection(live):
        return S.PARTIALLY_SHIPPED
    return earliest
