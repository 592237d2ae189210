"""ERP ──preparations, notes, invoices, credit notes──▶ the order's chain; its papers go on to the channel"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from comptoir.channels.invoices import NumberTaken, add_invoice
from comptoir.finance.documents import record_documents
from comptoir.flows.connect import capabilities
from comptoir.flows.erp_batches import take_batches
from comptoir.flows.execution import Execution
from comptoir.flows.registry import flow
from comptoir.journal.issues import Reason, Trouble
from comptoir.orders.models import Order
from comptoir.sdk.connector import Role
from comptoir.sdk.documents import DocumentBatch, DocumentSource, ErpDocument
from comptoir.sdk.i18n import N_
from comptoir.sdk.invoices import InvoiceTarget
from comptoir.sdk.records import Rejected

NAME = "import_documents_from_erp"


@flow(label=N_("Import invoices from the ERP"), every=timedelta(minutes=5), role=Role.ERP,
      needs=(DocumentSource,))  # fmt: skip
def import_documents_from_erp(execution: Execution) -> None:
    def store(batch: DocumentBatch) -> Sequence[Rejected]:
        recorded = record_documents(execution.channel, batch.documents, run_id=execution.run.pk)
        for name in ("created", "changed", "unchanged"):
            execution.count(name, getattr(recorded, name))
        execution.report(recorded.troubles)
        _pass_on(execution, recorded.papers)
        return recorded.rejected

    source: DocumentSource = execution.connection
    batches = source.document_batches(execution.cursor("documents"))
    take_batches(execution, "documents", batches, store)


def _pass_on(execution: Execution, papers: Iterable[tuple[Order, ErpDocument]]) -> None:
    """To the channels that take the seller's invoices; the others send the buyer one of their own."""
    for order, document in papers:
        if InvoiceTarget.__name__ not in capabilities(order.channel):
            continue
        try:
            add_invoice(
                order.channel, order_id=order.external_id, number=document.number, content=document.content,
                actor="comptoir", file_name=document.file_name, kind=document.kind.value,
                total_amount=document.total_amount, tax_amount=document.tax_amount,
            )  # fmt: skip
        except NumberTaken:
            execution.report([_taken(order, document)])
        else:
            execution.count("papers")


def _taken(order: Order, document: ErpDocument) -> Trouble:
    return Trouble(
        Reason.DIVERGENCE,
        f"{document.number} of {order.reference} is another paper now than the one given to the channel before.",
        channel=order.channel.key, flow=NAME, subject_kind="order", subject=order.external_id,
        action="check_order", detail={"document": document.number},
    )  # fmt: skip
