"""What an order's `proceeds` mean in our vocabulary.

Amazon documents the categories (ITEM, SHIPPING, GIFT_WRAP, COD_FEE, TAX, DISCOUNT, OTHER), not how they
add up. Taken here, and not verified: European prices include their tax, so that TAX is part of ITEM and
SHIPPING there and comes on top in the United States and Canada; DISCOUNT is given back whatever its
sign; gift wrap and the rest are paid with the shipping.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from comptoir.connectors.amazon.order_payloads import Breakdown, Item
from comptoir.connectors.amazon.payload import Money
from comptoir.sdk.money import ZERO, to_cents
from comptoir.sdk.records import Record

_WITH_SHIPPING = ("SHIPPING", "GIFT_WRAP", "COD_FEE", "OTHER", "DELIVERY_TIP")


class ItemAmounts(Record, frozen=True, kw_only=True):
    unit_price: Decimal
    amount: Decimal
    shipping_amount: Decimal
    discount_amount: Decimal
    tax_amount: Decimal
    """What TAX says, whether it comes on top or not."""


def item_amounts(item: Item, quantity: int) -> ItemAmounts:
    """A pending order may have no price yet: zero until Amazon tells it."""
    by_type = subtotals(item.proceeds.breakdowns if item.proceeds else None)
    unit_price = _unit_price(item)
    goods = by_type.get("ITEM")
    if goods is None:
        goods = to_cents(unit_price * quantity) if unit_price is not None else ZERO
    if unit_price is None:
        unit_price = to_cents(goods / quantity) if quantity else ZERO
    return ItemAmounts(
        unit_price=unit_price,
        amount=goods,
        shipping_amount=sum((by_type.get(name, ZERO) for name in _WITH_SHIPPING), ZERO),
        discount_amount=abs(by_type.get("DISCOUNT", ZERO)),
        tax_amount=by_type.get("TAX", ZERO),
    )


def subtotals(breakdowns: Sequence[Breakdown | None] | None) -> dict[str, Decimal]:
    totals: dict[str, Decimal] = {}
    for part in breakdowns or ():
        if part and part.type and (value := amount(part.subtotal)) is not None:
            totals[part.type] = totals.get(part.type, ZERO) + value
    return totals


def amount(money: Money | None) -> Decimal | None:
    return money.amount if money else None


def currency(*candidates: Money | None) -> str:
    """The first currency that is named."""
    return next((money.currency_code for money in candidates if money and money.currency_code), "")


def _unit_price(item: Item) -> Decimal | None:
    price = item.product.price if item.product else None
    return amount(price.unit_price) if price else None
