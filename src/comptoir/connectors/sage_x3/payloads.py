"""What X3 is told: an order's lines with tax, to the cent. Strict: what does not add up does not leave."""

from __future__ import annotations

import hashlib
from base64 import b32encode
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from comptoir.connectors.sage_x3.articles import CENT
from comptoir.connectors.sage_x3.dialect import Entity, Line, Value
from comptoir.connectors.sage_x3.mapping import Mapped
from comptoir.connectors.sage_x3.settings import MAX_REFERENCE, SageX3Settings
from comptoir.sdk.errors import RejectedRecord
from comptoir.sdk.records import Address, Buyer, ErpOrder, ErpRefund

UNIT: Final = Decimal("0.00001")
"""A price of X3 has five decimals (to be checked per folder)."""
BUYER: Final = "CO"
"""Beginning of the numbers that we give to buyers."""
MOST_ROUNDING: Final = Decimal("0.05")


def build_order(erp_order: ErpOrder, customer: str, settings: SageX3Settings, mapped: Mapped) -> Entity:
    """RejectedRecord, with the order's reference, when X3 could not hold it exactly."""
    order, reference = erp_order.order, erp_order.reference
    if not 0 < len(reference) <= MAX_REFERENCE or not reference.startswith(settings.reference_prefix):
        raise RejectedRecord(f"{reference} is no reference of ours.", code="reference", record_id=reference)
    header: dict[str, Value] = {
        "order.site": settings.sales_site,
        "order.type": settings.order_type,
        "order.number": reference if settings.own_numbers else "",
        "order.date": order.placed_at.date(),
        "order.customer": customer,
        "order.currency": order.currency,
        "order.reference": reference,
        "order.external": order.external_id,
        "order.channel": erp_order.channel,
        "order.price_type": int(mapped["value.price_with_tax"]),
        "order.stock_site": settings.stock_site,
        **_address(order.shipping_address or Address(), order.buyer),
    }
    entity = placed(mapped, header)
    table, lines = table_of(mapped, "line", _lines(erp_order, settings))
    return entity | {table: lines}


def _lines(erp_order: ErpOrder, settings: SageX3Settings) -> list[dict[str, Value]]:
    order, added = erp_order.order, Decimal(0)
    lines: list[dict[str, Value]] = []
    for line in order.lines:
        if line.fulfilled_by != "seller":
            continue
        amount = (line.amount + (0 if order.prices_include_tax else line.tax_amount)).quantize(CENT)
        unit = (amount / line.quantity).quantize(UNIT, ROUND_HALF_UP)
        lines.append(_line(line.sku, line.title, line.quantity, unit, settings.stock_site))
        added += (unit * line.quantity).quantize(CENT, ROUND_HALF_UP)
    for article, words, amount in (
        (settings.shipping_article, "Frais de port", order.shipping_amount),
        (settings.discount_article, "Remise", -order.discount_amount),
    ):
        if amount:
            lines.append(_line(article, words, 1, amount.quantize(CENT), settings.stock_site))
            added += amount
    gap = order.total_amount - added
    if abs(gap) > MOST_ROUNDING:
        raise RejectedRecord(f"{erp_order.reference}: its lines make {added}, its total is {order.total_amount}.",
                             code="total", record_id=erp_order.reference)  # fmt: skip
    if gap:
        lines.append(_line(settings.rounding_article, "Arrondi", 1, gap.quantize(CENT), settings.stock_site))
    return lines


def _line(article: str, words: str, quantity: int, price: Decimal, site: str) -> dict[str, Value]:
    """`NUMLIG` 0 is a new line: X3 numbers it 1000, 2000…"""
    return {"line.number": 0, "line.article": article, "line.title": words[:30], "line.site": site,
            "line.quantity": quantity, "line.price": price}  # fmt: skip


def _address(address: Address, buyer: Buyer) -> dict[str, Value]:
    return {
        "order.ship_name": [(address.name or buyer.name)[:35], address.company[:35]],
        "order.ship_street": [address.street_1[:50], address.street_2[:50]],
        "order.ship_postcode": address.postcode[:10],
        "order.ship_city": address.city[:40],
        "order.ship_country": address.country[:3],
        "order.ship_phone": (address.phone or buyer.phone)[:40],
        "order.ship_email": buyer.email[:80],
    }


def build_customer(number: str, buyer: Buyer, address: Address, currency: str, settings: SageX3Settings,
                   mapped: Mapped) -> Entity:  # fmt: skip
    name = (address.company or address.name or buyer.name or number)[:35]
    header: dict[str, Value] = {
        "customer.number": number,
        "customer.name": name,
        "customer.category": settings.customer_category,
        "customer.active": int(mapped["value.customer_active"]),
        "customer.full_name": [name, address.name[:35] if address.company else ""],
        "customer.country": address.country[:3],
        "customer.language": settings.language,
        "customer.currency": currency,
        "customer.tax_rule": settings.customer_tax_rule,
    }
    own: dict[str, Value] = {
        "address.code": "MAIN", "address.title": name, "address.country": address.country[:3],
        "address.line_1": address.street_1[:50], "address.line_2": address.street_2[:50],
        "address.postcode": address.postcode[:10], "address.city": address.city[:40],
        "address.phone": (address.phone or buyer.phone)[:40], "address.default": 2,
    }  # fmt: skip
    table, lines = table_of(mapped, "address", [own])
    return placed(mapped, header) | {table: lines}


def customer_number(buyer: Buyer, address: Address) -> str:
    """At most 15 characters, always the same for the same person: by address of mail, else by name and place."""
    person = (
        buyer.email.lower()
        or "|".join((address.name or buyer.name, address.postcode, address.street_1)).lower()
    )
    return BUYER + b32encode(hashlib.sha256(person.encode()).digest()).decode()[:13]


def build_refund(item: ErpRefund, customer: str, settings: SageX3Settings, mapped: Mapped) -> Entity:
    """A credit note of its own: the units come back, if they do, by a return of X3's."""
    units = max(item.quantity, 1)
    unit = (item.amount / units).quantize(UNIT, ROUND_HALF_UP)
    if (unit * units).quantize(CENT, ROUND_HALF_UP) != item.amount.quantize(CENT):
        units, unit = 1, item.amount.quantize(CENT)
    header: dict[str, Value] = {
        "credit.site": settings.sales_site,
        "credit.type": settings.credit_type,
        "credit.date": item.refunded_at.date(),
        "credit.customer": customer,
        "credit.currency": item.currency,
        "credit.reference": credit_reference(item.refund_id),
        "credit.price_type": int(mapped["value.price_with_tax"]),
        "credit.order": item.order_reference,
    }
    line: dict[str, Value] = {"credit_line.article": item.sku, "credit_line.title": item.reason[:30],
                              "credit_line.quantity": units, "credit_line.price": unit,
                              "credit_line.order": item.order_reference}  # fmt: skip
    table, lines = table_of(mapped, "credit_line", [line])
    return placed(mapped, header) | {table: lines}


def credit_reference(refund_id: str) -> str:
    """At most 20 characters, always the same for the same refund."""
    if len(refund_id) <= MAX_REFERENCE:
        return refund_id
    digest = hashlib.sha256(refund_id.encode()).digest()
    return "R" + b32encode(digest).decode()[: MAX_REFERENCE - 1]


# --- where it goes --------------------------------------------------------------------------------------


def placed(mapped: Mapped, values: Mapping[str, Value]) -> Entity:
    """Our words in the groups where this folder publishes them; what is empty or unpublished is left out."""
    entity: dict[str, Line] = {}
    for word, value in values.items():
        group, field = mapped.place(word)
        if group and not _is_empty(value):
            entity.setdefault(group, {})[field] = value
    return {**entity}


def table_of(mapped: Mapped, part: str, lines: list[dict[str, Value]]) -> tuple[str, list[Line]]:
    """A table and its lines. All of a line's fields stand in one table; ValueError when a mapping parts them."""
    tables = {group for name, place in mapped.places(f"{part}.") if (group := place.partition(".")[0])}
    if len(tables) != 1:
        raise ValueError(f"{part}: its fields are in {', '.join(sorted(tables)) or 'no table'}")
    rows: list[Line] = []
    for line in lines:
        named = {mapped.place(word)[1]: value for word, value in line.items() if not _is_empty(value)}
        rows.append({field: value for field, value in named.items() if field})
    return tables.pop(), rows


def _is_empty(value: Value) -> bool:
    return value == "" or (isinstance(value, list) and not any(value))
