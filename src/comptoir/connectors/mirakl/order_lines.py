"""One line of an order of OR11 -> our OrderLine. What amounts mean is said in `orders.py`."""

from __future__ import annotations

from decimal import Decimal
from typing import TypeVar

from comptoir.connectors.mirakl.payloads import GivenBack, LinePayload, Tax
from comptoir.connectors.mirakl.statuses import LEFT, line_status
from comptoir.sdk.errors import RejectedRecord
from comptoir.sdk.money import ZERO
from comptoir.sdk.records import OrderLine
from comptoir.sdk.statuses import OrderStatus

T = TypeVar("T")
_ENDED = frozenset({OrderStatus.REFUSED, OrderStatus.CANCELLED})


def parse_line(line: LinePayload, order_id: str, *, tax_on_top: bool, by_channel: bool) -> OrderLine:
    line_id = needed(line.order_line_id, "order_line_id", order_id)
    quantity = needed(line.quantity, "quantity", order_id)
    amount = _line_amount(line, quantity, order_id)
    status = line_status(
        line.order_line_state or "", shipped=bool(line.shipped_date), received=bool(line.received_date)
    )
    cancelled = _cancelled(line, status, quantity)
    return OrderLine(
        external_id=line_id,
        sku=(line.offer_sku or "").strip(),
        quantity=quantity,
        unit_price=amount / quantity if line.price_unit is None and quantity else line.price_unit or ZERO,
        amount=amount,
        status=status,
        external_status=line.order_line_state or "",
        title=(line.product_title or "").strip(),
        shipping_amount=_line_shipping(line, amount),
        tax_amount=taxes_of(line.taxes, line.shipping_taxes) if tax_on_top else ZERO,
        commission_amount=line.total_commission,
        shipped_quantity=quantity - cancelled if status in LEFT else 0,
        cancelled_quantity=cancelled,
        refunded_quantity=min(quantity, _units(line.refunds)),
        refunded_amount=sum((given_back(one, tax_on_top=tax_on_top) for one in line.refunds or ()), ZERO),
        external_product_id=line.product_sku or "",
        external_offer_id="" if line.offer_id is None else str(line.offer_id),
        fulfilled_by="channel" if by_channel else "seller",
    )


def given_back(one: GivenBack, *, tax_on_top: bool) -> Decimal:
    """What the buyer gets back: goods, shipping, and the taxes where they were on top."""
    taxes = taxes_of(one.taxes, one.shipping_taxes) if tax_on_top else ZERO
    return (one.amount or ZERO) + (one.shipping_amount or ZERO) + taxes


def taxes_of(*lists: list[Tax] | None) -> Decimal:
    return sum((tax.amount or ZERO for taxes in lists for tax in taxes or ()), ZERO)


def _line_amount(line: LinePayload, quantity: int, order_id: str) -> Decimal:
    if line.price is not None:
        return line.price
    return needed(line.price_unit, "price", order_id) * quantity


def _line_shipping(line: LinePayload, amount: Decimal) -> Decimal:
    """Shipping and fees of the line: what its total adds to its price."""
    return (line.shipping_price or ZERO) if line.total_price is None else line.total_price - amount


def _cancelled(line: LinePayload, status: OrderStatus, quantity: int) -> int:
    return quantity if status in _ENDED else min(quantity, _units(line.cancelations))


def _units(given: list[GivenBack] | None) -> int:
    return sum(one.quantity or 0 for one in given or ())


def needed(value: T | None, name: str, order_id: str) -> T:
    """RejectedRecord when the order lacks it: absent, null or empty."""
    if value is None or value == "":
        raise RejectedRecord(f"The order has no {name}.", record_id=order_id)
    return value
