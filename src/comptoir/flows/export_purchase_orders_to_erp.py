"""orders to suppliers ──numbered deliveries──▶ ERP ──its answer──▶ in the ERP, or an Issue

A delivery is numbered and committed before it leaves. After a crash or a time-out the same number goes again,
and the connector looks for each order by its reference before it makes one.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from comptoir.finance.models import PurchaseDelivery
from comptoir.finance.purchase_deliveries import (
    close_delivery,
    has_purchases_to_tell,
    mark_delivered,
    open_delivery,
    prepare_delivery,
    purchase_records,
    refuse_order,
)
from comptoir.flows.execution import Execution
from comptoir.flows.registry import flow
from comptoir.sdk.connector import Role
from comptoir.sdk.errors import RejectedRecord
from comptoir.sdk.i18n import N_
from comptoir.sdk.purchasing import PurchaseOrderTarget
from comptoir.sdk.records import Receipt
from comptoir.sdk.statuses import ImportState

KIND = "purchase_orders"
BATCH = 50


@flow(label=N_("Export orders to suppliers"), every=timedelta(minutes=2), role=Role.ERP,
      needs=(PurchaseOrderTarget,), has_work=has_purchases_to_tell)  # fmt: skip
def export_purchase_orders_to_erp(execution: Execution) -> None:
    target: PurchaseOrderTarget = execution.connection
    sent = PurchaseDelivery.objects.filter(channel=execution.channel, state=PurchaseDelivery.State.SENT)
    for earlier in sent.order_by("number"):
        report = target.read_export(KIND, earlier.external_id)
        if report.state is not ImportState.PENDING:
            _note(execution, close_delivery(earlier, report, run_id=execution.run.pk))
    while delivery := open_delivery(execution.channel) or prepare_delivery(execution.channel, limit=BATCH):
        try:
            receipt = target.submit_purchase_orders(delivery.number, purchase_records(delivery))
        except RejectedRecord as error:
            # One cannot be written: it is named, and the others leave without it. None named: it is a failure.
            if not refuse_order(delivery, error.record_id, error.message, run_id=execution.run.pk):
                raise
            _note(execution, 1)
            continue
        _take_receipt(execution, delivery, receipt)
        return  # what has to be told again goes with the next turn


def _take_receipt(execution: Execution, delivery: PurchaseDelivery, receipt: Receipt) -> None:
    """In one transaction where the ERP answers at once."""
    with transaction.atomic():
        mark_delivered(delivery, receipt.external_id)
        execution.count("sent", len(delivery.references))
        if receipt.report is not None:
            _note(execution, close_delivery(delivery, receipt.report, run_id=execution.run.pk))


def _note(execution: Execution, refused: int) -> None:
    execution.count("rejected", refused)
    execution.partial |= bool(refused)
