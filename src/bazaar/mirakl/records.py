"""What the marketplace keeps besides orders: offers, imports, exports, money, messages, returns."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Literal

import msgspec

from bazaar.mirakl.money import ZERO


class Price(msgspec.Struct, frozen=True, kw_only=True):
    """One price of an offer. No channel: the default price. Ranges are (quantity from, unit price)."""

    origin: Decimal
    channels: tuple[str, ...] = ()
    discount: Decimal | None = None
    discount_start: datetime | None = None
    discount_end: datetime | None = None
    ranges: tuple[tuple[int, Decimal], ...] = ()
    discount_ranges: tuple[tuple[int, Decimal], ...] = ()
    start: datetime | None = None
    end: datetime | None = None

    def applies(self, now: datetime) -> bool:
        return (self.start is None or self.start <= now) and (self.end is None or now < self.end)

    def discounted(self, now: datetime) -> bool:
        started = self.discount_start is None or self.discount_start <= now
        return (
            self.discount is not None and started and (self.discount_end is None or now < self.discount_end)
        )

    def unit(self, now: datetime) -> Decimal:
        return self.discount if self.discount is not None and self.discounted(now) else self.origin


class Offer(msgspec.Struct, kw_only=True):
    offer_id: int
    sku: str
    ean: str
    product_sku: str
    title: str
    family: str
    brand: str
    state_code: str
    quantity: int
    prices: tuple[Price, ...]
    created_at: datetime
    updated_at: datetime
    description: str = ""
    internal_description: str = ""
    price_additional_info: str = ""
    lead_time: int | None = None
    logistic_class: str = "S"
    min_quantity_alert: int | None = None
    min_order_quantity: int | None = None
    max_order_quantity: int | None = None
    package_quantity: int | None = None
    available_start: datetime | None = None
    available_end: datetime | None = None
    product_tax_code: str | None = None
    allow_quote_requests: bool = False
    additional_fields: dict[str, str] = {}
    warehouses: dict[str, int] = {}
    deleted: bool = False

    def default_price(self, now: datetime) -> Price | None:
        return next((one for one in self.prices if not one.channels and one.applies(now)), None)

    def price_for(self, now: datetime, channel: str | None) -> Price | None:
        """The price on one channel, else the default one."""
        on_channel = (one for one in self.prices if channel in one.channels and one.applies(now))
        return next(on_channel, None) or self.default_price(now)

    def inactivity(self, now: datetime) -> list[str]:
        """Why no buyer can buy it now; empty when it is active."""
        reasons = []
        if self.quantity <= 0:
            reasons.append("ZERO_QUANTITY")
        if self.default_price(now) is None:
            reasons.append("NO_PRICE")
        if (self.available_start and now < self.available_start) or (
            self.available_end and self.available_end <= now
        ):
            reasons.append("OUT_OF_AVAILABILITY_DATES")
        return reasons

    def is_active(self, now: datetime) -> bool:
        return not self.deleted and not self.inactivity(now)


ImportKind = Literal["OF01", "OF24", "STO01", "PRI01"]


class Import(msgspec.Struct, kw_only=True):
    """One file or JSON body of offers, prices or stock: accepted at once, applied later."""

    import_id: str  # a number for offers, a UUID for stock and prices
    kind: ImportKind
    created_at: datetime
    digest: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    updates: bytes = b""  # JSON of the offers of OF24
    mode: str = "NORMAL"
    status: str = "WAITING"
    reason_status: str | None = None
    lines_in_success: int = 0
    lines_in_error: int = 0
    inserted: int = 0
    updated: int = 0
    deleted: int = 0
    offers_in_error: int = 0
    error_report: str = ""

    @property
    def finished(self) -> bool:
        return self.status in {"COMPLETE", "FAILED"}


class Export(msgspec.Struct, kw_only=True):
    """An asynchronous export: its files are made when its time has come."""

    tracking_id: str
    kind: Literal["OF52", "OR13", "TL03"]
    created_at: datetime
    updated_at: datetime
    request: bytes  # the JSON body
    status: str = "PENDING"
    content_type: str = "application/json"
    files: tuple[bytes, ...] = ()


class Transaction(msgspec.Struct, kw_only=True):
    """One line of the seller's account. `amount` is signed: positive is owed to the seller."""

    id: str
    number: int
    type: str
    amount: Decimal
    balance: Decimal
    currency: str
    created_at: datetime
    updated_at: datetime
    payment_state: str = "PENDING"
    order_id: str = ""
    order_line_id: str = ""
    refund_id: str = ""
    tax_code: str = ""
    tax_rate: Decimal = ZERO
    document_number: str = ""
    documented_at: datetime | None = None
    cycle_id: str = ""


class Invoice(msgspec.Struct, frozen=True, kw_only=True):
    invoice_id: int
    created_at: datetime
    cycle_id: str
    excl_taxes: Decimal
    taxes: Decimal
    paid_to_shop: Decimal


class Message(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    at: datetime
    body: str
    sender: Literal["CUSTOMER_USER", "SHOP_USER"]
    to: tuple[str, ...]
    attachments: tuple[tuple[str, str, int], ...] = ()  # id, name, size in bytes


class Thread(msgspec.Struct, kw_only=True):
    id: str
    order_id: str
    topic_type: str
    topic: str
    created_at: datetime
    updated_at: datetime
    messages: tuple[Message, ...]


class ReturnLine(msgspec.Struct, frozen=True, kw_only=True):
    line_id: str
    quantity: int
    reason_code: str


class Return(msgspec.Struct, kw_only=True):
    id: str
    order_id: str
    created_at: datetime
    updated_at: datetime
    state: str
    lines: tuple[ReturnLine, ...]
