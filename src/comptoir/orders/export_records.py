"""Orders, cancellations and refunds of a delivery, as records for the ERP."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from comptoir.core.bulk import fetch
from comptoir.orders.contacts import Person
from comptoir.orders.models import ErpExport, ErpExportItem, OrderContact, OrderLine
from comptoir.sdk import records
from comptoir.sdk.statuses import OrderStatus

_ORDERS = """
SELECT o.id, o.reference, channel.key, o.external_id, o.number, o.status, o.external_status, o.placed_at,
       o.external_updated_at, o.currency, o.total_amount, o.shipping_amount, o.discount_amount, o.tax_amount,
       o.prices_include_tax, o.ship_by, o.shipping_method
FROM orders_erpexportitem item
JOIN orders_order o ON o.id = item.order_id
JOIN channels_channel channel ON channel.id = o.channel_id
WHERE item.export_id = %s ORDER BY o.id
"""
_LINES = """
SELECT order_id, external_id, sku, title, quantity, unit_price, amount, shipping_amount, discount_amount,
       tax_amount, status, external_status, cancelled_quantity
FROM orders_orderline WHERE order_id = ANY(%s) ORDER BY order_id, line_number
"""


def erp_orders(export: ErpExport) -> list[records.ErpOrder]:
    """Read as rows: a delivery can hold thousands of orders, and model objects cost ten times more."""
    found = fetch(_ORDERS, [export.pk])
    lines: dict[int, list[records.OrderLine]] = {row[0]: [] for row in found}
    for order_id, *values in fetch(_LINES, [list(lines)]):
        lines[order_id].append(_line_record(*values))
    contacts = OrderContact.objects.in_bulk(lines)
    return [
        records.ErpOrder(
            reference=reference,
            channel=channel,
            order=_order_record(tuple(lines[pk]), contacts[pk].person, *values),
        )
        for pk, reference, channel, *values in found
    ]


def erp_cancellations(export: ErpExport) -> list[records.ErpCancellation]:
    return [
        records.ErpCancellation(cancellation_id=item.key, cancelled_at=export.created_at, **_line(item),
                                reason=_line_of(item).external_status or "cancelled",
                                left=_line_of(item).quantity - _line_of(item).cancelled_quantity)
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


def _order_record(
    lines: tuple[records.OrderLine, ...],
    person: Person,
    external_id: str,
    number: str,
    status: str,
    external_status: str,
    placed_at: datetime,
    updated_at: datetime,
    currency: str,
    total_amount: Decimal,
    shipping_amount: Decimal,
    discount_amount: Decimal,
    tax_amount: Decimal,
    prices_include_tax: bool,
    ship_by: datetime | None,
    shipping_method: str,
) -> records.Order:
    return records.Order(
        external_id=external_id,
        number=number,
        status=OrderStatus(status),
        external_status=external_status,
        placed_at=placed_at,
        updated_at=updated_at,
        currency=currency,
        lines=lines,
        total_amount=total_amount,
        shipping_amount=shipping_amount,
        discount_amount=discount_amount,
        tax_amount=tax_amount,
        prices_include_tax=prices_include_tax,
        buyer=records.Buyer(name=person.name, email=person.email, phone=person.phone),
        shipping_address=person.shipping,
        billing_address=person.billing,
        ship_by=ship_by,
        shipping_method=shipping_method,
    )


def _line_record(
    external_id: str,
    sku: str,
    title: str,
    quantity: int,
    unit_price: Decimal,
    amount: Decimal,
    shipping_amount: Decimal,
    discount_amount: Decimal,
    tax_amount: Decimal,
    status: str,
    external_status: str,
    cancelled_quantity: int,
) -> records.OrderLine:
    return records.OrderLine(
        external_id=external_id,
        sku=sku,
        title=title,
        quantity=quantity,
        unit_price=unit_price,
        amount=amount,
        shipping_amount=shipping_amount,
        discount_amount=discount_amount,
        tax_amount=tax_amount,
        status=OrderStatus(status),
        external_status=external_status,
        cancelled_quantity=cancelled_quantity,
    )
