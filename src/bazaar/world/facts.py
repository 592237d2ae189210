"""The nouns of the world, shared by every party. Money is Decimal in one currency per market."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Literal

import msgspec

FactKind = Literal[
    "order_placed",  # a buyer bought: the truth that the hub must find
    "order_accepted",
    "order_refused",
    "order_cancelled",  # whole or by line, with who asked: buyer, seller, operator
    "order_shipped",
    "order_delivered",
    "order_refunded",
    "sale_missed",  # a buyer came and no offer was in stock
    "stock_told",  # the seller told a marketplace a quantity, and it took effect
    "price_told",
    "offer_told",  # an offer was created, fully updated or deleted
    "erp_order_created",
    "erp_order_repeated",  # the ERP was sent a reference that it already had
    "erp_order_cancelled",
    "erp_refund_created",
    "erp_shipped",
    "erp_short",  # the warehouse could not ship: these units were oversold
    "stock_moved",  # physical units moved: receipt, shipment, return, correction
    "fault",  # a fault was injected into an exchange
]


class Product(msgspec.Struct, frozen=True, kw_only=True):
    """One article that our merchant sells, as the ERP knows it."""

    sku: str
    ean: str
    title: str
    brand: str
    family: str
    supplier: str
    purchase_price: Decimal  # without tax
    list_price: Decimal  # tax included
    vat_rate: Decimal  # percent
    weight_g: int
    popularity: float  # relative demand
    initial_stock: int
    length_mm: int = 200
    width_mm: int = 150
    height_mm: int = 80


class Buyer(msgspec.Struct, frozen=True, kw_only=True):
    firstname: str
    lastname: str
    street_1: str
    street_2: str
    postcode: str
    city: str
    country: str  # ISO 3166 alpha-2
    email: str
    phone: str
    company: str = ""


class PurchaseLine(msgspec.Struct, frozen=True, kw_only=True):
    sku: str
    quantity: int
    unit_price: Decimal | None = None  # None: the price of the offer at that moment


class Purchase(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody wants to buy. The marketplace turns it into an order, or misses the sale."""

    at: datetime
    buyer: Buyer
    lines: tuple[PurchaseLine, ...]
    # A replayed invoice is bought whatever the offer says of its stock and its price.
    forced: bool = False
    reference: str = ""  # the invoice of a replay, else empty


class PurchaseChange(msgspec.Struct, frozen=True, kw_only=True):
    """The buyer sends units back, or no longer wants them. Which of the two depends on the order's state."""

    at: datetime
    order_id: str
    lines: tuple[PurchaseLine, ...]
    reason: str = ""
    reference: str = ""


class ListedOffer(msgspec.Struct, frozen=True, kw_only=True):
    """What a buyer sees of our merchant on one marketplace."""

    sku: str
    ean: str
    price: Decimal
    quantity: int
    active: bool


class RivalOffer(msgspec.Struct, frozen=True, kw_only=True):
    seller: str
    ean: str
    price: Decimal
    shipping_price: Decimal
    quantity: int
    grade: float  # 0 to 5
    evaluations: int
    lead_time_days: int


class Fact(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the ledger."""

    number: int
    at: datetime
    kind: FactKind
    party: str  # key of the marketplace or ERP
    order_id: str = ""
    sku: str = ""
    quantity: int = 0
    amount: Decimal | None = None
    currency: str = ""
    detail: dict[str, object] = {}


class Timer(msgspec.Struct, frozen=True, kw_only=True, order=True):
    """Something that a party does later, at its own hour (customer debit, import progress, auto-refusal)."""

    at: datetime
    number: int  # order of equal instants
    party: str
    action: str
    payload: dict[str, object] = {}
