"""What the ERP says of the orders that it has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from comptoir.core.bulk import save_fields
from comptoir.journal.issues import Reason, Trouble
from comptoir.orders.history import new_event
from comptoir.orders.models import ErpState, Order, OrderEvent
from comptoir.sdk.records import ErpOrderState, Rejected
from comptoir.sdk.statuses import OrderStatus
from comptoir.sdk.storable import storable


@dataclass
class States:
    changed: int = 0
    rejected: list[Rejected] = field(default_factory=list)
    """States of orders that we do not know."""
    troubles: list[Trouble] = field(default_factory=list)


def record_states(states: Sequence[ErpOrderState], *, run_id: int | None = None) -> States:
    """Note document numbers and statuses. Call inside a transaction."""
    result = States()
    # Locked in the order of their ids, as an import of the same orders does.
    found = Order.objects.filter(reference__in={storable(s.order_reference) for s in states}).order_by("id")
    locked = found.select_related("channel").select_for_update(no_key=True, of=("self",))
    orders = {order.reference: order for order in locked}
    changed: dict[int, Order] = {}
    events: list[OrderEvent] = []
    for state in sorted(states, key=lambda s: s.changed_at):
        order = orders.get(state.order_reference)
        if order is None:
            words = f"No order has the reference {state.order_reference}."
            result.rejected.append(
                Rejected(
                    external_id=state.order_reference, message=words, code="unknown_order", line=state.line
                )
            )
        elif _take(order, state):
            changed[order.pk] = order
            events.append(_event(order, state, run_id))
            result.troubles += _troubles(order, state)
    save_fields(list(changed.values()), ["erp_document", "erp_status", "erp_state"])
    OrderEvent.objects.bulk_create(events)
    result.changed = len(events)
    return result


def _take(order: Order, state: ErpOrderState) -> bool:
    document = storable(state.document)[:60]
    if (order.erp_document, order.erp_status) == (document, state.status):
        return False
    order.erp_document, order.erp_status = document, state.status
    if state.status == "rejected":
        order.erp_state = ErpState.REJECTED
    elif order.erp_state in (ErpState.SENT, ErpState.WAITING):
        # The ERP speaks of it, so it has it: a receipt that was lost matters no more.
        order.erp_state = ErpState.CONFIRMED
    return True


def _event(order: Order, state: ErpOrderState, run_id: int | None) -> OrderEvent:
    return new_event(
        order, "erp_status", run_id=run_id, document=order.erp_document, status=state.status,
        message=storable(state.message),
    )  # fmt: skip


def _troubles(order: Order, state: ErpOrderState) -> list[Trouble]:
    where: dict[str, Any] = {
        "channel": order.channel.key, "subject_kind": "order", "subject": order.external_id,
        "flow": "export_orders_to_erp",
    }  # fmt: skip
    words = f"{order.reference}: {state.message}" if state.message else order.reference
    if state.status == "rejected":
        return [Trouble(Reason.REJECTED, f"The ERP rejected {words}.", action="export_again", **where)]
    if state.status == "cancelled" and OrderStatus(order.status).reserves:
        return [
            Trouble(
                Reason.DIVERGENCE, f"The ERP cancelled {words}; the channel still expects it.",
                action="check_order", **where,
            )
        ]  # fmt: skip
    return []
