"""The buyer changes his mind, and money goes back."""

from __future__ import annotations

from decimal import Decimal

from bazaar.amazon import order_life
from bazaar.amazon.account import Account
from bazaar.amazon.records import ZERO, Item, Order
from bazaar.amazon.takings import share_of, write_refunded
from bazaar.world.facts import PurchaseChange


def change(account: Account, wanted: PurchaseChange) -> None:
    """Units not shipped are cancelled, or asked to be; shipped ones are refunded by Amazon.

    KeyError for an order that this account never had.
    """
    order = account.orders.get(wanted.order_id)
    if order is None:
        raise KeyError(wanted.order_id)
    for line in wanted.lines:
        left = line.quantity
        for item in (one for one in order.items if one.sku == line.sku):
            open_units = min(left, item.open)
            if open_units:
                _cancel(account, order, item, open_units, wanted.reason)
            back = min(left - open_units, item.shipped - item.refunded)
            if back > 0:
                price, shipping = _left(item, back)
                refund(account, order, item, back, price, shipping, by="operator", reason=wanted.reason)
            left -= open_units + max(0, back)


def _cancel(account: Account, order: Order, item: Item, quantity: int, reason: str) -> None:
    if account.settings.buyer_cancels == "now" or order.state == "PENDING":
        order_life.cancel(account, order, item, quantity, by="buyer", reason=reason or "BuyerCanceled")
    else:
        item.cancel_reason = reason or "ORDERED_BY_MISTAKE"
        order_life.touch(account, order)


def refund(
    account: Account,
    order: Order,
    item: Item,
    quantity: int,
    price: Decimal,
    shipping: Decimal,
    by: str,
    reason: str,
) -> None:
    """The caller checked the amounts against `left_to_refund`."""
    item.refunded += quantity
    item.refunded_amount += price + shipping
    write_refunded(account, order, item, price, shipping)
    account.world.record(
        "order_refunded",
        account.key,
        order_id=order.order_id,
        sku=item.sku,
        quantity=quantity,
        amount=price + shipping,
        currency=order.currency,
        by=by,
        line_id=item.item_id,
        reason=reason,
    )
    order_life.touch(account, order)


def left_to_refund(item: Item) -> Decimal:
    """What the buyer paid for the units that left, less what went back."""
    price, shipping = share_of(item, item.shipped)
    return price + shipping - item.refunded_amount


def _left(item: Item, quantity: int) -> tuple[Decimal, Decimal]:
    """Price and shipping of `quantity` units; the last ones take what the earlier refunds left."""
    price, shipping = share_of(item, quantity)
    if item.refunded + quantity >= item.shipped:
        return max(ZERO, left_to_refund(item) - shipping), shipping
    return price, shipping
