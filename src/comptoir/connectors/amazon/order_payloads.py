"""The part of an order (Orders API 2026-01-01) that we read. Everything may be absent or null.

Which data come depends on `includedData` and on the roles of the application: a role that is missing
leaves its fields out without any error.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from comptoir.connectors.amazon.payload import Money, Pagination, Payload


class Address(Payload, frozen=True, kw_only=True):
    name: str | None = None
    company_name: str | None = None
    address_line_1: str | None = msgspec.field(default=None, name="addressLine1")
    address_line_2: str | None = msgspec.field(default=None, name="addressLine2")
    address_line_3: str | None = msgspec.field(default=None, name="addressLine3")
    city: str | None = None
    state_or_region: str | None = None
    postal_code: str | None = None
    country_code: str | None = None
    phone: str | None = None


class Recipient(Payload, frozen=True, kw_only=True):
    delivery_address: Address | None = None


class Buyer(Payload, frozen=True, kw_only=True):
    buyer_name: str | None = None
    buyer_email: str | None = None
    buyer_company_name: str | None = None


class Breakdown(Payload, frozen=True, kw_only=True):
    type: str | None = None
    subtotal: Money | None = None


class OrderProceeds(Payload, frozen=True, kw_only=True):
    grand_total: Money | None = None
    breakdowns: list[Breakdown | None] | None = None


class ItemProceeds(Payload, frozen=True, kw_only=True):
    proceeds_total: Money | None = None
    breakdowns: list[Breakdown | None] | None = None


class ItemPrice(Payload, frozen=True, kw_only=True):
    unit_price: Money | None = None


class ItemProduct(Payload, frozen=True, kw_only=True):
    asin: str | None = None
    title: str | None = None
    seller_sku: str | None = None
    price: ItemPrice | None = None


class ItemFulfillment(Payload, frozen=True, kw_only=True):
    quantity_fulfilled: int | None = None
    quantity_unfulfilled: int | None = None


class CancellationRequest(Payload, frozen=True, kw_only=True):
    requester: str | None = None
    cancel_reason: str | None = None


class CancellationExecution(Payload, frozen=True, kw_only=True):
    cancelled_by: str | None = None


class ItemCancellation(Payload, frozen=True, kw_only=True):
    cancellation_request: CancellationRequest | None = None
    cancellation_execution: CancellationExecution | None = None


class Item(Payload, frozen=True, kw_only=True):
    order_item_id: str | None = None
    quantity_ordered: int | None = None
    product: ItemProduct | None = None
    proceeds: ItemProceeds | None = None
    fulfillment: ItemFulfillment | None = None
    cancellation: ItemCancellation | None = None


class Window(Payload, frozen=True, kw_only=True):
    latest_date_time: datetime | None = None


class Fulfillment(Payload, frozen=True, kw_only=True):
    fulfillment_status: str | None = None
    fulfilled_by: str | None = None
    fulfillment_service_level: str | None = None
    ship_by_window: Window | None = None
    deliver_by_window: Window | None = None


class SalesChannel(Payload, frozen=True, kw_only=True):
    marketplace_id: str | None = None


class TaxRegistration(Payload, frozen=True, kw_only=True):
    legal_name: str | None = None
    tax_registration_address: Address | None = None


class Tax(Payload, frozen=True, kw_only=True):
    tax_registrations: list[TaxRegistration | None] | None = None


class PackageStatus(Payload, frozen=True, kw_only=True):
    status: str | None = None


class Package(Payload, frozen=True, kw_only=True):
    package_status: PackageStatus | None = None


class OrderPayload(Payload, frozen=True, kw_only=True):
    order_id: str | None = None
    created_time: datetime | None = None
    last_updated_time: datetime | None = None
    sales_channel: SalesChannel | None = None
    buyer: Buyer | None = None
    recipient: Recipient | None = None
    proceeds: OrderProceeds | None = None
    tax: Tax | None = None
    fulfillment: Fulfillment | None = None
    order_items: list[Item | None] | None = None
    packages: list[Package | None] | None = None


class SearchPage(Payload, frozen=True, kw_only=True):
    orders: list[msgspec.Raw]
    """Each still as it came: one that cannot be read disturbs no other."""
    pagination: Pagination | None = None
    last_updated_before: datetime | None = None


class OneOrder(Payload, frozen=True, kw_only=True):
    order: msgspec.Raw
