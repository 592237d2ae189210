"""Buyers buy on one sales channel: an order is made of what our offers there are at that moment."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal

import msgspec

from bazaar.octopia import order_life
from bazaar.octopia.account import Account
from bazaar.octopia.money import ZERO, cents
from bazaar.octopia.offer_records import Offer
from bazaar.octopia.order_records import Line, Order
from bazaar.octopia.settings import Settings
from bazaar.world.facts import Product, Purchase, PurchaseLine


class Wanted(msgspec.Struct, frozen=True):
    line: PurchaseLine
    product: Product
    offer: Offer | None
    unit_price: Decimal
    supply_mode: str


def buy(account: Account, channel: Settings, purchase: Purchase) -> str | None:
    """The order's id; None when the sale is missed. Raises KeyError for a SKU that the world lacks."""
    wanted = [_wanted(account, channel, line) for line in purchase.lines]
    lacking = None if purchase.forced else next((one for one in wanted if not _can_sell(account, one)), None)
    if lacking is not None:
        _record_missed(account, channel, lacking)
        return None
    order = _make_order(account, channel, purchase, wanted, account.now())
    account.orders.put(order)
    for one in wanted:
        _take_stock(account, one)
    _record_placed(account, order, purchase)
    order_life.start(account, order)
    return order.order_id


def place_many(account: Account, channel: Settings, purchases: Iterable[Purchase]) -> list[str]:
    """For benchmarks: every purchase is forced; in order."""
    forced = (msgspec.structs.replace(one, forced=True) for one in purchases)
    return [order_id for one in forced if (order_id := buy(account, channel, one)) is not None]


def _wanted(account: Account, channel: Settings, line: PurchaseLine) -> Wanted:
    product = account.world.products[line.sku]
    offer = account.offer(channel.sales_channel_id, line.sku)
    price = line.unit_price
    if price is None:
        price = product.list_price if offer is None else offer.price
    rate = account.settings.fulfillment_rate
    supplied = rate > 0 and account.rng("supply").random() < rate
    return Wanted(line, product, offer, cents(price), "Fulfillment" if supplied else "Seller")


def _can_sell(account: Account, one: Wanted) -> bool:
    if one.offer is None:
        return False
    return one.supply_mode != "Seller" or account.quantity(one.offer) >= one.line.quantity


def _take_stock(account: Account, one: Wanted) -> None:
    """Of all the sales channels at once. Never below zero; only the seller publishes it again."""
    if one.offer is not None and one.supply_mode == "Seller":
        account.set_quantity(one.offer, max(0, account.quantity(one.offer) - one.line.quantity))


def _make_order(
    account: Account, channel: Settings, purchase: Purchase, wanted: Sequence[Wanted], now: datetime
) -> Order:
    number = len(account.orders) + 1
    order_id = f"SC{number:08d}"
    amounts = [cents(one.unit_price * one.line.quantity) for one in wanted]
    goods = sum(amounts, ZERO)
    shipping = ZERO if goods >= account.settings.free_shipping_from else account.settings.shipping_price
    shares = _split(shipping, amounts)
    return Order(
        order_id=order_id,
        reference=f"{now:%y%m%d}{number:06d}",
        party=account.party_of(channel.sales_channel_id),
        sales_channel_id=channel.sales_channel_id,
        sales_channel_name=channel.sales_channel_name,
        state="Processing",
        buyer=purchase.buyer,
        currency=channel.currency,
        created_at=now,
        updated_at=now,
        business=bool(purchase.buyer.company),
        lines=[
            _make_line(account, channel, f"{order_id}-{index}", one, part)
            for index, (one, part) in enumerate(zip(wanted, shares, strict=True), start=1)
        ],
    )


def _make_line(account: Account, channel: Settings, line_id: str, one: Wanted, shipping: Decimal) -> Line:
    ean = one.product.ean
    return Line(
        line_id=line_id,
        sku=one.line.sku,
        ean=ean,
        title=one.product.title,
        offer_id=one.offer.offer_id if one.offer else offer_id(account, ean, "New", channel),
        quantity=one.line.quantity,
        unit_price=one.unit_price,
        price=cents(one.unit_price * one.line.quantity),
        shipping_price=shipping,
        state="Processing",
        supply_mode=one.supply_mode,
    )


def offer_id(account: Account, ean: str, condition: str, channel: Settings) -> str:
    """Documented: seller, product, condition and sales channel, joined."""
    return f"{account.seller_id}_{product_reference(ean)}_{condition}_{channel.sales_channel_id}"


def product_reference(ean: str) -> str:
    """Octopia's own reference of a product."""
    return f"AUC{ean}"


def _split(amount: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """`amount` over the lines in proportion; the last one takes the rounding."""
    whole = sum(weights, ZERO)
    parts = [cents(amount * weight / whole) if whole else ZERO for weight in weights[:-1]]
    return [*parts, amount - sum(parts, ZERO)]


def _record_missed(account: Account, channel: Settings, one: Wanted) -> None:
    account.world.record(
        "sale_missed",
        account.party_of(channel.sales_channel_id),
        sku=one.line.sku,
        quantity=one.line.quantity,
        reason="no offer" if one.offer is None else "too few",
    )


def _record_placed(account: Account, order: Order, purchase: Purchase) -> None:
    lines = [
        {
            "line_id": line.line_id,
            "sku": line.sku,
            "quantity": line.quantity,
            "unit_price": str(line.unit_price),
            "amount": str(line.price),
            "shipping_amount": str(line.shipping_price),
        }
        for line in order.lines
    ]
    account.world.record(
        "order_placed",
        order.party,
        order_id=order.order_id,
        amount=order.total,
        currency=order.currency,
        lines=lines,
        reference=purchase.reference,
    )
