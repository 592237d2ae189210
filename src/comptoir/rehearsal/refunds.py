"""Money given back, by the person at the desk and by credit notes of the ERP's own: in the world's ledger and in
the ERP's exactly what the hub says."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models.functions import Mod

from comptoir.core.bulk import fetch
from comptoir.finance.credit_notes import decide_credit_note
from comptoir.finance.models import ErpDocument
from comptoir.flows.connect import capabilities
from comptoir.orders.models import ErpState, Order, OrderLine, Refund
from comptoir.orders.refunds import refundable_lines, request_refund
from comptoir.rehearsal.world import World
from comptoir.sdk.ports import RefundTarget
from comptoir.sdk.statuses import OrderStatus

ONE_IN = 10
LOOKED_INTO_AFTER = timedelta(hours=3)
_GIVEN_BACK = """
SELECT c.key, o.external_id, o.reference, o.erp_state = 'confirmed',
       sum(greatest(line.refunded_quantity, line.given_back_quantity)),
       sum(greatest(line.refunded_amount, line.given_back_amount)),
       (SELECT coalesce(sum(d.total_amount), 0) FROM finance_erpdocument d
        WHERE d.order_id = o.id AND d.refunding = 'declined'),
       (SELECT coalesce(sum(item.amount), 0) FROM orders_erpexportitem item
        JOIN orders_erpexport export ON export.id = item.export_id
        WHERE item.order_id = o.id AND export.kind = 'refunds' AND item.outcome = 'rejected'),
       EXISTS (SELECT FROM orders_refund r WHERE r.order_id = o.id AND r.state = 'done')
FROM orders_order o JOIN channels_channel c ON c.id = o.channel_id
JOIN orders_orderline line ON line.order_id = o.id
WHERE EXISTS (SELECT FROM orders_refund r WHERE r.order_id = o.id AND r.state = 'done')
   OR EXISTS (SELECT FROM finance_erpdocument d WHERE d.order_id = o.id AND d.kind = 'credit_note')
GROUP BY o.id, c.key ORDER BY o.id
"""


def give_back(looked_at: set[int]) -> None:
    """One order in ten that has left: its first line whole, as every channel can give back. Each is looked at
    once: a replayed file has months of orders that left."""
    left = Order.objects.filter(
        status__in=[OrderStatus.SHIPPED, OrderStatus.DELIVERED], erp_state=ErpState.CONFIRMED, refunds=None
    )
    tenth = left.annotate(place=Mod("pk", ONE_IN)).filter(place=0).exclude(pk__in=looked_at)
    for order in tenth.select_related("channel").order_by("pk"):
        looked_at.add(order.pk)
        if RefundTarget.__name__ not in capabilities(order.channel):
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
    credited: set[str] = set()
    for channel, external_id, reference, told, units, amount, declined, refused, done in fetch(_GIVEN_BACK):
        name = f"{channel} {external_id}"
        credited.add(reference)
        if done and there.get((channel, external_id), 0) != units:
            found.append(
                f"{name}: {there.get((channel, external_id), 0)} units given back there, {units} in the hub"
            )
        # An ERP whose ledger speaks of no refund at all keeps none.
        expected = amount + declined - refused
        if told and in_erp and in_erp[reference] != expected:
            found.append(f"{name}: {in_erp[reference]} given back in the ERP, {expected} in the hub")
    found += [
        f"{reference}: {amount} credited in the ERP, nothing of it in the hub"
        for reference, amount in in_erp.items()
        if amount and reference not in credited and not _told_by_the_channel(reference)
    ]
    states = dict(fetch("SELECT state, count(*) FROM orders_refund GROUP BY 1"))
    counts = {"done": states.get(Refund.State.DONE, 0), "refused": states.get(Refund.State.REJECTED, 0)}
    own = ErpDocument.objects.filter(kind="credit_note").exclude(refunding="")
    return counts | {"credit_notes": own.count(), "credited": own.filter(refunding="asked").count()}, found


def _told_by_the_channel(reference: str) -> bool:
    """A refund that the marketplace made, of which the ERP tells no document."""
    return OrderLine.objects.filter(order__reference=reference, erp_refunded_amount__gt=0).exists()


def own_credit_notes_known(world: World) -> bool:
    """Has the hub read every credit note that the ERP made by itself?"""
    made = sum(
        bool(fact.get("own") or fact.get("detail", {}).get("own"))
        for fact in world.facts("erp_refund_created")
    )
    return made == ErpDocument.objects.filter(kind="credit_note", asked_as="").count()


def settle_credit_notes(now: datetime) -> None:
    """What no rule could refund, the person at the desk looks into: another refund was on its way already."""
    waiting = ErpDocument.objects.filter(refunding__in=["to_decide", "wanted"])
    for document in waiting.filter(created_at__lt=now - LOOKED_INTO_AFTER):
        decide_credit_note(document.pk, "decline", actor="rehearsal")
