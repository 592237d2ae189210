"""Saying yes or no to an order, by rule or by a person."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from comptoir.channels.models import Channel
from comptoir.core import clock
from comptoir.journal.audit import record_change
from comptoir.journal.issues import Reason, Trouble, close_issues, open_issues
from comptoir.orders.history import write_event
from comptoir.orders.models import CancelRequest, Order
from comptoir.sdk.records import Order as OrderRecord
from comptoir.sdk.statuses import OrderStatus

Decision = Order.Decision


class CannotDecide(ValueError):  # noqa: N818
    """The order does not wait for an answer."""


class CannotCancel(ValueError):  # noqa: N818
    """Nothing of the order can be cancelled any more."""


def leave_to_a_person(orders: Sequence[tuple[Order, str]], *, run_id: int | None = None) -> None:
    """Mark orders for a manual decision and say why, each in an Issue."""
    for order, why in orders:
        order.decision, order.decision_reason = Decision.MANUAL, why[:200]
        order.save(update_fields=["decision", "decision_reason"])
    troubles = [
        Trouble(
            Reason.TO_DECIDE, why, channel=order.channel.key, subject_kind="order", subject=order.external_id,
            action="decide_order",
        )
        for order, why in orders
    ]  # fmt: skip
    open_issues(troubles, run_id=run_id)


def close_answered(channel: Channel, orders: Sequence[OrderRecord]) -> None:
    """Orders that wait for no answer any more need no decision, whoever gave it."""
    settled = [order.external_id for order in orders if order.status is not OrderStatus.TO_ACCEPT]
    close_issues(
        resolution="the order waits for no answer any more", subject_kind="order", subjects=settled,
        channel=channel.key, reason__in=[Reason.TO_DECIDE, Reason.REJECTED], flow__in=["", "accept_orders"],
    )  # fmt: skip


@transaction.atomic
def decide_order(order_id: int, *, accept: bool, actor: str) -> Order:
    """A person answers. The channel is told by `accept_orders` at its next turn."""
    order = Order.objects.select_for_update(no_key=True).select_related("channel").get(pk=order_id)
    if order.status != OrderStatus.TO_ACCEPT or order.decision == Decision.SENT:
        raise CannotDecide(order.reference)
    order.decision = Decision.ACCEPT if accept else Decision.REFUSE
    order.decided_by, order.decided_at = actor, clock.now()
    order.save(update_fields=["decision", "decided_by", "decided_at"])
    write_event(order, "decided", actor=actor, accepted=accept)
    record_change(actor=actor, action="order.decided", subject_kind="order", subject=order.reference,
                  after={"accept": accept})  # fmt: skip
    close_issues(by=actor, resolution="decided", subject_kind="order", subjects=[order.external_id],
                 reason=Reason.TO_DECIDE, channel=order.channel.key)  # fmt: skip
    return order


@transaction.atomic
def hold_order(order_id: int, *, reason: str, actor: str) -> None:
    """Do nothing more with the order until it is released; "" releases it."""
    order = Order.objects.select_for_update(no_key=True).get(pk=order_id)
    before, order.held = order.held, reason[:40]
    order.save(update_fields=["held"])
    write_event(order, "held" if reason else "released", actor=actor, reason=reason)
    record_change(actor=actor, action="order.held" if reason else "order.released", subject_kind="order",
                  subject=order.reference, before={"held": before}, after={"held": reason})  # fmt: skip


@transaction.atomic
def request_cancellation(
    order_id: int, *, lines: dict[str, int] | None = None, reason: str = "", actor: str
) -> CancelRequest:
    """Ask the channel to cancel units (all of them when `lines` is empty), at `cancel_orders`' next turn."""
    order = Order.objects.select_for_update(no_key=True).get(pk=order_id)
    if not OrderStatus(order.status).reserves or order.shipments.exists():
        raise CannotCancel(order.reference)
    left = {line.external_id: line.quantity - line.cancelled_quantity for line in order.lines.all()}
    for line, units in (lines or {}).items():
        if not 0 < units <= left.get(line, 0):
            raise CannotCancel(
                f"{order.reference}: {units} units of line {line}, {left.get(line, 0)} are left"
            )
    write_event(order, "cancellation_requested", actor=actor, lines=lines or {}, reason=reason)
    return CancelRequest.objects.create(
        order=order, lines=lines or {}, reason=reason, requested_by=actor, requested_at=clock.now()
    )
