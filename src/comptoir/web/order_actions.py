"""What may be done with an order: by its state, and by who asks."""

from __future__ import annotations

from dataclasses import dataclass

from comptoir.accounts.models import User
from comptoir.accounts.roles import Permission
from comptoir.flows.connect import UnknownConnector, connector_type
from comptoir.orders.models import CancelRequest, ErpState, Order, OrderLine
from comptoir.orders.refunds import refundable_lines
from comptoir.sdk.statuses import OrderStatus
from comptoir.web.forms.orders import units_left

SHIPPABLE = {OrderStatus.TO_SHIP, OrderStatus.PARTIALLY_SHIPPED}


@dataclass(frozen=True)
class Actions:
    decide: bool
    hold: bool
    release: bool
    cancel: bool
    ship: bool
    read_again: bool
    export_again: bool
    note: bool
    refund: bool


def allowed_actions(order: Order, lines: list[OrderLine], user: User) -> Actions:
    works, runs = user.may(Permission.WORK_ORDERS), user.may(Permission.RUN_FLOWS)
    status = OrderStatus(order.status)
    return Actions(
        decide=works and status is OrderStatus.TO_ACCEPT and order.decision != Order.Decision.SENT,
        hold=works and not order.held and status.reserves,
        release=works and bool(order.held),
        cancel=works and status.reserves and not order.shipments.exists() and not _asked(order),
        ship=works and not order.held and status in SHIPPABLE and any(map(units_left, lines)),
        read_again=runs,
        export_again=runs and order.erp_state == ErpState.REJECTED,
        note=works,
        refund=works and _can_refund(order),
    )


def _can_refund(order: Order) -> bool:
    """Something has left and was paid for, and the channel can be told."""
    try:
        capable = "RefundTarget" in connector_type(order.channel.kind).capabilities
    except UnknownConnector:
        return False
    return capable and any(one.amount > 0 for one in refundable_lines(order).values())


def _asked(order: Order) -> bool:
    waiting = (CancelRequest.State.REQUESTED, CancelRequest.State.UNKNOWN)
    return order.cancel_requests.filter(state__in=waiting).exists()
