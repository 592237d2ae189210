"""credit notes of the ERP that are to be refunded ──▶ refunds asked of the channel, each once"""

from __future__ import annotations

from datetime import timedelta

from comptoir.channels.models import Channel
from comptoir.finance.credit_notes import cannot_refund_there, refund_credit_note
from comptoir.finance.models import ErpDocument
from comptoir.flows.connect import capabilities
from comptoir.flows.execution import Execution
from comptoir.flows.registry import flow
from comptoir.sdk.i18n import N_
from comptoir.sdk.ports import RefundTarget

BATCH = 500


def has_credit_notes(channel: Channel) -> bool:
    return ErpDocument.objects.filter(refunding=ErpDocument.Refunding.WANTED).exists()


@flow(label=N_("Refund credit notes"), every=timedelta(minutes=2), has_work=has_credit_notes)
def refund_credit_notes(execution: Execution) -> None:
    """One transaction each: it is asked for and marked so, or neither."""
    wanted = ErpDocument.objects.filter(refunding=ErpDocument.Refunding.WANTED).order_by("id")
    for document in wanted.select_related("order__channel")[:BATCH]:
        if RefundTarget.__name__ in capabilities(document.order.channel):
            troubles = refund_credit_note(document.pk, run_id=execution.run.pk)
        else:
            troubles = [cannot_refund_there(document)]
        execution.report(troubles)
        execution.count("waiting" if troubles else "asked")
