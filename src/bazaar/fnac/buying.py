"""Buyers buy: an order is made of what our offers are at that moment."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import msgspec

from bazaar.fnac import order_life
from bazaar.fnac.records import ZERO, Line, Offer, Order
from bazaar.fnac.shop import CURRENCY, Shop
from bazaar.world.facts import Product, Purchase, PurchaseLine

CENT = Decimal("0.01")
NO_OFFER = "00000000-0000-0000-0000-000000000000"


class Wanted(msgspec.Struct, frozen=True):
    line: PurchaseLine
    product: Product
    offer: Offer | None
    unit_price: Decimal


def buy(shop: Shop, purchase: Purchase) -> str | None:
    """The order's id; None when the sale is missed. Raises KeyError for a SKU that the world lacks."""
    wanted = [_wanted(shop, line) for line in purchase.lines]
    missing = None if purchase.forced else next((one for one in wanted if not _can_sell(one)), None)
    if missing is not None:
        reason = "no offer" if missing.offer is None else "too few"
        shop.world.record(
            "sale_missed", shop.key, sku=missing.line.sku, quantity=missing.line.quantity, reason=reason
        )
        return None
    order = _make_order(shop, purchase, wanted)
    shop.orders[order.order_id] = order
    for one in wanted:
        _take_stock(shop, one)
    _record_placed(shop, order, purchase)
    order_life.start(shop, order)
    return order.order_id


def _wanted(shop: Shop, line: PurchaseLine) -> Wanted:
    product, offer = shop.world.products[line.sku], shop.offer(line.sku)
    price = line.unit_price
    if price is None:
        price = offer.price if offer is not None else product.list_price
    return Wanted(line, product, offer, price.quantize(CENT, ROUND_HALF_UP))


def _can_sell(one: Wanted) -> bool:
    return one.offer is not None and one.offer.quantity >= one.line.quantity


def _take_stock(shop: Shop, one: Wanted) -> None:
    """Never below zero. Nothing gives it back but the seller: they publish their stock."""
    if one.offer is not None:
        one.offer.quantity = max(0, one.offer.quantity - one.line.quantity)
        shop.keep_offer(one.offer)


def _make_order(shop: Shop, purchase: Purchase, wanted: list[Wanted]) -> Order:
    now = shop.now()
    goods = sum((one.unit_price * one.line.quantity for one in wanted), ZERO)
    shipping = ZERO if goods >= shop.settings.free_shipping_from else shop.settings.shipping_price
    return Order(
        order_id=shop.new_order_id(),
        buyer=purchase.buyer,
        created_at=now,
        updated_at=now,
        lines=[_make_line(shop, number, one, shipping) for number, one in enumerate(wanted, start=1)],
    )


def _make_line(shop: Shop, number: int, one: Wanted, shipping: Decimal) -> Line:
    total = one.unit_price * one.line.quantity + shipping
    return Line(
        number=number,
        sku=one.line.sku,
        ean=one.product.ean,
        offer_id=one.offer.offer_id if one.offer else NO_OFFER,
        title=one.product.title,
        quantity=one.line.quantity,
        unit_price=one.unit_price,
        shipping_price=shipping,
        fee=(total * shop.settings.commission_rate / 100).quantize(CENT, ROUND_HALF_UP),
        state="ToAccept",
        created_at=shop.now(),
        product_state=one.offer.state if one.offer else "11",
    )


def _record_placed(shop: Shop, order: Order, purchase: Purchase) -> None:
    lines = [
        {
            "line_id": str(line.number),
            "sku": line.sku,
            "quantity": line.quantity,
            "unit_price": str(line.unit_price),
            "amount": str(line.amount),
            "shipping_amount": str(line.shipping_price),
        }
        for line in order.lines
    ]
    shop.world.record(
        "order_placed",
        shop.key,
        order_id=order.order_id,
        amount=order.total,
        currency=CURRENCY,
        lines=lines,
        reference=purchase.reference,
    )
