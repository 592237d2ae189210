"""invoices for buyers ──one by one──▶ channel; what it says of each comes back later"""

from __future__ import annotations

from datetime import timedelta

from comptoir.channels.invoices import file_of, open_invoices
from comptoir.channels.models import CustomerInvoice
from comptoir.flows.execution import Execution
from comptoir.flows.registry import flow
from comptoir.journal.issues import Reason, Trouble, close_issues
from comptoir.sdk.connector import Role
from comptoir.sdk.errors import RateLimited
from comptoir.sdk.i18n import N_
from comptoir.sdk.invoices import CustomerInvoice as Invoice
from comptoir.sdk.invoices import InvoiceTarget
from comptoir.sdk.records import Outcome, Verdict

BATCH = 50
State = CustomerInvoice.State


@flow(label=N_("Send invoices"), every=timedelta(minutes=2), role=Role.MARKETPLACE, needs=(InvoiceTarget,),
      has_work=lambda channel: open_invoices(channel).exists())  # fmt: skip
def send_invoices(execution: Execution) -> None:
    target: InvoiceTarget = execution.connection
    waited: RateLimited | None = None
    try:
        for invoice in open_invoices(execution.channel).filter(state=State.SENT)[:BATCH]:
            _close(execution, invoice, target.read_invoice(invoice.external_id))
    except RateLimited as error:
        waited = error  # sending has limits of its own
    _send(execution, target)
    if waited is not None:
        raise waited


def _send(execution: Execution, target: InvoiceTarget) -> None:
    waiting = open_invoices(execution.channel).filter(state=State.WAITING)[:BATCH]
    by_reference = {_reference(invoice): invoice for invoice in waiting}
    for verdict in target.send_invoices([_record(name, one) for name, one in by_reference.items()]):
        invoice = by_reference[verdict.key]
        if verdict.outcome is Outcome.DONE and verdict.external_id:
            invoice.state, invoice.external_id = State.SENT, verdict.external_id
            invoice.message = ""
            invoice.save(update_fields=["state", "external_id", "message"])
            execution.count("sent")
        else:
            # UNKNOWN and RETRY stay waiting: the connector looks for the first attempt before a second one.
            _close(execution, invoice, verdict)


def _close(execution: Execution, invoice: CustomerInvoice, verdict: Verdict) -> None:
    execution.count(verdict.outcome.value)
    invoice.message = f"{verdict.code} {verdict.message}".strip()
    if verdict.outcome is Outcome.DONE:
        invoice.state, invoice.closed_at = State.TAKEN, execution.now()
    elif verdict.outcome is Outcome.REJECTED:
        invoice.state, invoice.closed_at = State.REJECTED, execution.now()
        execution.report([_trouble(execution, invoice)])
    invoice.save(update_fields=["state", "message", "closed_at"])
    if verdict.outcome is Outcome.DONE:
        close_issues(
            resolution="the channel took the invoice", subject_kind="invoice", subjects=[invoice.number],
            channel=execution.channel.key,
        )  # fmt: skip


def _trouble(execution: Execution, invoice: CustomerInvoice) -> Trouble:
    return Trouble(
        Reason.REJECTED, f"The invoice {invoice.number} of the order {invoice.order_id} is refused: {invoice.message}",
        channel=execution.channel.key, flow="send_invoices", subject_kind="invoice", subject=invoice.number,
        action="check_order", detail={"order": invoice.order_id},
    )  # fmt: skip


def _record(reference: str, invoice: CustomerInvoice) -> Invoice:
    return Invoice(
        reference=reference, order_id=invoice.order_id, content=file_of(invoice), number=invoice.number,
        file_name=invoice.file_name, kind="credit_note" if invoice.kind == "credit_note" else "invoice",
        total_amount=invoice.total_amount, tax_amount=invoice.tax_amount, refund_id=invoice.refund_id,
    )  # fmt: skip


def _reference(invoice: CustomerInvoice) -> str:
    """A refused invoice that starts anew is another attempt."""
    return f"invoice-{invoice.pk}-{invoice.added_at:%Y%m%d%H%M%S%f}"
