from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from comptoir.sdk.records import Address, Buyer, ErpCancellation, ErpOrder, ErpRefund, Order, OrderLine
from comptoir.sdk.statuses import OrderStatus

AT = datetime(2026, 11, 23, 8, 30, 0, 123456, tzinfo=UTC)


def line(number: int = 1, **changes: Any) -> OrderLine:
    values: dict[str, Any] = {
        "external_id": f"A-1-{number}",
        "sku": f"SKU-{number}",
        "title": "Casque « été »",
        "quantity": 2,
        "unit_price": Decimal("19.90"),
        "amount": Decimal("39.80"),
        "status": OrderStatus.TO_SHIP,
        "external_status": "SHIPPING",
    }
    return OrderLine(**values | changes)


def order(
    reference: str = "C-000001", *, lines: int = 2, line_changes: Any = None, **changes: Any
) -> ErpOrder:
    values: dict[str, Any] = {
        "external_id": f"X-{reference}",
        "status": OrderStatus.TO_SHIP,
        "external_status": "SHIPPING",
        "placed_at": AT,
        "updated_at": AT,
        "currency": "EUR",
        "lines": tuple(line(n + 1, **(line_changes or {})) for n in range(lines)),
        "total_amount": Decimal("84.59"),
        "shipping_amount": Decimal("4.99"),
        "buyer": Buyer(name="Zoé Lefèvre", email="zoe@alias.example"),
        "shipping_address": Address(
            name="Zoé Lefèvre", street_1="3, rue de l'Œuvre", postcode="01000", city="Bourg", country="FR"
        ),
        "ship_by": AT,
    }
    return ErpOrder(reference=reference, channel="fnac", order=Order(**values | changes))


def cancellation(cancellation_id: str = "CAN-1") -> ErpCancellation:
    return ErpCancellation(
        cancellation_id=cancellation_id,
        order_reference="C-000001",
        line_id="A-1-1",
        line_number=1,
        sku="SKU-1",
        quantity=1,
        reason="buyer changed mind",
        cancelled_at=AT,
    )


def refund(refund_id: str = "REF-1", amount: str = "19.90") -> ErpRefund:
    return ErpRefund(
        refund_id=refund_id,
        order_reference="C-000001",
        line_id="A-1-1",
        line_number=1,
        sku="SKU-1",
        quantity=1,
        amount=Decimal(amount),
        currency="EUR",
        reason="damaged",
        refunded_at=AT,
    )
