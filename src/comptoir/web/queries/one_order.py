"""Everything of one order, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from comptoir.finance.credit_notes import is_open
from comptoir.finance.documents import chain_of
from comptoir.finance.models import ErpDocument
from comptoir.journal.models import Exchange, Issue, Run
from comptoir.orders.models import (
    CancelRequest,
    ErpExportItem,
    Order,
    OrderEvent,
    OrderLine,
    Refund,
)
from comptoir.shipping.models import Shipment

EXCHANGES_SHOWN = 20


@dataclass(frozen=True)
class OrderFile:
    order: Order
    lines: list[OrderLine]
    events: list[OrderEvent]
    shipments: list[Shipment]
    cancellations: list[CancelRequest]
    refunds: list[Refund]
    exports: list[ErpExportItem]
    documents: list[ErpDocument]
    issues: list[Issue]
    exchanges: list[Exchange]
    more_exchanges: bool


def read_order(reference: str, *, channels: Sequence[str] = ()) -> OrderFile:
    """`channels`: the only ones that exist for the reader; empty: every one. Raises Order.DoesNotExist."""
    order = Order.objects.select_related("channel", "contact").get(reference=reference)
    if channels and order.channel.key not in channels:
        raise Order.DoesNotExist(reference)
    events = list(order.events.order_by("id"))
    exports = list(ErpExportItem.objects.filter(order=order).select_related("export__channel").order_by("id"))
    exchanges = _exchanges(order, events, exports, channels)
    return OrderFile(
        order,
        list(order.lines.select_related("product")),
        events,
        list(order.shipments.prefetch_related("lines__order_line")),
        list(order.cancel_requests.all()),
        list(order.refunds.all()),
        exports,
        _documents(order),
        list(
            Issue.objects.filter(subject_kind="order", subject=order.external_id, channel=order.channel.key)
        ),
        exchanges[:EXCHANGES_SHOWN],
        len(exchanges) > EXCHANGES_SHOWN,
    )


def _documents(order: Order) -> list[ErpDocument]:
    """Each says whether a person can still decide about it."""
    found = chain_of(order)
    for document in found:
        document.can_decide = is_open(document)  # type: ignore[attr-defined]
    return found


def _exchanges(
    order: Order, events: list[OrderEvent], exports: list[ErpExportItem], channels: Sequence[str]
) -> list[Exchange]:
    """Those of the runs that touched the order or gave it to the ERP, where its identifier is in the words."""
    runs = {event.run_id for event in events if event.run_id} | _deliveries(exports)
    if not runs:
        return []
    names = [name for name in (order.external_id, order.reference) if name]
    speaks = Q()
    for name in names:
        speaks |= Q(url__contains=name) | Q(request_body__contains=name) | Q(response_body__contains=name)
    found = Exchange.objects.filter(speaks, run_id__in=runs)
    found = found.filter(channel__in=channels) if channels else found
    return list(found.order_by("-id")[: EXCHANGES_SHOWN + 1])


def _deliveries(exports: list[ErpExportItem]) -> set[int]:
    """The runs in which the order, its cancellations or its refunds were given to the ERP."""
    told = Q()
    for export in (item.export for item in exports):
        for at in filter(None, (export.created_at, export.sent_at)):
            told |= Q(channel=export.channel.key, started_at__lte=at, ended_at__gte=at)
    if not told:
        return set()
    return set(Run.objects.filter(told, flow="export_orders_to_erp").values_list("pk", flat=True))
