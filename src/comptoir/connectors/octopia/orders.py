"""Octopia's orders in our records. Pure functions; `order_sweep.py` reads the pages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import msgspec

from comptoir.connectors.octopia.order_amounts import LineAmounts, read_amounts
from comptoir.connectors.octopia.order_payloads import (
    AddressPayload,
    IdentityPayload,
    LinePayload,
    OrderPayload,
    text,
)
from comptoir.connectors.octopia.statuses import (
    CANCELLED_CODES,
    SHIPPED_CODES,
    WAITING,
    line_status,
    order_status,
)
from comptoir.sdk.errors import RejectedRecord
from comptoir.sdk.money import ZERO
from comptoir.sdk.records import Address, Buyer, Order, OrderLine, Rejected
from comptoir.sdk.statuses import OrderStatus

# Fulfillment and Xdock lines leave from Octopia's warehouses: never ours to ship, never our stock.
FROM_CHANNEL = frozenset({"Fulfillment", "Xdock"})
_SELLER_SUPPLY = "Seller"


def decode_order(raw: bytes | msgspec.Raw) -> OrderPayload:
    """RejectedRecord, with the order's id where it can still be read."""
    try:
        return msgspec.json.decode(raw, type=OrderPayload, strict=False)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise RejectedRecord(f"This order cannot be read: {error}.", record_id=_identity(raw)) from error


def parse_order(raw: bytes | msgspec.Raw, accept_within: timedelta) -> Order:
    return build_order(decode_order(raw), bytes(raw), accept_within)


def build_order(payload: OrderPayload, raw: bytes, accept_within: timedelta) -> Order:
    """RejectedRecord when what an order cannot do without is missing: ids, instants, lines, quantities."""
    order_id = text(payload.order_id)
    placed_at = payload.purchased_at or payload.created_at
    lines = payload.known_lines
    if not order_id or placed_at is None or payload.updated_at is None or not lines:
        missing = "This order has no id, no date or no line."
        raise RejectedRecord(missing, record_id=order_id)
    amounts = read_amounts(payload, lines)
    main = _main_address(lines)
    parsed = tuple(
        _parse_line(line, amount, main, order_id) for line, amount in zip(lines, amounts.lines, strict=True)
    )
    code = text(payload.status)
    placed_at = as_utc(placed_at)
    return Order(
        external_id=order_id,
        status=order_status(code, [line.status for line in parsed]),
        external_status=code,
        placed_at=placed_at,
        updated_at=as_utc(payload.updated_at),
        currency=_currency(payload, order_id),
        lines=parsed,
        total_amount=amounts.total,
        shipping_amount=amounts.shipping,
        number=text(payload.reference),
        buyer=_buyer(payload, main),
        shipping_address=_address(main) if main else None,
        billing_address=_address(payload.billing_address) if payload.billing_address else None,
        accept_by=as_utc(payload.created_at or placed_at) + accept_within if code == WAITING else None,
        ship_by=as_utc(payload.shipped_at_max) if payload.shipped_at_max else None,
        marketplace=text(payload.sales_channel.id) if payload.sales_channel else "",
        warnings=tuple(_warnings(amounts.warning, lines)),
        raw=raw,
    )


def rejected(error: RejectedRecord, raw: bytes | msgspec.Raw) -> Rejected:
    return Rejected(
        external_id=error.record_id or _identity(raw), message=error.message, code=error.code, raw=bytes(raw)
    )


def as_utc(moment: datetime) -> datetime:
    """Instants are documented with `Z`; one without a zone is taken as UTC."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _parse_line(
    line: LinePayload, amounts: LineAmounts, main: AddressPayload | None, order_id: str
) -> OrderLine:
    line_id, quantity = text(line.order_line_id), line.quantity or 0
    if not line_id or quantity < 1:
        raise RejectedRecord("A line has no id or no quantity.", record_id=order_id)
    code, has_left = text(line.status), bool(line.parcel_numbers)
    status = line_status(code, has_left=has_left)
    refunded = status is OrderStatus.REFUNDED
    offer, address = line.offer, line.shipping_address
    return OrderLine(
        external_id=line_id,
        sku=text(offer.seller_product_id) if offer else "",
        quantity=quantity,
        unit_price=amounts.unit_price,
        amount=amounts.amount,
        status=status,
        external_status=code,
        title=text(offer.title) if offer else "",
        shipping_amount=amounts.shipping,
        shipped_quantity=quantity if code in SHIPPED_CODES or refunded else 0,
        cancelled_quantity=quantity if code in CANCELLED_CODES and not refunded else 0,
        refunded_quantity=quantity if refunded else 0,
        refunded_amount=amounts.amount + amounts.shipping if refunded else ZERO,
        external_offer_id=text(offer.offer_id) if offer else "",
        external_product_id=text(offer.gtin) if offer else "",
        fulfilled_by="channel" if line.supply_mode in FROM_CHANNEL else "seller",
        shipping_address=_address(address) if address and address != main else None,
    )


def _main_address(lines: Sequence[LinePayload]) -> AddressPayload | None:
    """There is no address of the order: it is on each line. Ours are the lines that we ship."""
    ours = [line for line in lines if line.supply_mode not in FROM_CHANNEL]
    return next((line.shipping_address for line in [*ours, *lines] if line.shipping_address), None)


def _address(given: AddressPayload) -> Address:
    country = text(given.country_code)
    return Address(
        name=_name(given),
        company=text(given.company_name),
        street_1=text(given.address_line1),
        street_2=text(given.address_line2),
        postcode=text(given.postal_code),
        city=text(given.city),
        country=country.upper() if len(country) == 2 else country,
        phone=text(given.phone),
    )


def _buyer(payload: OrderPayload, main: AddressPayload | None) -> Buyer:
    known = payload.billing_address or main
    return Buyer(
        external_id=text(payload.customer.reference) if payload.customer else "",
        name=_name(known) if known else "",
        email=text(main.email) if main else "",
        phone=text(main.phone) if main else "",
    )


def _name(given: AddressPayload) -> str:
    return f"{text(given.first_name)} {text(given.last_name)}".strip()


def _currency(payload: OrderPayload, order_id: str) -> str:
    currency = text(payload.currency_code)
    if len(currency) != 3 or not currency.isalpha():
        raise RejectedRecord(f"This is not a currency: {currency!r}.", record_id=order_id)
    return currency.upper()


def _warnings(amounts: str, lines: Sequence[LinePayload]) -> list[str]:
    """An unknown supply mode is read as ours: an order left unshipped costs more than a second look."""
    modes = {line.supply_mode for line in lines} - FROM_CHANNEL - {_SELLER_SUPPLY, ""}
    found = [amounts] if amounts else []
    return found + [f"Unknown supply mode {mode}: taken as ours to ship." for mode in sorted(modes)]


def _identity(raw: bytes | msgspec.Raw) -> str:
    try:
        return text(msgspec.json.decode(raw, type=IdentityPayload, strict=False).order_id)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return ""
