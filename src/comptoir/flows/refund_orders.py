"""refunds that a person asked for ──▶ channel; the order is read back, the ERP is told by its deliveries

An outcome is noted as unknown before anything is sent: after a crash or a lost answer the order is read
back first, and what it does not show goes again under the same reference. A refund of a credit note that is refused
because the channel gave a part back itself meanwhile is asked for again, less that part.
"""

from __future__ import annotations

from datetime import timedelta

from django.db.models import QuerySet

from comptoir.channels.models import Channel
from comptoir.finance.credit_notes import ask_what_is_left
from comptoir.flows.batches import in_batches
from comptoir.flows.execution import Execution
from comptoir.flows.intake import look_at_orders
from comptoir.flows.registry import flow
from comptoir.journal.issues import Reason, Trouble, close_issues
from comptoir.orders.models import Refund
from comptoir.orders.refunds import OPEN, begin_attempt, is_shown, refund_record, settle
from comptoir.sdk.connector import Role
from comptoir.sdk.i18n import N_
from comptoir.sdk.ports import RefundTarget
from comptoir.sdk.records import Outcome, Verdict

State = Refund.State
BATCH = 50


@flow(label=N_("Refund orders"), every=timedelta(minutes=1), role=Role.MARKETPLACE, needs=(RefundTarget,),
      lock="orders", has_work=lambda channel: _in_state(channel, *OPEN).exists())  # fmt: skip
def refund_orders(execution: Execution) -> None:
    _settle_unknown(execution)
    for refunds in in_batches(execution, _in_state(execution.channel, State.REQUESTED), size=BATCH):
        _refund(execution, {refund.reference: refund for refund in refunds})


def _refund(execution: Execution, wanted: dict[str, Refund]) -> None:
    target: RefundTarget = execution.connection
    for refund in wanted.values():
        begin_attempt(refund)
    told, refused = [], []
    for verdict in target.refund_orders([refund_record(refund) for refund in wanted.values()]):
        refund = wanted[verdict.key]
        _note(execution, refund, verdict)
        told.append(refund.order.external_id)
        if verdict.outcome is Outcome.REJECTED:
            refused.append(refund)
    look_at_orders(execution, told)
    for refund in refused:
        if ask_what_is_left(refund):
            _close(execution, refund, "the channel gave a part back itself: the rest is asked for")


def _in_state(channel: Channel, *states: str) -> QuerySet[Refund]:
    return (
        Refund.objects.filter(order__channel=channel, state__in=states).select_related("order").order_by("id")
    )


def _settle_unknown(execution: Execution) -> None:
    """Look before sending again."""
    unknown = list(_in_state(execution.channel, State.UNKNOWN)[:BATCH])
    look_at_orders(execution, [refund.order.external_id for refund in unknown])
    for refund in unknown:
        if is_shown(refund):
            settle(refund, State.DONE, message="The channel shows it.", run_id=execution.run.pk)
            _close(execution, refund)
        else:
            settle(refund, State.REQUESTED, message=refund.message, run_id=execution.run.pk)


def _note(execution: Execution, refund: Refund, verdict: Verdict) -> None:
    words = f"{verdict.code} {verdict.message}".strip()
    execution.count(verdict.outcome.value)
    if verdict.outcome is Outcome.DONE:
        settle(refund, State.DONE, message=words, external_id=verdict.external_id, run_id=execution.run.pk)
        _close(execution, refund)
    elif verdict.outcome is Outcome.REJECTED:
        settle(refund, State.REJECTED, message=words, run_id=execution.run.pk)
        execution.report([_trouble(execution, refund)])
    elif verdict.outcome is Outcome.RETRY:
        settle(refund, State.REQUESTED, message=words, run_id=execution.run.pk)
    else:
        settle(refund, State.UNKNOWN, message=words, run_id=execution.run.pk)


def _close(execution: Execution, refund: Refund, resolution: str = "refunded") -> None:
    close_issues(
        resolution=resolution, subject_kind="order", subjects=[refund.order.external_id],
        channel=execution.channel.key, flow="refund_orders",
    )  # fmt: skip


def _trouble(execution: Execution, refund: Refund) -> Trouble:
    return Trouble(
        Reason.REJECTED,
        f"The channel does not give back what {refund.reference} asks for: {refund.message}",
        channel=execution.channel.key,
        flow="refund_orders",
        subject_kind="order",
        subject=refund.order.external_id,
        action="check_order",
        detail={"refund": refund.reference},
    )
