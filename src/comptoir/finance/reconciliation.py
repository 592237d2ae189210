"""The last comparison of hub and ERP, kept for its screen: counts and amounts per day, and every gap."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import Q

from comptoir.channels.models import Channel
from comptoir.core import clock
from comptoir.finance.models import ErpDay, ErpGap
from comptoir.journal.audit import record_change
from comptoir.orders.erp_gaps import Comparison
from comptoir.orders.models import ErpExportItem, ErpState, Order
from comptoir.sdk.statuses import OrderStatus
from comptoir.sdk.storable import storable

_DAY = ("here_count", "here_amount", "there_count", "there_amount", "gaps", "checked_at")
_GAP = ("order", "channel", "day", "here_amount", "there_amount", "documents", "checked_at")


@transaction.atomic
def keep_comparison(erp: Channel, found: Comparison, *, since: date) -> None:
    """Days are written again as they stand now; a gap that is gone goes, one that stays keeps when it was found."""
    now = clock.now()
    days = [
        ErpDay(erp=erp, channel=channel, day=day, checked_at=now, **vars(counts))
        for (channel, day), counts in sorted(found.days.items())
    ]
    ErpDay.objects.filter(erp=erp, day__gte=since).delete()
    ErpDay.objects.bulk_create(
        days, update_conflicts=True, unique_fields=["erp", "channel", "day"], update_fields=_DAY
    )
    gaps = [
        ErpGap(
            erp=erp, kind=gap.kind, reference=storable(gap.reference)[:60], order_id=gap.order_id,
            channel=gap.channel, day=gap.day, here_amount=gap.here, there_amount=gap.there,
            documents=list(gap.documents), found_at=now, checked_at=now,
        )
        for gap in found.gaps
    ]  # fmt: skip
    ErpGap.objects.bulk_create(
        gaps, update_conflicts=True, unique_fields=["erp", "kind", "reference"], update_fields=_GAP
    )
    still = {(gap.kind, gap.reference) for gap in gaps}
    known = ErpGap.objects.filter(erp=erp).values_list("pk", "kind", "reference")
    ErpGap.objects.filter(pk__in=[pk for pk, *name in known if tuple(name) not in still]).delete()


class CannotSendAgain(ValueError):  # noqa: N818
    """The order is not one that the hub could give the ERP once more; says why."""


@transaction.atomic
def send_missing_again(gap_id: int, *, actor: str) -> Order:
    """An explicit, audited wish: an order that the ERP does not have any more is given to it again, under the
    same reference. The ERP is asked first as ever: should it be there after all, nothing is made twice."""
    gap = ErpGap.objects.filter(pk=gap_id, kind="missing", order__isnull=False).first()
    if gap is None or gap.order_id is None:
        raise CannotSendAgain("hub and ERP agree on it meanwhile")
    order = Order.objects.select_for_update(no_key=True).get(pk=gap.order_id)
    if order.erp_state != ErpState.CONFIRMED or not OrderStatus(order.status).reserves:
        raise CannotSendAgain(
            f"{order.reference} is {order.get_status_display()}: it has to be made in the ERP"
        )
    if order.lines.filter(
        Q(cancelled_quantity__gt=0) | Q(shipped_quantity__gt=0) | Q(erp_refunded_amount__gt=0)
    ).exists():
        # What was told of its units is told under ids that the ERP has: it would ship what was cancelled.
        raise CannotSendAgain(
            f"units of {order.reference} left or were cancelled: it has to be made in the ERP"
        )
    order.erp_state, order.erp_document, order.erp_status = ErpState.WAITING, "", ""
    order.save(update_fields=["erp_state", "erp_document", "erp_status"])
    # What the ERP has lost it never had: the delivery says so, and the order reaches the ERP once.
    ErpExportItem.objects.filter(order=order, export__kind="orders", outcome="done").update(outcome="voided")
    record_change(actor=actor, action="order.export_again", subject_kind="order", subject=order.reference,
                  after={"why": "missing in the ERP"})  # fmt: skip
    gap.delete()
    return order
