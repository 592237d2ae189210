"""Orders as Octopia writes them. Everything may be absent: what is really needed is checked by the parser.

Source: field names checked by third parties on about 900 live orders; `shippingCost` and the place of
`offerId` are assumptions (see the README).
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import msgspec

# Identifiers come as text or as number.
Id = str | int | None


class Payload(msgspec.Struct, frozen=True, rename="camel"):
    """Unknown fields are ignored: the raw payload is kept beside the record."""


class AddressPayload(Payload, frozen=True):
    first_name: str | None = None
    last_name: str | None = None
    company_name: str | None = None
    address_line1: str | None = None
    address_line2: str | None = None
    postal_code: Id = None
    city: str | None = None
    country_code: str | None = None
    phone: Id = None
    email: str | None = None


class PricePayload(Payload, frozen=True):
    selling_price: Decimal | None = None
    offer_price: Decimal | None = None
    shipping_cost: Decimal | None = None


class ParcelPayload(Payload, frozen=True):
    parcel_number: Id = None
    carrier_name: str | None = None
    tracking_url: str | None = None


class LineOfferPayload(Payload, frozen=True):
    seller_product_id: Id = None
    supply_mode: str | None = None
    offer_id: Id = None
    gtin: Id = None
    title: str | None = None


class LinePayload(Payload, frozen=True):
    order_line_id: Id = None
    status: str | None = None
    quantity: int | None = None
    offer: LineOfferPayload | None = None
    total_price: PricePayload | None = None
    shipping_address: AddressPayload | None = None
    parcels: list[ParcelPayload | None] | None = None

    @property
    def parcel_numbers(self) -> set[str]:
        return {text(parcel.parcel_number) for parcel in self.parcels or [] if parcel} - {""}

    @property
    def supply_mode(self) -> str:
        return text(self.offer.supply_mode) if self.offer else ""


class SalesChannelPayload(Payload, frozen=True):
    id: Id = None
    name: str | None = None


class CustomerPayload(Payload, frozen=True):
    reference: Id = None


class OrderPayload(Payload, frozen=True):
    order_id: Id = None
    reference: Id = None
    status: str | None = None
    sales_channel: SalesChannelPayload | None = None
    business_order: bool | None = None
    currency_code: str | None = None
    total_price: PricePayload | None = None
    customer: CustomerPayload | None = None
    billing_address: AddressPayload | None = None
    purchased_at: datetime | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    shipped_at_max: datetime | None = None
    lines: list[LinePayload | None] | None = None

    @property
    def known_lines(self) -> list[LinePayload]:
        return [line for line in self.lines or [] if line is not None]

    def line(self, line_id: str) -> LinePayload | None:
        return next((line for line in self.known_lines if text(line.order_line_id) == line_id), None)


class IdentityPayload(Payload, frozen=True):
    """What names an order whose payload cannot be read whole."""

    order_id: Id = None


def text(value: object) -> str:
    """Stripped; "" when absent."""
    return "" if value is None else str(value).strip()
