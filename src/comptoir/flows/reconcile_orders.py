"""channel's last days, read again whole ──▶ what we miss, day by day; each missing order is named

The daily proof that nothing slipped through: seen there = stored here = sent to the ERP.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from comptoir.flows.execution import Execution
from comptoir.flows.intake import store_page
from comptoir.flows.registry import flow
from comptoir.journal.issues import Reason, Trouble
from comptoir.orders.completeness import Seen, missing_from_erp, note_days, unknown_here
from comptoir.sdk.connector import Role
from comptoir.sdk.i18n import N_
from comptoir.sdk.ports import OrderSource
from comptoir.sdk.records import OrderPage

LOOK_BACK = timedelta(days=5)
FRESH = timedelta(minutes=30)
"""Orders younger than this may simply not have been polled yet."""


@flow(label=N_("Reconcile orders"), every=timedelta(hours=24), role=Role.MARKETPLACE, needs=(OrderSource,),
      lock="orders")  # fmt: skip
def reconcile_orders(execution: Execution) -> None:
    source: OrderSource = execution.connection
    end = execution.now()
    seen: list[Seen] = []
    for page in source.orders_between(end - LOOK_BACK, end):
        seen += _store_and_compare(execution, page, end)
    note_days(execution.channel, seen)
    execution.count("seen", len(seen))
    execution.report(
        Trouble(
            Reason.MISSING, f"{order.reference} was ready or left on {order.since:%d/%m %H:%M} UTC, and the ERP "
            "does not have it.", channel=execution.channel.key, flow="reconcile_orders", subject_kind="order",
            subject=order.external_id, action="export_again",
        )
        for order in missing_from_erp(execution.channel, before=end - timedelta(hours=4))
    )  # fmt: skip


def _store_and_compare(execution: Execution, page: OrderPage, end: datetime) -> list[Seen]:
    absent = unknown_here(execution.channel, [order.external_id for order in page.orders])
    store_page(execution, page)
    late = [o for o in page.orders if o.external_id in absent and o.updated_at < end - FRESH]
    execution.count("missed", len(late))
    execution.report(
        Trouble(
            Reason.MISSING, f"The channel has had this order since {order.placed_at:%d/%m %H:%M} UTC and the polls had "
            "not brought it. It is stored now.", channel=execution.channel.key, flow="reconcile_orders",
            subject_kind="order", subject=order.external_id, action="none",
        )
        for order in late
    )  # fmt: skip
    return [
        Seen(o.external_id, o.placed_at, missed=o.external_id in {x.external_id for x in late})
        for o in page.orders
    ]
