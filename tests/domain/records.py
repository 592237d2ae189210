"""Records for tests, believable by default."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from comptoir.sdk.records import Address, Buyer, Order, OrderLine
from comptoir.sdk.statuses import OrderStatus

PLACED = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Sold:
    sku: str
    quantity: int = 1
    price: str = "49.90"
    cancelled: int = 0


def order(
    external_id: str,
    *sold: Sold | str,
    status: OrderStatus = OrderStatus.TO_SHIP,
    after: int = 0,
    **fields: Any,
) -> Order:
    """`after`: minutes after the first news of it."""
    lines = tuple(
        _line(f"{external_id}-{n}", Sold(s) if isinstance(s, str) else s, status)
        for n, s in enumerate(sold, start=1)
    )
    total = sum((line.amount for line in lines), Decimal(0))
    values: dict[str, Any] = {
        "external_id": external_id, "status": status, "external_status": status.upper(), "placed_at": PLACED,
        "updated_at": PLACED + timedelta(minutes=after), "currency": "EUR", "lines": lines, "total_amount": total,
        "buyer": Buyer(name="Zoé Martin"), "shipping_address": Address(name="Zoé Martin", city="Nîmes", country="FR"),
        "raw": b"{}",
    }  # fmt: skip
    return Order(**(values | fields))


def _line(external_id: str, sold: Sold, status: OrderStatus) -> OrderLine:
    price = Decimal(sold.price)
    return OrderLine(
        external_id=external_id, sku=sold.sku, title=sold.sku, quantity=sold.quantity, unit_price=price,
        amount=price * sold.quantity, status=status, external_status=status.upper(), cancelled_quantity=sold.cancelled,
    )  # fmt: skip
