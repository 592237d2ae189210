"""Storing a page of orders: the same three steps wherever the page comes from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import transaction

from comptoir.channels.models import Channel
from comptoir.core.bulk import planned_once
from comptoir.flows.execution import Execution
from comptoir.flows.homes import one_at_a_time, shared_out
from comptoir.inventory.reservations import settle_reservations
from comptoir.journal.issues import Reason, close_issues
from comptoir.offers.desired import recompute_after_sales
from comptoir.orders.decisions import close_answered
from comptoir.orders.intake import Intake, record_orders
from comptoir.sdk.ports import OrderSource
from comptoir.sdk.records import Order, OrderPage


def store_page(execution: Execution, page: OrderPage, *, cursor: str | None = None) -> Intake:
    """Orders, reservations, what the channels should show now, and the cursor: one transaction."""
    with planned_once(), transaction.atomic():
        one_at_a_time(execution.channel)
        intake = Intake()
        for channel, orders in shared_out(execution.channel, page.orders):
            intake.add(_store_share(execution, channel, orders))
        if cursor is not None:
            execution.move_cursor(cursor, page.cursor)
        # With the cursor: what a crash would leave untold could never be told again.
        execution.report(intake.troubles)
        execution.set_aside([*page.rejected, *intake.rejected], kind="order")
        _close_unreadable(execution, page, intake)
    for name in ("created", "updated", "unchanged", "older"):
        execution.count(name, getattr(intake, name))
    return intake


def _store_share(execution: Execution, channel: Channel, orders: Sequence[Order]) -> Intake:
    """The orders of one channel: stored, reserved, and taken off what the channels should show."""
    intake = record_orders(channel, orders, run_id=execution.run.pk)
    products = settle_reservations(intake.order_ids, new=not intake.updated)
    recompute_after_sales(channel, products, intake.sold)
    close_answered(channel, orders)
    return intake


def _close_unreadable(execution: Execution, page: OrderPage, intake: Intake) -> None:
    """Orders that could not be read once and can be now."""
    refused = {rejected.external_id for rejected in (*page.rejected, *intake.rejected)}
    close_issues(
        resolution="the order can be read now", subject_kind="order", reason=Reason.UNREADABLE,
        channel=execution.channel.key,
        subjects=[order.external_id for order in page.orders if order.external_id not in refused],
    )  # fmt: skip


def look_at_orders(execution: Execution, order_ids: Iterable[str]) -> None:
    """Read these orders back: after a write, or where its outcome is unknown, the channel's word decides."""
    wanted = sorted(set(order_ids))
    if wanted and isinstance(execution.connection, OrderSource):
        for page in execution.connection.orders_by_id(wanted):
            store_page(execution, page)
