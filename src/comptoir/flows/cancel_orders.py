"""cancellations that a person asked for ──▶ channel; its answer is read back as an order"""

from __future__ import annotations

from datetime import timedelta

from django.db.models import QuerySet

from comptoir.channels.models import Channel
from comptoir.flows.execution import Execution
from comptoir.flows.intake import look_at_orders
from comptoir.flows.registry import flow
from comptoir.journal.issues import Reason, Trouble
from comptoir.orders.models import CancelRequest
from comptoir.sdk.connector import Role
from comptoir.sdk.i18n import N_
from comptoir.sdk.money import to_cents
from comptoir.sdk.ports import CancellationTarget
from comptoir.sdk.records import Cancellation, LineAmount, Outcome, Verdict
from comptoir.sdk.statuses import OrderStatus

State = CancelRequest.State
_STATE = {Outcome.DONE: State.DONE, Outcome.REJECTED: State.REJECTED, Outcome.UNKNOWN: State.UNKNOWN}


@flow(label=N_("Cancel orders"), every=timedelta(minutes=1), role=Role.MARKETPLACE, needs=(CancellationTarget,),
      lock="orders", has_work=lambda channel: _open(channel).exists())  # fmt: skip
def cancel_orders(execution: Execution) -> None:
    _settle_unknown(execution)
    wanted = CancelRequest.objects.filter(order__channel=execution.channel, state=State.REQUESTED)
    requests = {
        f"cancel-{r.pk}": r for r in wanted.select_related("order").prefetch_related("order__lines")[:100]
    }
    if not requests:
        return
    target: CancellationTarget = execution.connection
    told = []
    for verdict in target.cancel_orders([_record(key, request) for key, request in requests.items()]):
        request = requests[verdict.key]
        _note(execution, request, verdict)
        told.append(request.order.external_id)
    look_at_orders(execution, told)


def _open(channel: Channel) -> QuerySet[CancelRequest]:
    return CancelRequest.objects.filter(order__channel=channel, state__in=[State.REQUESTED, State.UNKNOWN])


def _settle_unknown(execution: Execution) -> None:
    unknown = CancelRequest.objects.filter(order__channel=execution.channel, state=State.UNKNOWN)
    requests = list(unknown.select_related("order"))
    look_at_orders(execution, [request.order.external_id for request in requests])
    for request in requests:
        request.order.refresh_from_db()
        done = OrderStatus(request.order.status) in (OrderStatus.CANCELLED, OrderStatus.REFUNDED)
        request.state = State.DONE if done or _lines_cancelled(request) else State.REQUESTED
        request.save(update_fields=["state"])


def _lines_cancelled(request: CancelRequest) -> bool:
    cancelled = dict(request.order.lines.values_list("external_id", "cancelled_quantity"))
    return bool(request.lines) and all(cancelled.get(line, 0) >= n for line, n in request.lines.items())


def _record(key: str, request: CancelRequest) -> Cancellation:
    lines = {line.external_id: line for line in request.order.lines.all()}
    return Cancellation(
        reference=key,
        order_id=request.order.external_id,
        reason=request.reason,
        lines=tuple(
            LineAmount(
                line_id=line_id,
                quantity=units,
                amount=to_cents(lines[line_id].amount * units / lines[line_id].quantity),
                currency=request.order.currency,
            )
            for line_id, units in request.lines.items()
        ),
    )


def _note(execution: Execution, request: CancelRequest, verdict: Verdict) -> None:
    execution.count(verdict.outcome.value)
    if verdict.outcome is Outcome.RETRY:
        return
    request.state, request.message = _STATE[verdict.outcome], f"{verdict.code} {verdict.message}".strip()
    request.answered_at = execution.now()
    request.save(update_fields=["state", "message", "answered_at"])
    if request.state == State.REJECTED:
        trouble = Trouble(
            Reason.REJECTED, request.message, channel=execution.channel.key, flow="cancel_orders",
            subject_kind="order", subject=request.order.external_id, action="check_order",
        )  # fmt: skip
        execution.report([trouble])
