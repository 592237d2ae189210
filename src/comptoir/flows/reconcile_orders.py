"""channel's last days, read again whole ──▶ what we miss, day by day; each missing order is named

The daily proof that nothing slipped through: seen there = stored here = sent to the ERP.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from comptoir.channels.models import Channel
from comptoir.flows.execution import Execution
from comptoir.flows.homes import shared_out
from comptoir.flows.intake import store_page
from comptoir.flows.registry import flow
from comptoir.journal.issues import Reason, Trouble
from comptoir.orders.completeness import Seen, close_found, missing_from_erp, note_days, unknown_here
from comptoir.sdk.connector import Role
from comptoir.sdk.i18n import N_
from comptoir.sdk.ports import OrderSource
from comptoir.sdk.records import Order

LOOK_BACK = timedelta(days=5)
FRESH = timedelta(minutes=30)
"""What changed so shortly before the polls last came to their end may still have been on its way."""


@flow(label=N_("Reconcile orders"), every=timedelta(hours=24), role=Role.MARKETPLACE, needs=(OrderSource,),
      lock="orders")  # fmt: skip
def reconcile_orders(execution: Execution) -> None:
    source: OrderSource = execution.connection
    end = execution.now()
    seen: dict[Channel, list[Seen]] = {execution.channel: []}
    for page in source.orders_between(end - LOOK_BACK, end):
        # Where one read brings the orders of several channels, each is counted on its own.
        shares = shared_out(execution.channel, page.orders)
        absent = {channel: unknown_here(channel, _ids(orders)) for channel, orders in shares}
        store_page(execution, page)
        for channel, orders in shares:
            found = _compare(execution, channel, orders, absent[channel])
            seen.setdefault(channel, []).extend(found)
    for channel, found in seen.items():
        close_found(channel)
        note_days(channel, found)
        execution.count("seen", len(found))
    execution.report(
        Trouble(
            Reason.MISSING, f"{order.reference} was ready or left on {order.since:%d/%m %H:%M} UTC, and the ERP "
            "does not have it.", channel=execution.channel.key, flow="reconcile_orders", subject_kind="order",
            subject=order.external_id, action="export_again",
        )
        for order in missing_from_erp(execution.channel, before=end - timedelta(hours=4))
    )  # fmt: skip


def _compare(execution: Execution, channel: Channel, orders: Sequence[Order], absent: set[str]) -> list[Seen]:
    # Not before the polls have read to their end since: of a channel that was away for a day, nothing is missed.
    read = execution.channel.orders_read_at
    late = {o.external_id for o in orders if read and o.external_id in absent and o.updated_at < read - FRESH}
    execution.count("missed", len(late))
    execution.report(
        Trouble(
            Reason.MISSING, f"The channel has had this order since {order.placed_at:%d/%m %H:%M} UTC and the polls had "
            "not brought it. It is stored now.", channel=channel.key, flow="reconcile_orders",
            subject_kind="order", subject=order.external_id, action="none",
        )
        for order in orders if order.external_id in late
    )  # fmt: skip
    return [Seen(o.external_id, o.placed_at, missed=o.external_id in late) for o in orders]


def _ids(orders: Sequence[Order]) -> list[str]:
    return [order.external_id for order in orders]
