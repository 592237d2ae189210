"""Which lines of an order a credit note of the ERP's own gives back, and how much of each."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from comptoir.finance.models import ErpDocument
from comptoir.orders.models import Order, OrderLine
from comptoir.sdk.money import ZERO


def share(
    document: ErpDocument, order: Order, lines: list[OrderLine]
) -> tuple[dict[str, dict[str, object]], Decimal]:
    """Line's external id → {quantity, amount}, and what fits nowhere. Lines by their own id, else by their SKU;
    what is no article (shipping, a cent) goes where the most is left."""
    shares: dict[str, list[Decimal]] = {}
    room = {line.external_id: _paid(order, line) - line.erp_refunded_amount for line in lines}
    loose = document.total_amount
    for told in document.lines:
        amount, units = min(Decimal(told["amount"]), loose), int(told["quantity"])
        for line in _matching(told, lines):
            part = min(amount, room[line.external_id])
            if part > 0:
                kept = shares.setdefault(line.external_id, [ZERO, ZERO])
                back = min(units, line.quantity)
                kept[0], kept[1] = kept[0] + back, kept[1] + part
                room[line.external_id] -= part
                loose, amount, units = loose - part, amount - part, units - back
    for name in sorted(room, key=lambda name: (-len(shares.get(name, ())), -room[name], name)):
        part = min(loose, room[name])
        if part > 0:
            shares.setdefault(name, [ZERO, ZERO])[1] += part
            room[name] -= part
            loose -= part
    return {
        name: {"quantity": int(units), "amount": f"{amount:.2f}"} for name, (units, amount) in shares.items()
    }, loose


def _matching(told: dict[str, object], lines: list[OrderLine]) -> Iterator[OrderLine]:
    if told["line"]:
        yield from (line for line in lines if line.external_id == told["line"])
    elif told["sku"]:
        yield from (line for line in lines if line.sku == told["sku"] and line.fulfilled_by == "seller")


def _paid(order: Order, line: OrderLine) -> Decimal:
    """All that was ever paid for the line; shipping of the whole order counts for any of them."""
    paid: Decimal = line.amount + line.shipping_amount - line.discount_amount
    if not order.prices_include_tax:
        paid += line.tax_amount
    if not line.shipping_amount:
        paid += order.shipping_amount
    return paid
