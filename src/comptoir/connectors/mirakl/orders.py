"""One order of OR11 -> our Order.

Amounts. Mirakl's `price` is what is left to pay for the goods after promotions (accounting documents say
"after promotions", taxes keep an `origin_unit_amount` "before a discount or a promotion"), whoever pays
for the promotion: so no discount is subtracted again. `total_price` adds shipping and the order fees;
fees count as shipping here, so that lines + shipping + tax = total. With TAX_EXCLUDED the taxes come on
top of all of it; with TAX_INCLUDED, or any mode that we do not know, they are inside.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal

import msgspec

from comptoir.connectors.mirakl.addresses import parse_address, parse_buyer
from comptoir.connectors.mirakl.order_lines import needed, parse_line
from comptoir.connectors.mirakl.payloads import (
    OrderIdPayload,
    OrderPayload,
)
from comptoir.connectors.mirakl.statuses import combined_status
from comptoir.sdk.errors import RejectedRecord
from comptoir.sdk.money import ZERO
from comptoir.sdk.records import Order, OrderLine, Rejected

_ORDER = msgspec.json.Decoder(OrderPayload, strict=False)
_ORDER_ID = msgspec.json.Decoder(OrderIdPayload, strict=False)


def read_payload(raw: bytes | msgspec.Raw) -> OrderPayload:
    """RejectedRecord when it cannot be read at all."""
    try:
        return _ORDER.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise RejectedRecord(f"The order cannot be read: {error}.", record_id=readable_id(raw)) from error


def parse_order(raw: bytes | msgspec.Raw, operator_centers: frozenset[str] = frozenset()) -> Order:
    """RejectedRecord when what an order cannot do without is absent.

    `operator_centers`: codes of the fulfilment centres from which the marketplace itself ships.
    """
    payload = read_payload(raw)
    order_id = needed(payload.order_id, "order_id", "")
    placed = needed(payload.created_date or payload.last_updated_date, "created_date", order_id)
    on_top = payload.order_tax_mode == "TAX_EXCLUDED"
    by_channel = _center(payload) in operator_centers
    lines = tuple(
        parse_line(line, order_id, tax_on_top=on_top, by_channel=by_channel)
        for line in needed(payload.order_lines or None, "order_lines", order_id)
        if line is not None
    )
    price = sum((line.amount for line in lines), ZERO) if payload.price is None else payload.price
    total = _total(payload, price, lines)
    tax = order_tax(payload, lines) if on_top else ZERO
    customer = payload.customer
    return Order(
        external_id=order_id,
        status=combined_status(
            payload.order_state or "",
            (line.status for line in lines),
            fully_refunded=bool(payload.fully_refunded),
        ),
        external_status=payload.order_state or "",
        placed_at=utc(placed),
        updated_at=utc(payload.last_updated_date or placed),
        currency=needed(payload.currency_iso_code, "currency_iso_code", order_id),
        lines=lines,
        total_amount=total + tax,
        shipping_amount=total - price,
        tax_amount=tax,
        prices_include_tax=not on_top,
        number=payload.commercial_id or "",
        buyer=parse_buyer(payload),
        shipping_address=parse_address(customer.shipping_address if customer else None),
        billing_address=parse_address(customer.billing_address if customer else None),
        ship_by=_utc_or_none(payload.shipping_deadline),
        deliver_by=_utc_or_none(payload.delivery_date.latest if payload.delivery_date else None),
        shipping_method=payload.shipping_type_label or payload.shipping_type_code or "",
        can_cancel=payload.can_cancel,
        raw=bytes(raw),
    )


def reject(raw: bytes | msgspec.Raw, error: RejectedRecord) -> Rejected:
    return Rejected(
        external_id=error.record_id or readable_id(raw),
        message=error.message,
        code=error.code,
        raw=bytes(raw),
    )


def readable_id(raw: bytes | msgspec.Raw) -> str:
    """The order's id where at least that can be read, else ""."""
    try:
        found = _ORDER_ID.decode(raw).order_id
    except (msgspec.DecodeError, UnicodeDecodeError):
        return ""
    return "" if found is None else str(found)


def order_tax(payload: OrderPayload, lines: tuple[OrderLine, ...]) -> Decimal:
    """The order's own taxes where the platform computes them so, else the sum of its lines'."""
    if payload.order_taxes:
        return sum((tax.total_amount or ZERO for tax in payload.order_taxes), ZERO)
    return sum((line.tax_amount for line in lines), ZERO)


def utc(instant: datetime) -> datetime:
    """Mirakl writes `Z`; an instant without an offset is taken as UTC."""
    return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)


def _utc_or_none(instant: datetime | None) -> datetime | None:
    return None if instant is None else utc(instant)


def _total(payload: OrderPayload, price: Decimal, lines: Iterable[OrderLine]) -> Decimal:
    if payload.total_price is not None:
        return payload.total_price
    if payload.shipping_price is not None:
        return price + payload.shipping_price
    return price + sum((line.shipping_amount for line in lines), ZERO)


def _center(payload: OrderPayload) -> str:
    center = payload.fulfillment.center if payload.fulfillment else None
    return (center.code or "") if center else ""
