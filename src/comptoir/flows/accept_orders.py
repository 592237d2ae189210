"""orders waiting for our yes or no ──rule or person──▶ channel

The rule says yes when every unit is really there and no line was sold far under its offer; anything else
is left to a person. An answer whose outcome is unknown is looked up before it is given again.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.db.models import Q, QuerySet

from comptoir.channels.models import Channel
from comptoir.core.bulk import save_fields
from comptoir.flows.batches import in_batches
from comptoir.flows.execution import Execution
from comptoir.flows.intake import look_at_orders
from comptoir.flows.registry import flow
from comptoir.inventory.availability import covered_orders
from comptoir.journal.issues import Reason, Trouble
from comptoir.offers.price_falls import price_falls
from comptoir.orders.decisions import leave_to_a_person
from comptoir.orders.history import new_event
from comptoir.orders.models import Order, OrderEvent
from comptoir.sdk.connector import Role
from comptoir.sdk.i18n import N_
from comptoir.sdk.ports import OrderAcceptor
from comptoir.sdk.records import OrderDecision, Outcome, Verdict
from comptoir.sdk.statuses import OrderStatus

Decision = Order.Decision
BATCH = 100
BY_HAND = N_("This channel's orders are accepted by hand.")
NOT_IN_STOCK = N_("Not every unit is in stock.")


@flow(label=N_("Accept orders"), every=timedelta(minutes=1), role=Role.MARKETPLACE, needs=(OrderAcceptor,),
      lock="orders", has_work=lambda channel: _waiting(channel).exists())  # fmt: skip
def accept_orders(execution: Execution) -> None:
    waiting = _waiting(execution.channel).select_related("channel").prefetch_related("lines")
    for orders in in_batches(execution, waiting, size=BATCH):
        _apply_rule(execution, [order for order in orders if order.decision == Decision.NONE])
        if decided := {o.external_id: o for o in orders if o.decision in (Decision.ACCEPT, Decision.REFUSE)}:
            _answer(execution, decided)


def _answer(execution: Execution, orders: dict[str, Order]) -> None:
    acceptor: OrderAcceptor = execution.connection
    noted: list[Order] = []
    answered: list[OrderEvent] = []
    try:
        for verdict in acceptor.decide_orders([_decision(order) for order in orders.values()]):
            answered += _note(execution, orders[verdict.key], verdict)
            if verdict.outcome is not Outcome.RETRY:
                noted.append(orders[verdict.key])
    finally:
        # What was answered before a failure is known, and stays so.
        save_fields(noted, ["decision", "decision_reason"])
        OrderEvent.objects.bulk_create(answered)
    look_at_orders(execution, [order.external_id for order in noted])


def _waiting(channel: Channel) -> QuerySet[Order]:
    """To answer by rule, or decided and not yet told. The rule leaves held orders alone; a person's word goes."""
    by_rule = Q(decision=Decision.NONE, held="") | Q(decision=Decision.ACCEPT, decided_by="rule", held="")
    by_person = Q(decision__in=[Decision.ACCEPT, Decision.REFUSE]) & ~Q(decided_by="rule")
    return Order.objects.filter(by_rule | by_person, channel=channel, status=OrderStatus.TO_ACCEPT)


def _apply_rule(execution: Execution, orders: Sequence[Order]) -> None:
    if not orders:
        return
    covered = covered_orders([order.pk for order in orders])
    cheap = price_falls([order.pk for order in orders])
    manual = []
    for order in orders:
        why = _why_not(execution, order, covered, cheap)
        if why:
            manual.append((order, why))
            continue
        order.decision, order.decided_by, order.decided_at = Decision.ACCEPT, "rule", execution.now()
    save_fields(orders, ["decision", "decided_by", "decided_at"])
    leave_to_a_person(manual, run_id=execution.run.pk)
    execution.count("left_to_a_person", len(manual))


def _why_not(execution: Execution, order: Order, covered: set[int], cheap: dict[int, str]) -> str:
    if not execution.channel.auto_accept:
        return BY_HAND
    if order.pk in cheap:
        return f"Sold far under the offer: {cheap[order.pk]}."
    return "" if order.pk in covered else NOT_IN_STOCK


def _decision(order: Order) -> OrderDecision:
    accept = order.decision == Decision.ACCEPT
    return OrderDecision(
        order_id=order.external_id, lines={line.external_id: accept for line in order.lines.all()}
    )


def _note(execution: Execution, order: Order, verdict: Verdict) -> list[OrderEvent]:
    """Take the channel's answer; the line that it adds to the order's history."""
    if verdict.outcome is Outcome.DONE:
        accepted = order.decision == Decision.ACCEPT
        order.decision = Decision.SENT
        execution.count("answered")
        return [new_event(order, "answered", run_id=execution.run.pk, accepted=accepted)]
    if verdict.outcome is Outcome.REJECTED:
        order.decision = Decision.MANUAL
        order.decision_reason = verdict.message[:200]
        execution.report([_trouble(execution, order, verdict)])
    else:
        execution.count(verdict.outcome.value)
    return []


def _trouble(execution: Execution, order: Order, verdict: Verdict) -> Trouble:
    return Trouble(
        Reason.REJECTED, f"{verdict.code} {verdict.message}".strip(), channel=execution.channel.key,
        flow="accept_orders", subject_kind="order", subject=order.external_id, action="decide_order",
    )  # fmt: skip
