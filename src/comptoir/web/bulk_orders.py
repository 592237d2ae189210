"""The same thing done with many orders: what it would do is shown first, then done one order after the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from comptoir.accounts.models import User
from comptoir.orders.decisions import CannotDecide, decide_order, hold_order
from comptoir.orders.models import Order
from comptoir.sdk.i18n import N_
from comptoir.sdk.statuses import OrderStatus

CEILING = 500
"""Orders of one go: what a person can mean at once, and what a request can do in time."""


@dataclass(frozen=True)
class BulkAction:
    name: str
    label: str
    question: str
    refusal: Callable[[Order], str]
    """Why this order is left alone; "" when it is not."""
    act: Callable[[Order, str, str], None]
    """(order, actor, reason)"""
    needs_reason: bool = False


@dataclass(frozen=True)
class Plan:
    able: list[Order]
    unable: list[tuple[Order, str]]


@dataclass(frozen=True)
class Done:
    count: int
    missed: list[str]
    """References of orders that changed between the preview and the click."""


def plan(action: BulkAction, orders: Sequence[Order]) -> Plan:
    told = [(order, action.refusal(order)) for order in orders]
    return Plan([o for o, why in told if not why], [(o, why) for o, why in told if why])


def carry_out(action: BulkAction, orders: Sequence[Order], user: User, *, reason: str = "") -> Done:
    """Each order in a transaction of its own: one that somebody else has settled stops none of the others."""
    missed = []
    able = plan(action, orders).able
    for order in able:
        try:
            action.act(order, str(user), reason)
        except CannotDecide:
            missed.append(order.reference)
    return Done(len(able) - len(missed), missed)


def _not_to_accept(order: Order) -> str:
    if order.status != OrderStatus.TO_ACCEPT:
        return gettext(OrderStatus(order.status).label)
    if order.held:
        return gettext("on hold: %(why)s") % {"why": order.held}
    return gettext("it was answered") if order.decision == Order.Decision.SENT else ""


def _not_to_hold(order: Order) -> str:
    if order.held:
        return gettext("it is on hold already")
    return "" if OrderStatus(order.status).reserves else gettext(OrderStatus(order.status).label)


def _not_held(order: Order) -> str:
    return "" if order.held else gettext("it is not on hold")


def _accept(order: Order, actor: str, reason: str) -> None:
    decide_order(order.pk, accept=True, actor=actor)


def _hold(order: Order, actor: str, reason: str) -> None:
    hold_order(order.pk, reason=reason, actor=actor)


def _release(order: Order, actor: str, reason: str) -> None:
    hold_order(order.pk, reason="", actor=actor)


BULK_ACTIONS = {
    action.name: action
    for action in (
        BulkAction("accept", N_("Accept"), N_("Accept these orders?"), _not_to_accept, _accept),
        BulkAction(
            "hold", N_("Put on hold"), N_("Put these orders on hold?"), _not_to_hold, _hold, needs_reason=True
        ),
        BulkAction("release", N_("Release"), N_("Release these orders?"), _not_held, _release),
    )
}
