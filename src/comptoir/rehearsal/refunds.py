"""Money given back by the person at the desk: in the world's ledger and in the ERP's exactly what the hub says."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import Any

from comptoir.core.bulk import fetch
from comptoir.flows.connect import capabilities
from comptoir.orders.models import ErpState, Order, Refund
from comptoir.orders.refunds import refundable_lines, request_refund
from comptoir.rehearsal.world import World
from comptoir.sdk.ports import RefundTarget
from comptoir.sdk.statuses import OrderStatus

ONE_IN = 10
_GIVEN_BACK = """
SELECT c.key, o.external_id, o.reference, o.erp_state = 'confirmed',
       sum(greatest(line.refunded_quantity, line.given_back_quantity)),
       sum(greatest(line.refunded_amount, line.given_back_amount))
FROM orders_order o JOIN channels_channel c ON c.id = o.channel_id
JOIN orders_orderline line ON line.order_id = o.id
WHERE EXISTS (SELECT FROM orders_refund r WHERE r.order_id = o.id AND r.state = 'done')
GROUP BY o.id, c.key ORDER BY o.id
"""


def give_back() -> None:
    """One order in ten that has left: its first line whole, as every channel can give back."""
    left = Order.objects.filter(
        status__in=[OrderStatus.SHIPPED, OrderStatus.DELIVERED], erp_state=ErpState.CONFIRMED, refunds=None
    )
    for order in left.select_related("channel").order_by("pk"):
        if order.pk % ONE_IN or RefundTarget.__name__ not in capabilities(order.channel):
            continue
        first = next(iter(refundable_lines(order).values()), None)
        if first is None or first.quantity < first.line.quantity:
            continue
        line = first.line
        if 0 < line.amount + line.shipping_amount <= min(first.amount, order.total_amount):
            request_refund(
                order.pk, lines={line.external_id: first.quantity}, amounts={line.external_id: line.amount},
                shipping={line.external_id: line.shipping_amount}, actor="rehearsal",
            )  # fmt: skip


def judge_refunds(world: World, placed: list[dict[str, Any]]) -> tuple[dict[str, int], list[str]]:
    """Counts, and what disagrees."""
    there = {(o["party"], o["order_id"]): sum(o["refunded"].values()) for o in placed}
    in_erp: dict[str, Decimal] = defaultdict(Decimal)
    for fact in world.facts("erp_refund_created"):
        in_erp[fact["order_id"]] += Decimal(str(fact["amount"]))
    found: list[str] = []
    for channel, external_id, reference, told, units, amount in fetch(_GIVEN_BACK):
        name = f"{channel} {external_id}"
        if there.get((channel, external_id), 0) != units:
            found.append(
                f"{name}: {there.get((channel, external_id), 0)} units given back there, {units} in the hub"
            )
        # An ERP whose ledger speaks of no refund at all keeps none.
        if told and in_erp and in_erp[reference] != amount:
            found.append(f"{name}: {in_erp[reference]} given back in the ERP, {amount} in the hub")
    states = dict(fetch("SELECT state, count(*) FROM orders_refund GROUP BY 1"))
    return {"done": states.get(Refund.State.DONE, 0), "refused": states.get(Refund.State.REJECTED, 0)}, found
