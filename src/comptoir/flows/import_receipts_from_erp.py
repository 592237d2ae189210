"""ERP ──receipts, states of orders to suppliers──▶ the orders; the units themselves come with its stock"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from comptoir.finance.purchase_deliveries import record_purchase_states
from comptoir.flows.erp_batches import take_batches
from comptoir.flows.execution import Execution
from comptoir.flows.registry import flow
from comptoir.sdk.connector import Role
from comptoir.sdk.i18n import N_
from comptoir.sdk.purchasing import PurchaseOrderSource, PurchaseStateBatch
from comptoir.sdk.records import Rejected


@flow(label=N_("Import receipts from the ERP"), every=timedelta(minutes=10), role=Role.ERP,
      needs=(PurchaseOrderSource,))  # fmt: skip
def import_receipts_from_erp(execution: Execution) -> None:
    def store(batch: PurchaseStateBatch) -> Sequence[Rejected]:
        followed = record_purchase_states(batch.states)
        execution.report(followed.troubles)
        execution.count("changed", followed.changed)
        return followed.rejected

    source: PurchaseOrderSource = execution.connection
    batches = source.purchase_state_batches(execution.cursor("purchase_status"))
    take_batches(execution, "purchase_status", batches, store)
