"""What the ERP says of the orders that it has."""

from __future__ import annotations

from collections.abc import Sequence

from comptoir.orders.history import write_event
from comptoir.orders.models import ErpState, Order
from comptoir.sdk.records import ErpOrderState, Rejected


def record_states(
    states: Sequence[ErpOrderState], *, run_id: int | None = None
) -> tuple[int, list[Rejected]]:
    """Note document numbers and statuses; how many orders changed, and the states of unknown orders."""
    orders = {o.reference: o for o in Order.objects.filter(reference__in={s.order_reference for s in states})}
    changed, rejected = 0, []
    for state in sorted(states, key=lambda s: s.changed_at):
        order = orders.get(state.order_reference)
        if order is None:
            words = f"No order has the reference {state.order_reference}."
            rejected.append(
                Rejected(
                    external_id=state.order_reference, message=words, code="unknown_order", line=state.line
                )
            )
        else:
            changed += _record(order, state, run_id)
    return changed, rejected


def _record(order: Order, state: ErpOrderState, run_id: int | None) -> bool:
    if (order.erp_document, order.erp_status) == (state.document, state.status):
        return False
    order.erp_document, order.erp_status = state.document[:60], state.status
    if state.status == "rejected":
        order.erp_state = ErpState.REJECTED
    elif order.erp_state in (ErpState.SENT, ErpState.WAITING):
        # The ERP speaks of it, so it has it: a receipt that was lost matters no more.
        order.erp_state = ErpState.CONFIRMED
    order.save(update_fields=["erp_document", "erp_status", "erp_state"])
    write_event(order, "erp_status", run_id=run_id, document=state.document, status=state.status,
                message=state.message)  # fmt: skip
    return True
