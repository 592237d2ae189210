"""An order of `orders_query_response` → our record. Pure functions.

Fnac gives no instant of last change. The latest of the instants that it does give takes its place; two
pictures of an order with the same one are told apart by their states, which only go forward.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from comptoir.connectors.fnac.countries import alpha_2
from comptoir.connectors.fnac.fields import amount, child, children, instant, integer, text
from comptoir.connectors.fnac.statuses import SHIPPED_STATES, order_status, status_of
from comptoir.sdk.errors import RejectedRecord
from comptoir.sdk.money import ZERO, to_cents
from comptoir.sdk.records import Address, Buyer, Order, OrderLine
from comptoir.sdk.statuses import OrderStatus

CURRENCY = "EUR"
"""Of every market of Fnac Darty (FR, BE, ES, PT)."""

SHIPPING_METHODS = {
    "20": "standard",
    "21": "tracked",
    "22": "registered",
    "50": "fast",
    "51": "bulky 1",
    "52": "bulky 2",
    "53": "bulky 3",
    "54": "bulky 4",
    "55": "pickup point",
}
_ENDED = frozenset({OrderStatus.REFUSED, OrderStatus.CANCELLED})


def parse_order(payload: Mapping[str, Any], *, raw: bytes = b"") -> Order:
    """RejectedRecord when the order cannot be told apart, dated or priced."""
    order_id = text(payload, "order_id")
    if not order_id:
        raise RejectedRecord("The order has no order_id.")
    state = text(payload, "state")
    vat_rate = amount(payload, "vat_rate") or ZERO
    details = children(payload, "order_detail")
    if not details:
        raise RejectedRecord(f"Order {order_id} has no line.", record_id=order_id)
    lines = tuple(_line(detail, state, vat_rate) for detail in details)
    shipping = sum((line.shipping_amount for line in lines), ZERO)
    placed_at = _placed_at(payload, details, order_id)
    return Order(
        external_id=order_id,
        status=order_status(state, [line.status for line in lines]),
        external_status=state,
        placed_at=placed_at,
        updated_at=max([placed_at, *_instants(details)]),
        currency=CURRENCY,
        lines=lines,
        total_amount=sum((line.amount for line in lines), ZERO) + shipping,
        shipping_amount=shipping,
        buyer=_buyer(payload),
        shipping_address=_address(child(payload, "shipping_address")),
        billing_address=_address(child(payload, "billing_address")),
        shipping_method=_shipping_method(details[0]),
        raw=raw,
    )


def _placed_at(payload: Mapping[str, Any], details: list[Mapping[str, Any]], order_id: str) -> datetime:
    known = [at for node in (payload, *details) if (at := instant(node, "created_at"))]
    if not known:
        raise RejectedRecord(f"Order {order_id} has no date.", record_id=order_id)
    return known[0]


def _instants(details: list[Mapping[str, Any]]) -> Iterator[datetime]:
    for detail in details:
        for name in ("created_at", "debited_at", "received_at", "refused_at"):
            if (at := instant(detail, name)) is not None:
                yield at


def _line(detail: Mapping[str, Any], order_state: str, vat_rate: Decimal) -> OrderLine:
    """`price` is the price of one unit: the incidents recorded on Fnac's sandbox refund price × quantity."""
    line_id, quantity, price = (
        text(detail, "order_detail_id"),
        integer(detail, "quantity"),
        amount(detail, "price"),
    )
    if not line_id or quantity is None or price is None:
        raise RejectedRecord(f"A line has no order_detail_id, quantity or price: {line_id or '?'}.")
    state = text(detail, "state")
    status = status_of(state or order_state)
    total, shipping = to_cents(price * quantity), amount(detail, "shipping_price") or ZERO
    left = _has_left(detail, state)
    given_back = status is OrderStatus.REFUNDED
    return OrderLine(
        external_id=line_id,
        sku=text(detail, "offer_seller_id"),
        quantity=quantity,
        unit_price=price,
        amount=total,
        status=status,
        external_status=state,
        title=text(detail, "product_name"),
        shipping_amount=shipping,
        commission_amount=_commission(detail, vat_rate),
        shipped_quantity=quantity if left else 0,
        cancelled_quantity=quantity if status in _ENDED or (given_back and not left) else 0,
        refunded_quantity=quantity if given_back and left else 0,
        refunded_amount=total + shipping if given_back and left else ZERO,
        external_product_id=text(detail, "product_fnac_id"),
        external_offer_id=text(detail, "offer_fnac_id"),
    )


def _has_left(detail: Mapping[str, Any], state: str) -> bool:
    """A line refunded before it left is a line cancelled after payment: Fnac has one state for both.

    A tracking number, or a date of reception, says that it had left.
    """
    proof = text(detail, "tracking_number") or text(detail, "received_at")
    return state in SHIPPED_STATES or (state == "Refunded" and bool(proof))


def _commission(detail: Mapping[str, Any], vat_rate: Decimal) -> Decimal | None:
    """`fees` is without tax (`fee_ht_amount` of the incidents is the same amount); `vat_rate` is its rate."""
    fees = amount(detail, "fees")
    return None if fees is None else to_cents(fees * (1 + vat_rate / 100))


def _buyer(payload: Mapping[str, Any]) -> Buyer:
    billing = child(payload, "billing_address")
    return Buyer(
        external_id=text(payload, "client_id"),
        name=_joined(text(payload, "client_firstname"), text(payload, "client_lastname")),
        email=text(payload, "client_email"),
        phone=text(billing, "mobile") or text(billing, "phone"),
        locale=text(payload, "client_culture").replace("-", "_"),
    )


def _address(node: Mapping[str, Any]) -> Address | None:
    """None until Fnac shows it: addresses usually come once the order is to be shipped."""
    if not any(text(node, name) for name in ("address1", "address2", "zipcode", "city")):
        return None
    return Address(
        name=_joined(text(node, "firstname"), text(node, "lastname")),
        company=text(node, "company"),
        street_1=text(node, "address1"),
        street_2=_joined(text(node, "address2"), text(node, "address3"), separator=", "),
        postcode=text(node, "zipcode"),
        city=text(node, "city"),
        region=text(node, "state"),
        country=alpha_2(text(node, "country")),
        phone=text(node, "mobile") or text(node, "phone"),
    )


def _shipping_method(detail: Mapping[str, Any]) -> str:
    code = text(detail, "shipping_method")
    return f"{code} {SHIPPING_METHODS[code]}" if code in SHIPPING_METHODS else code


def _joined(*parts: str, separator: str = " ") -> str:
    return separator.join(part for part in parts if part)
