"""Offers, the stock that sales channels share, and the packages that change them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import msgspec


class Delivery(msgspec.Struct, frozen=True, rename="camel"):
    code: str
    cost: Decimal
    additional_cost: Decimal = Decimal(0)


class Tax(msgspec.Struct, frozen=True):
    code: str
    value: Decimal


class Discount(msgspec.Struct, frozen=True, kw_only=True):
    """Of XML packages only. `percent` is None for a struck price."""

    kind: str  # StrikedPrice, Flash, Sales
    start: datetime
    end: datetime
    percent: Decimal | None = None
    reference_price: Decimal | None = None


class Offer(msgspec.Struct, kw_only=True):
    """One article on one sales channel. Its quantity is not here: see `Stock`."""

    offer_id: str
    sku: str
    ean: str
    condition: str
    sales_channel_id: str
    price: Decimal
    taxes: tuple[Tax, ...]
    created_at: datetime
    updated_at: datetime
    origin_price: Decimal | None = None
    preparation_time: int = 2
    delivery: tuple[Delivery, ...] = ()
    deleted: bool = False
    discounts: tuple[Discount, ...] = ()


class Stock(msgspec.Struct, kw_only=True):
    """Shared by all the sales channels of the account, per product and condition."""

    quantity: int


class PriceRequest(msgspec.Struct, rename="camel", frozen=True, kw_only=True):
    price: Decimal | None = None
    origin_price: Decimal | None = None
    taxes: tuple[Tax, ...] | None = None


class ProductRequest(msgspec.Struct, frozen=True, kw_only=True):
    gtin: str | int | None = None
    reference: str | None = None


class OfferRequest(msgspec.Struct, rename="camel", frozen=True, kw_only=True):
    """What is absent is None: an Update leaves it as it is."""

    seller_external_reference: str
    product: ProductRequest | None = None
    condition: str | None = None
    price: PriceRequest | None = None
    quantity: int | None = None
    preparation_time: int | None = None
    delivery_modes: tuple[Delivery, ...] | None = None
    discounts: tuple[Discount, ...] = ()


class Result(msgspec.Struct, frozen=True, kw_only=True):
    sku: str
    status: str  # Integrated, Rejected, Duplicated
    code: str = ""
    message: str = ""


class Package(msgspec.Struct, kw_only=True):
    package_id: str
    kind: str
    sales_channel_id: str
    created_at: datetime
    requests: tuple[OfferRequest, ...] = ()
    state: str = "WaitingForCompletion"
    busy_until: datetime | None = None
    busy_reads: int = 0
    results: tuple[Result, ...] = ()
    integrated_at: datetime | None = None
    source_url: str = ""  # where an XML package is fetched; "" for a JSON one
    message: str = ""  # why a whole XML package was rejected
