"""What orders bring and cost: the lines of the account from which settlements are made."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from bazaar.amazon.account import Account
from bazaar.amazon.records import ZERO, Item, Money, Order, Package
from bazaar.amazon.settings import Settings

_CENT = Decimal("0.01")


def referral_fee(settings: Settings, family: str, amount: Decimal) -> Decimal:
    """Percent of what the buyer pays, shipping included."""
    rate = settings.referral_rates.get(family, settings.referral_rate)
    return cents(amount * rate / 100)


def write_shipped(account: Account, order: Order, package: Package) -> None:
    """Amazon charges the buyer when a parcel leaves: price, shipping and commission of its units."""
    for item in order.items:
        quantity = package.lines.get(item.item_id, 0)
        if quantity:
            price, shipping = share_of(item, quantity)
            fee = referral_fee(account.settings, item.family, price + shipping)
            _write(account, order, item, "Order", quantity, price, shipping, -fee)


def write_refunded(account: Account, order: Order, item: Item, price: Decimal, shipping: Decimal) -> None:
    """The commission comes back with the money (Amazon keeps a part of it; assumption: none)."""
    fee = referral_fee(account.settings, item.family, price + shipping)
    _write(account, order, item, "Refund", 0, -price, -shipping, fee)


def write_cancelled(order: Order, item: Item, quantity: int) -> Decimal:
    """Nothing was charged yet: only how much the buyer will not pay."""
    price, shipping = share_of(item, quantity)
    return price + shipping


def share_of(item: Item, quantity: int) -> tuple[Decimal, Decimal]:
    """Price and shipping of `quantity` units of the item."""
    part = Decimal(quantity) / item.quantity
    return cents(item.amount * part), cents(item.shipping * part)


def cents(amount: Decimal) -> Decimal:
    return amount.quantize(_CENT, ROUND_HALF_UP)


def _write(
    account: Account,
    order: Order,
    item: Item,
    kind: str,
    quantity: int,
    price: Decimal,
    shipping: Decimal,
    fee: Decimal,
) -> None:
    parts = (
        ("ItemPrice", "Principal", price),
        ("ItemPrice", "Shipping", shipping),
        ("ItemFees", "Commission", fee),
    )
    for amount_type, description, amount in parts:
        if amount != ZERO:
            account.money[f"{account.number('money', 0):010d}"] = Money(
                at=account.now(),
                order_id=order.order_id,
                kind="Refund" if kind == "Refund" else "Order",
                item_id=item.item_id,
                sku=item.sku,
                amount_type=amount_type,
                description=description,
                amount=amount,
                quantity=quantity if description == "Principal" else 0,
            )
