"""Orders, cancellations and refunds of a delivery, as records for the ERP."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from comptoir.orders.models import ErpExport, ErpExportItem, Order, OrderLine
from comptoir.sdk import records
from comptoir.sdk.statuses import OrderStatus


def erp_orders(export: ErpExport) -> list[records.ErpOrder]:
    wanted = Order.objects.filter(erpexportitem__export=export).select_related("channel", "contact")
    found = wanted.prefetch_related("lines").order_by("id")
    return [
        records.ErpOrder(reference=o.reference, channel=o.channel.key, order=order_record(o)) for o in found
    ]


def erp_cancellations(export: ErpExport) -> list[records.ErpCancellation]:
    return [
        records.ErpCancellation(cancellation_id=item.key, cancelled_at=export.created_at, **_line(item),
                                reason=_line_of(item).external_status or "cancelled")
        for item in _items(export)
    ]  # fmt: skip


def erp_refunds(export: ErpExport) -> list[records.ErpRefund]:
    return [
        records.ErpRefund(refund_id=item.key, refunded_at=export.created_at, amount=item.amount,
                          currency=item.order.currency, reason="refunded", **_line(item))
        for item in _items(export)
    ]  # fmt: skip


def _items(export: ErpExport) -> Iterable[ErpExportItem]:
    return export.lines.select_related("order", "line").order_by("id")


def _line_of(item: ErpExportItem) -> OrderLine:
    if item.line is None:
        raise ValueError(f"delivery item {item.key} names no line")
    return item.line


def _line(item: ErpExportItem) -> dict[str, Any]:
    line = _line_of(item)
    return {
        "order_reference": item.order.reference,
        "line_id": line.external_id,
        "line_number": line.line_number,
        "sku": line.sku,
        "quantity": item.quantity,
    }


def order_record(order: Order) -> records.Order:
    contact = order.contact
    return records.Order(
        external_id=order.external_id,
        number=order.number,
        status=OrderStatus(order.status),
        external_status=order.external_status,
        placed_at=order.placed_at,
        updated_at=order.external_updated_at,
        currency=order.currency,
        lines=tuple(line_record(line) for line in order.lines.all()),
        total_amount=order.total_amount,
        shipping_amount=order.shipping_amount,
        discount_amount=order.discount_amount,
        tax_amount=order.tax_amount,
        prices_include_tax=order.prices_include_tax,
        buyer=records.Buyer(name=contact.buyer_name, email=contact.buyer_email, phone=contact.buyer_phone),
        shipping_address=_address(contact.shipping_address),
        billing_address=_address(contact.billing_address),
        ship_by=order.ship_by,
        shipping_method=order.shipping_method,
    )


def line_record(line: OrderLine) -> records.OrderLine:
    return records.OrderLine(
        external_id=line.external_id,
        sku=line.sku,
        title=line.title,
        quantity=line.quantity,
        unit_price=line.unit_price,
        amount=line.amount,
        shipping_amount=line.shipping_amount,
        discount_amount=line.discount_amount,
        tax_amount=line.tax_amount,
        status=OrderStatus(line.status),
        external_status=line.external_status,
        cancelled_quantity=line.cancelled_quantity,
    )


def _address(kept: dict[str, str] | None) -> records.Address | None:
    return None if kept is None else msgspec.convert(kept, records.Address)
