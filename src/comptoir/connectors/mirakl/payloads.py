"""What OR11 writes of an order, as far as the hub reads it: every field may be absent or null.

The specification never says "nullable", and 60 of its own 154 examples break their schemas (nulls,
numbers as texts), so nothing is required here; `orders.py` decides what an order cannot do without.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import msgspec


class Lenient(msgspec.Struct, gc=False):
    """Base: unknown fields are ignored."""


class Tax(Lenient, gc=False):
    amount: Decimal | None = None
    code: str | None = None
    total_amount: Decimal | None = None
    """Of `order_taxes` only."""


class GivenBack(Lenient, gc=False):
    """A cancelation or a refund of a line."""

    id: str | None = None
    quantity: int | None = None
    amount: Decimal | None = None
    shipping_amount: Decimal | None = None
    taxes: list[Tax] | None = None
    shipping_taxes: list[Tax] | None = None
    reason_code: str | None = None


class LinePayload(Lenient, gc=False):
    order_line_id: str | None = None
    order_line_state: str | None = None
    offer_sku: str | None = None
    offer_id: str | int | None = None
    product_sku: str | None = None
    product_title: str | None = None
    quantity: int | None = None
    price_unit: Decimal | None = None
    price: Decimal | None = None
    shipping_price: Decimal | None = None
    total_price: Decimal | None = None
    total_commission: Decimal | None = None
    taxes: list[Tax] | None = None
    shipping_taxes: list[Tax] | None = None
    cancelations: list[GivenBack] | None = None
    refunds: list[GivenBack] | None = None
    shipped_date: datetime | None = None
    received_date: datetime | None = None


class AddressPayload(Lenient, gc=False):
    firstname: str | None = None
    lastname: str | None = None
    company: str | None = None
    company_2: str | None = None
    street_1: str | None = None
    street_2: str | None = None
    additional_info: str | None = None
    zip_code: str | None = None
    city: str | None = None
    state: str | None = None
    country: str | None = None
    country_iso_code: str | None = None
    phone: str | None = None
    phone_secondary: str | None = None


class CustomerPayload(Lenient, gc=False):
    customer_id: str | None = None
    firstname: str | None = None
    lastname: str | None = None
    locale: str | None = None
    billing_address: AddressPayload | None = None
    shipping_address: AddressPayload | None = None


class CenterPayload(Lenient, gc=False):
    code: str | None = None


class FulfillmentPayload(Lenient, gc=False):
    center: CenterPayload | None = None


class DeliveryPayload(Lenient, gc=False):
    latest: datetime | None = None


class OrderPayload(Lenient, gc=False):
    order_id: str | None = None
    commercial_id: str | None = None
    order_state: str | None = None
    created_date: datetime | None = None
    last_updated_date: datetime | None = None
    currency_iso_code: str | None = None
    order_tax_mode: str | None = None
    order_taxes: list[Tax] | None = None
    price: Decimal | None = None
    shipping_price: Decimal | None = None
    total_price: Decimal | None = None
    can_cancel: bool | None = None
    fully_refunded: bool | None = None
    customer: CustomerPayload | None = None
    customer_notification_email: str | None = None
    shipping_deadline: datetime | None = None
    shipping_type_code: str | None = None
    shipping_type_label: str | None = None
    shipping_tracking: str | None = None
    delivery_date: DeliveryPayload | None = None
    fulfillment: FulfillmentPayload | None = None
    order_lines: list[LinePayload | None] | None = None


class PagePayload(msgspec.Struct):
    """One page: orders stay raw, so that each is read on its own."""

    orders: list[msgspec.Raw]
    total_count: int | None = None


class OrderIdPayload(Lenient, gc=False):
    """What is still readable of an order that is not."""

    order_id: str | int | None = None
