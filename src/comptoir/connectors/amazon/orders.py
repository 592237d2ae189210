"""One order of the Orders API 2026-01-01 as our record. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Literal

import msgspec

from comptoir.connectors.amazon import order_payloads as wire
from comptoir.connectors.amazon.amounts import amount, currency, item_amounts
from comptoir.connectors.amazon.marketplaces import BY_ID, prices_include_tax
from comptoir.connectors.amazon.statuses import order_status
from comptoir.sdk.errors import RejectedRecord
from comptoir.sdk.money import ZERO
from comptoir.sdk.records import Address, Buyer, Order, OrderLine
from comptoir.sdk.statuses import OrderStatus

FulfilledBy = Literal["seller", "channel"]


def parse_raw_order(raw: bytes) -> Order:
    """RejectedRecord when it cannot be read or lacks what an order cannot be without."""
    try:
        payload = msgspec.json.decode(raw, type=wire.OrderPayload, strict=False)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise RejectedRecord(f"the order cannot be read: {error}", record_id=order_id_of(raw)) from error
    return build_order(payload, raw)


class _Named(msgspec.Struct):
    orderId: object = ""  # noqa: N815 - Amazon's name


def order_id_of(raw: bytes) -> str:
    """The order's id, for a payload that cannot be read otherwise."""
    try:
        return str(msgspec.json.decode(raw, type=_Named).orderId or "")
    except (msgspec.DecodeError, UnicodeDecodeError):
        return ""


def build_order(payload: wire.OrderPayload, raw: bytes = b"") -> Order:
    order_id = payload.order_id
    items = [item for item in payload.order_items or () if item]
    if not order_id or not payload.created_time or not items:
        raise RejectedRecord(
            "the order has no id, no date or no items", code="incomplete", record_id=order_id or ""
        )
    fulfillment = payload.fulfillment or wire.Fulfillment()
    marketplace = (payload.sales_channel.marketplace_id if payload.sales_channel else None) or ""
    included = prices_include_tax(marketplace)
    lines = tuple(_line(item, fulfillment, order_id, tax_included=included) for item in items)
    shipping = sum((line.shipping_amount for line in lines), ZERO)
    discount = sum((line.discount_amount for line in lines), ZERO)
    tax = sum((line.tax_amount for line in lines), ZERO)
    goods = sum((line.amount for line in lines), ZERO)
    grand_total = amount(payload.proceeds.grand_total) if payload.proceeds else None
    return Order(
        external_id=order_id,
        status=_status(payload, fulfillment),
        external_status=fulfillment.fulfillment_status or "",
        placed_at=_utc(payload.created_time),
        updated_at=_utc(payload.last_updated_time or payload.created_time),
        currency=_currency(payload, items, marketplace),
        lines=lines,
        total_amount=goods + shipping - discount + tax if grand_total is None else grand_total,
        shipping_amount=shipping,
        discount_amount=discount,
        tax_amount=tax,
        prices_include_tax=included,
        buyer=_buyer(payload),
        shipping_address=_address(payload.recipient.delivery_address if payload.recipient else None),
        billing_address=_billing(payload.tax),
        ship_by=_latest(fulfillment.ship_by_window),
        deliver_by=_latest(fulfillment.deliver_by_window),
        shipping_method=fulfillment.fulfillment_service_level or "",
        can_cancel=_can_cancel(fulfillment),
        cancel_request=_cancel_request(items),
        marketplace=marketplace,
        raw=raw,
    )


def _line(item: wire.Item, fulfillment: wire.Fulfillment, order_id: str, *, tax_included: bool) -> OrderLine:
    if not item.order_item_id or item.quantity_ordered is None:
        raise RejectedRecord("an item has no id or no quantity", code="incomplete", record_id=order_id)
    product = item.product or wire.ItemProduct()
    amounts = item_amounts(item, item.quantity_ordered)
    shipped = (item.fulfillment.quantity_fulfilled if item.fulfillment else None) or 0
    cancelled = _cancelled(item, fulfillment, shipped)
    return OrderLine(
        external_id=item.order_item_id,
        sku=(product.seller_sku or "").strip(),
        quantity=item.quantity_ordered,
        unit_price=amounts.unit_price,
        amount=amounts.amount,
        status=_line_status(fulfillment, item.quantity_ordered, shipped, cancelled),
        external_status=fulfillment.fulfillment_status or "",
        title=product.title or "",
        shipping_amount=amounts.shipping_amount,
        discount_amount=amounts.discount_amount,
        tax_amount=ZERO if tax_included else amounts.tax_amount,
        shipped_quantity=shipped,
        cancelled_quantity=cancelled,
        external_product_id=product.asin or "",
        fulfilled_by=_fulfilled_by(fulfillment),
    )


def _cancelled(item: wire.Item, fulfillment: wire.Fulfillment, shipped: int) -> int:
    executed = item.cancellation and item.cancellation.cancellation_execution
    whole = order_status(fulfillment.fulfillment_status or "") is OrderStatus.CANCELLED
    return max(0, (item.quantity_ordered or 0) - shipped) if executed or whole else 0


def _line_status(fulfillment: wire.Fulfillment, ordered: int, shipped: int, cancelled: int) -> OrderStatus:
    whole = order_status(fulfillment.fulfillment_status or "")
    if ordered and cancelled >= ordered:
        return OrderStatus.CANCELLED
    if whole is not OrderStatus.PARTIALLY_SHIPPED:
        return whole
    return OrderStatus.SHIPPED if shipped + cancelled >= ordered else OrderStatus.TO_SHIP


def _status(payload: wire.OrderPayload, fulfillment: wire.Fulfillment) -> OrderStatus:
    """SHIPPED becomes DELIVERED once Amazon has seen every parcel arrive."""
    status = order_status(fulfillment.fulfillment_status or "")
    parcels = [parcel.package_status for parcel in payload.packages or () if parcel]
    arrived = bool(parcels) and all(parcel and parcel.status == "DELIVERED" for parcel in parcels)
    return OrderStatus.DELIVERED if status is OrderStatus.SHIPPED and arrived else status


def _fulfilled_by(fulfillment: wire.Fulfillment) -> FulfilledBy:
    return "channel" if fulfillment.fulfilled_by == "AMAZON" else "seller"


def _can_cancel(fulfillment: wire.Fulfillment) -> bool:
    return _fulfilled_by(fulfillment) == "seller" and fulfillment.fulfillment_status == "UNSHIPPED"


def _cancel_request(items: Sequence[wire.Item]) -> str:
    for item in items:
        request = item.cancellation.cancellation_request if item.cancellation else None
        if request and not (item.cancellation and item.cancellation.cancellation_execution):
            return request.cancel_reason or request.requester or "BUYER"
    return ""


def _currency(payload: wire.OrderPayload, items: Sequence[wire.Item], marketplace: str) -> str:
    named = currency(
        payload.proceeds.grand_total if payload.proceeds else None,
        *(item.proceeds.proceeds_total for item in items if item.proceeds),
        *(item.product.price.unit_price for item in items if item.product and item.product.price),
    )
    return named or (BY_ID[marketplace].currency if marketplace in BY_ID else "EUR")


def _buyer(payload: wire.OrderPayload) -> Buyer:
    buyer = payload.buyer or wire.Buyer()
    return Buyer(name=buyer.buyer_name or "", email=buyer.buyer_email or "")


def _address(address: wire.Address | None) -> Address | None:
    """None when the role that gives it is missing: not an error."""
    if address is None:
        return None
    second = [line for line in (address.address_line_2, address.address_line_3) if line]
    return Address(
        name=address.name or "",
        company=address.company_name or "",
        street_1=address.address_line_1 or "",
        street_2=", ".join(second),
        postcode=address.postal_code or "",
        city=address.city or "",
        region=address.state_or_region or "",
        country=address.country_code or "",
        phone=address.phone or "",
    )


def _billing(tax: wire.Tax | None) -> Address | None:
    """A business buyer's registered address."""
    registrations = tax.tax_registrations if tax else None
    return next((_address(r.tax_registration_address) for r in registrations or () if r), None)


def _latest(window: wire.Window | None) -> datetime | None:
    return _utc(window.latest_date_time) if window and window.latest_date_time else None


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
