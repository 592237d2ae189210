"""Mirakl's states in our words. Both orders and lines; a state of tomorrow is UNKNOWN."""

from __future__ import annotations

from collections.abc import Iterable

from comptoir.sdk.statuses import OrderStatus

S = OrderStatus

STATES: dict[str, OrderStatus] = {
    "STAGING": S.PENDING,
    "WAITING_ACCEPTANCE": S.TO_ACCEPT,
    "WAITING_DEBIT": S.ACCEPTED,
    "WAITING_DEBIT_PAYMENT": S.ACCEPTED,
    "SHIPPING": S.TO_SHIP,
    "SHIPPED": S.SHIPPED,
    "TO_COLLECT": S.SHIPPED,
    "RECEIVED": S.DELIVERED,
    "CLOSED": S.DELIVERED,
    "REFUSED": S.REFUSED,
    "CANCELED": S.CANCELLED,
    # Lines only. An incident says nothing of the parcel: see `line_status`.
    "INCIDENT_OPEN": S.SHIPPED,
    "INCIDENT_CLOSED": S.SHIPPED,
    "REFUNDED": S.REFUNDED,
    # Deprecated, still written by older platforms: the whole line is being given back.
    "WAITING_REFUND": S.REFUNDED,
    "WAITING_REFUND_PAYMENT": S.REFUNDED,
}
LEFT = frozenset({S.SHIPPED, S.DELIVERED, S.REFUNDED})
"""Statuses of lines whose units are gone."""
_ENDED = frozenset({S.REFUSED, S.CANCELLED})
_INCIDENTS = frozenset({"INCIDENT_OPEN", "INCIDENT_CLOSED"})


def order_status(state: str) -> OrderStatus:
    return STATES.get(state, S.UNKNOWN)


def line_status(state: str, *, shipped: bool, received: bool) -> OrderStatus:
    """An incident hides where the line stands; its dates still tell."""
    if state in _INCIDENTS:
        return S.DELIVERED if received else S.SHIPPED if shipped else S.TO_SHIP
    return order_status(state)


def combined_status(state: str, lines: Iterable[OrderStatus], *, fully_refunded: bool) -> OrderStatus:
    """The order's status: its state, made finer by its lines.

    `fully_refunded` of an order that is still to ship says nothing of its units: Mirakl ships them unless
    the refund asked for the contrary, and then the lines are REFUNDED.
    """
    status = order_status(state)
    open_lines = [line for line in lines if line not in _ENDED]
    if open_lines and all(line is S.REFUNDED for line in open_lines):
        return S.REFUNDED
    if fully_refunded and status in {S.SHIPPED, S.DELIVERED}:
        return S.REFUNDED
    if status in {S.TO_SHIP, S.SHIPPED} and _some_left(open_lines):
        return S.PARTIALLY_SHIPPED
    return status


def _some_left(lines: list[OrderStatus]) -> bool:
    return any(line in LEFT for line in lines) and any(line is S.TO_SHIP for line in lines)
