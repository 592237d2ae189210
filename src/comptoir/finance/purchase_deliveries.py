"""Orders to suppliers on their way to the ERP, in numbered deliveries, and what it says of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from comptoir.channels.models import Channel
from comptoir.core import clock
from comptoir.finance.models import PurchaseDelivery, PurchaseOrder
from comptoir.journal.issues import Reason, Trouble, close_issues, open_issues
from comptoir.sdk import purchasing
from comptoir.sdk.records import Outcome, Rejected, SubmissionReport
from comptoir.sdk.statuses import ImportState
from comptoir.sdk.storable import storable

FLOW = "export_purchase_orders_to_erp"
State = PurchaseOrder.State
Delivery = PurchaseDelivery.State
AT_THE_ERP = (State.ORDERED, State.PARTIALLY_RECEIVED)


def has_purchases_to_tell(channel: Channel) -> bool:
    waiting = PurchaseDelivery.objects.filter(channel=channel, state__in=[Delivery.OPEN, Delivery.SENT])
    return waiting.exists() or PurchaseOrder.objects.filter(state=State.TO_SEND).exists()


def open_delivery(channel: Channel) -> PurchaseDelivery | None:
    """The one that was numbered and never known to have left."""
    found = PurchaseDelivery.objects.filter(channel=channel, state=Delivery.OPEN)
    return found.order_by("number").first()


@transaction.atomic
def prepare_delivery(channel: Channel, *, limit: int) -> PurchaseDelivery | None:
    """Number a new delivery of what is to be sent; None when nothing is. Committed before anything leaves."""
    ready = PurchaseOrder.objects.select_for_update(skip_locked=True).filter(state=State.TO_SEND)
    orders = list(ready.order_by("id")[:limit])
    if not orders:
        return None
    now = clock.now()
    last = PurchaseDelivery.objects.filter(channel=channel).aggregate(last=Max("number"))["last"] or 0
    PurchaseOrder.objects.filter(pk__in=[order.pk for order in orders]).update(
        state=State.SENT, sent_at=now, updated_at=now
    )
    return PurchaseDelivery.objects.create(
        channel=channel, number=last + 1, references=[order.reference for order in orders], created_at=now
    )


def purchase_records(delivery: PurchaseDelivery) -> list[purchasing.ErpPurchaseOrder]:
    orders = PurchaseOrder.objects.filter(reference__in=delivery.references).select_related("supplier")
    return [_record(order) for order in orders.prefetch_related("lines__product").order_by("id")]


def _record(order: PurchaseOrder) -> purchasing.ErpPurchaseOrder:
    return purchasing.ErpPurchaseOrder(
        reference=order.reference, supplier=order.supplier.name, supplier_code=order.supplier_code,
        warehouse=order.warehouse, ordered_on=timezone.localdate(order.created_at), currency=order.currency,
        expected_on=order.expected_on, comment=order.comment,
        lines=tuple(
            purchasing.ErpPurchaseLine(
                line_number=line.line_number, sku=line.product.sku, quantity=line.quantity,
                unit_price=line.unit_price, supplier_sku=line.supplier_sku, title=line.product.title,
            )
            for line in order.lines.all()
        ),
    )  # fmt: skip


def mark_delivered(delivery: PurchaseDelivery, external_id: str) -> None:
    delivery.state, delivery.external_id = Delivery.SENT, external_id
    delivery.save(update_fields=["state", "external_id"])


@transaction.atomic
def close_delivery(delivery: PurchaseDelivery, report: SubmissionReport, *, run_id: int | None) -> int:
    """Take the ERP's answer, order by order: how many it rejected. « Try again » and « unknown » are to be sent
    again: the connector looks for them before it makes anything."""
    if report.state is ImportState.PENDING:
        return 0
    failed = report.state is ImportState.FAILED
    verdicts = {verdict.key: verdict for verdict in report.verdicts}
    refused = 0
    orders = PurchaseOrder.objects.select_for_update().filter(
        reference__in=delivery.references, state=State.SENT
    )
    for order in orders.order_by("id"):
        verdict = verdicts.get(order.reference)
        outcome = Outcome.REJECTED if failed else verdict.outcome if verdict else Outcome.DONE
        message = report.message if failed else verdict.message if verdict else ""
        refused += outcome is Outcome.REJECTED
        _take(order, outcome, message, verdict.external_id if verdict else "", run_id)
    delivery.state = Delivery.FAILED if failed else Delivery.COMPLETE
    delivery.message, delivery.closed_at = report.message, clock.now()
    delivery.save(update_fields=["state", "message", "closed_at"])
    return refused


def _take(order: PurchaseOrder, outcome: Outcome, message: str, document: str, run_id: int | None) -> None:
    order.state = {Outcome.DONE: State.ORDERED, Outcome.REJECTED: State.REJECTED}.get(outcome, State.TO_SEND)
    order.message, order.updated_at = message, clock.now()
    order.document = document[:60] or order.document
    order.save(update_fields=["state", "message", "document", "updated_at"])
    if outcome is Outcome.REJECTED:
        open_issues([_refusal(order)], run_id=run_id)
    elif outcome is Outcome.DONE:
        close_issues(resolution="the ERP has it", subject_kind="purchase_order", subjects=[order.reference])


@transaction.atomic
def refuse_order(delivery: PurchaseDelivery, reference: str, message: str, *, run_id: int | None) -> bool:
    """One that cannot even be written: out of the delivery, so that the others leave. False: it is not in it."""
    if reference not in delivery.references:
        return False
    order = PurchaseOrder.objects.select_for_update().get(reference=reference)
    _take(order, Outcome.REJECTED, message, "", run_id)
    delivery.references = [name for name in delivery.references if name != reference]
    if delivery.references:
        delivery.save(update_fields=["references"])
    else:
        delivery.delete()
    return True


def _refusal(order: PurchaseOrder) -> Trouble:
    return Trouble(
        Reason.REJECTED, f"The ERP rejects the order to the supplier {order.reference}: {order.message}",
        flow=FLOW, subject_kind="purchase_order", subject=order.reference, action="send_purchase_order",
    )  # fmt: skip


# --- what becomes of them -------------------------------------------------------------------------------


@dataclass
class Followed:
    changed: int = 0
    rejected: list[Rejected] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)


def record_purchase_states(states: Sequence[purchasing.ErpPurchaseState]) -> Followed:
    """The ERP's word of each order: document, status, units received so far. Call inside a transaction.

    The units themselves and what is still expected come with the ERP's stock, which is its own word too: they are
    moved there and not here, so that no unit arrives twice.
    """
    result = Followed()
    names = {storable(state.order_reference) for state in states}
    found = PurchaseOrder.objects.select_for_update().filter(reference__in=names).order_by("id")
    orders = {order.reference: order for order in found}
    for state in sorted(states, key=lambda one: one.changed_at):
        order = orders.get(state.order_reference)
        if order is None:
            words = f"No order to a supplier has the reference {state.order_reference}."
            result.rejected.append(
                Rejected(
                    external_id=state.order_reference[:200],
                    message=words,
                    code="unknown_order",
                    line=state.line,
                )
            )
        elif _follow(order, state, result):
            result.changed += 1
    return result


def _follow(order: PurchaseOrder, state: purchasing.ErpPurchaseState, result: Followed) -> bool:
    if order.state in (State.RECEIVED, State.CANCELLED) and state.status in ("ordered", "partially_received"):
        return False  # older news
    lines = {line.product.sku: line for line in order.lines.select_related("product")}
    changed = False
    for sku, units in state.received.items():
        line = lines.get(sku)
        if line is None or units > line.quantity:
            result.troubles.append(_surprise(order, sku, units, line.quantity if line else 0))
        # Cumulative, and only forward: a file of yesterday that is read again takes nothing back.
        if line is not None and units > line.received_quantity:
            line.received_quantity = units
            line.save(update_fields=["received_quantity"])
            changed = True
    document, status = storable(state.document)[:60] or order.document, State(state.status)
    if order.state == State.PARTIALLY_RECEIVED and status == State.ORDERED:
        status = State.PARTIALLY_RECEIVED  # older news
    if (order.document, order.state) != (document, status):
        order.document, order.state, changed = document, status, True
        order.message = storable(state.message)
    if changed:
        order.updated_at = clock.now()
        order.save(update_fields=["document", "state", "message", "updated_at"])
        close_issues(
            resolution="the ERP has it", subject_kind="purchase_order", subjects=[order.reference], flow=FLOW
        )
    return changed


def _surprise(order: PurchaseOrder, sku: str, units: int, ordered: int) -> Trouble:
    return Trouble(
        Reason.DIVERGENCE, f"{order.reference}: {units} × {sku} were received, {ordered} were ordered.",
        flow="import_receipts_from_erp", subject_kind="purchase_order", subject=f"{order.reference} {sku}"[:200],
        action="none",
    )  # fmt: skip
