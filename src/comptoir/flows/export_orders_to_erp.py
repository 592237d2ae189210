"""orders paid and ours to ship, cancelled units, refunds ──numbered deliveries──▶ ERP ──receipts──▶ confirmed

A delivery is numbered and committed before it is sent. After a crash or a time-out the same number goes
again, and the other side makes nothing twice of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction

from comptoir.flows.execution import Execution
from comptoir.flows.registry import flow
from comptoir.orders.erp import (
    close_export,
    has_something_to_tell,
    mark_sent,
    open_export,
    prepare_export,
    refuse_item,
)
from comptoir.orders.export_records import erp_cancellations, erp_orders, erp_refunds
from comptoir.orders.models import ErpExport
from comptoir.sdk.connector import Role
from comptoir.sdk.errors import RejectedRecord
from comptoir.sdk.i18n import N_
from comptoir.sdk.ports import OrderTarget
from comptoir.sdk.records import Outcome, Receipt
from comptoir.sdk.statuses import ImportState


@flow(label=N_("Export orders to the ERP"), every=timedelta(minutes=1), role=Role.ERP, needs=(OrderTarget,),
      has_work=has_something_to_tell)  # fmt: skip
def export_orders_to_erp(execution: Execution) -> None:
    target: OrderTarget = execution.connection
    _read_receipts(execution, target)
    _send(execution, "orders", target, erp_orders, target.submit_orders)
    _send(execution, "cancellations", target, erp_cancellations, target.submit_cancellations)
    _send(execution, "refunds", target, erp_refunds, target.submit_refunds)


def _read_receipts(execution: Execution, target: OrderTarget) -> None:
    sent = ErpExport.objects.filter(channel=execution.channel, state=ErpExport.State.SENT).order_by("id")
    for export in sent:
        report = target.read_export(export.kind, export.external_id)
        if report.state is ImportState.PENDING:
            continue
        rejected = close_export(export, report, run_id=execution.run.pk)
        execution.count(f"{export.kind}_confirmed", export.items - len(rejected))
        execution.count("rejected", len(rejected))
        execution.partial |= bool(rejected) or report.state is ImportState.FAILED


def _send(
    execution: Execution,
    kind: str,
    target: OrderTarget,
    records: Callable[[ErpExport], Sequence[Any]],
    submit: Callable[[int, Sequence[Any]], Receipt],
) -> None:
    while True:
        unsent = open_export(execution.channel, kind)
        export = unsent or prepare_export(execution.channel, kind, limit=target.order_batch_size)
        if export is None:
            return
        size = export.items
        try:
            receipt = submit(export.number, records(export))
        except RejectedRecord as error:
            # One item cannot be sent: it is named and the others leave without it. None named: it is a failure.
            if not refuse_item(export, error.record_id, error.message, run_id=execution.run.pk):
                raise
            execution.count("rejected")
            execution.partial = True
            continue
        _take_receipt(execution, export, receipt)
        if (unsent is None and size < target.order_batch_size) or _wants_later(receipt):
            return


def _take_receipt(execution: Execution, export: ErpExport, receipt: Receipt) -> None:
    """In one transaction where the ERP answers at once: such a one has no receipt to be asked for later."""
    with transaction.atomic():
        mark_sent(export, receipt.external_id)
        execution.count(f"{export.kind}_sent", export.items)
        if receipt.report is None or receipt.report.state is ImportState.PENDING:
            return
        rejected = close_export(export, receipt.report, run_id=execution.run.pk)
    execution.count("rejected", len(rejected))
    again = sum(v.outcome in (Outcome.RETRY, Outcome.UNKNOWN) for v in receipt.report.verdicts)
    execution.count("again", again)
    execution.partial |= bool(rejected) or receipt.report.state is ImportState.FAILED


def _wants_later(receipt: Receipt) -> bool:
    """What was neither taken nor refused is ready again: it goes with the next turn, not at once."""
    verdicts = receipt.report.verdicts if receipt.report is not None else ()
    return any(verdict.outcome in (Outcome.RETRY, Outcome.UNKNOWN) for verdict in verdicts)
