"""Orders as the marketplace keeps them. Amounts are in the shop's currency, in the platform's tax mode."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import msgspec

from bazaar.mirakl.money import ZERO
from bazaar.world.facts import Buyer


class Tax(msgspec.Struct, frozen=True, kw_only=True):
    code: str
    rate: Decimal  # percent
    amount: Decimal


class Cancelation(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    at: datetime
    quantity: int
    amount: Decimal
    shipping_amount: Decimal
    reason_code: str
    commission_fee: Decimal
    commission_tax: Decimal
    taxes: tuple[Tax, ...] = ()
    shipping_taxes: tuple[Tax, ...] = ()


class Refund(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    order_refund_id: str
    at: datetime
    quantity: int
    amount: Decimal
    shipping_amount: Decimal
    reason_code: str
    commission_fee: Decimal
    commission_tax: Decimal
    state: str = "WAITING_REFUND"
    taxes: tuple[Tax, ...] = ()
    shipping_taxes: tuple[Tax, ...] = ()
    paid_at: datetime | None = None


class Line(msgspec.Struct, kw_only=True):
    line_id: str
    index: int
    offer_id: int
    sku: str
    product_sku: str
    title: str
    family: str
    quantity: int
    unit_price: Decimal
    origin_unit_price: Decimal
    price: Decimal
    shipping_price: Decimal
    commission_fee: Decimal
    commission_vat: Decimal
    commission_vat_rate: Decimal
    state: str
    created_at: datetime
    updated_at: datetime
    reason_code: str | None = None
    reason_label: str | None = None
    taxes: tuple[Tax, ...] = ()
    shipping_taxes: tuple[Tax, ...] = ()
    cancelations: tuple[Cancelation, ...] = ()
    refunds: tuple[Refund, ...] = ()
    additional_fields: dict[str, str] = {}
    debited_at: datetime | None = None
    shipped_at: datetime | None = None
    received_at: datetime | None = None

    @property
    def total(self) -> Decimal:
        return self.price + self.shipping_price

    @property
    def cancelled_quantity(self) -> int:
        return sum(one.quantity for one in self.cancelations)

    @property
    def refunded(self) -> Decimal:
        """What was given back after the debit, price and shipping together."""
        return sum((one.amount + one.shipping_amount for one in self.refunds), ZERO)

    @property
    def cancelled(self) -> Decimal:
        return sum((one.amount + one.shipping_amount for one in self.cancelations), ZERO)

    @property
    def is_closed(self) -> bool:
        return self.state in {"REFUSED", "CANCELED"}


class Order(msgspec.Struct, kw_only=True):
    order_id: str
    commercial_id: str
    state: str
    buyer: Buyer
    currency: str
    created_at: datetime
    updated_at: datetime
    lines: list[Line]
    channel: str | None = None
    reason_code: str | None = None
    reason_label: str | None = None
    reference_for_seller: str | None = None
    reference_for_customer: str | None = None
    accepted_at: datetime | None = None
    debited_at: datetime | None = None
    shipping_at: datetime | None = None  # when it became ready to ship
    deadline: datetime | None = None
    carrier_code: str | None = None
    carrier_name: str | None = None
    tracking_url: str | None = None
    tracking_number: str | None = None
    additional_fields: dict[str, str] = {}
    has_invoice: bool = False
    has_customer_message: bool = False

    @property
    def total(self) -> Decimal:
        return sum((line.total for line in self.lines), ZERO)

    @property
    def has_incident(self) -> bool:
        return any(line.state == "INCIDENT_OPEN" for line in self.lines)

    @property
    def open_lines(self) -> list[Line]:
        return [line for line in self.lines if not line.is_closed]

    @property
    def fully_refunded(self) -> bool:
        lines = self.open_lines
        return bool(lines) and all(line.refunded + line.cancelled >= line.total > 0 for line in lines)

    def line(self, line_id: str) -> Line | None:
        return next((line for line in self.lines if line.line_id == line_id), None)


class ShipmentLine(msgspec.Struct, frozen=True, kw_only=True):
    line_id: str
    sku: str
    quantity: int
    package_reference: str | None = None


class Shipment(msgspec.Struct, kw_only=True):
    id: str
    order_id: str
    created_at: datetime
    updated_at: datetime
    lines: tuple[ShipmentLine, ...]
    status: str = "SHIPPING"
    invoice_reference: str | None = None
    carrier_code: str | None = None
    carrier_name: str | None = None
    carrier_standard_code: str | None = None
    tracking_number: str | None = None
    tracking_url: str | None = None
    shipped_at: datetime | None = None


class Document(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    order_id: str
    type_code: str
    file_name: str
    uploaded_at: datetime
    content: bytes
    deleted: bool = False
