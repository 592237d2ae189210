"""Buyers buy: an order is made of what our offers are at that moment."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal

import msgspec

from bazaar.mirakl import order_life
from bazaar.mirakl.money import HUNDRED, ZERO, cents, percent, share
from bazaar.mirakl.order_records import Line, Order, Tax
from bazaar.mirakl.records import Offer
from bazaar.mirakl.reference import VAT_CODE
from bazaar.mirakl.shop import Shop, product_sku
from bazaar.world.facts import Product, Purchase, PurchaseLine

# What stands for an offer that the seller never made, when a replayed invoice bought it all the same.
NO_OFFER_ID = 0


class Wanted(msgspec.Struct, frozen=True):
    line: PurchaseLine
    product: Product
    offer: Offer | None
    unit_price: Decimal


def buy(shop: Shop, purchase: Purchase) -> str | None:
    """The order's id; None when the sale is missed. Raises KeyError for a SKU that the world lacks."""
    now = shop.now()
    wanted = [_wanted(shop, line, now) for line in purchase.lines]
    missing = None if purchase.forced else next((one for one in wanted if not _can_sell(one, now)), None)
    if missing is not None:
        _record_missed(shop, missing)
        return None
    order = _make_order(shop, purchase, wanted, now)
    for one in wanted:
        _take_stock(shop, one)
    _record_placed(shop, order, purchase)
    order_life.start(shop, order)
    return order.order_id


def place_many(shop: Shop, purchases: Iterable[Purchase]) -> list[str]:
    """For benchmarks: every purchase is forced; in order."""
    forced = (msgspec.structs.replace(one, forced=True) for one in purchases)
    return [order_id for one in forced if (order_id := buy(shop, one)) is not None]


def _wanted(shop: Shop, line: PurchaseLine, now: datetime) -> Wanted:
    product = shop.world.products[line.sku]
    offer = shop.offer(line.sku)
    price = line.unit_price
    if price is None and offer is not None:
        applied = offer.price_for(now, None)
        price = _for_quantity(applied.unit(now), applied.ranges, line.quantity) if applied else None
    return Wanted(line, product, offer, cents(product.list_price if price is None else price))


def _for_quantity(unit: Decimal, ranges: Sequence[tuple[int, Decimal]], quantity: int) -> Decimal:
    reached = [price for threshold, price in ranges if threshold <= quantity]
    return min([unit, *reached])


def _can_sell(one: Wanted, now: datetime) -> bool:
    offer = one.offer
    return offer is not None and offer.is_active(now) and offer.quantity >= one.line.quantity


def _take_stock(shop: Shop, one: Wanted) -> None:
    """Never below zero. Nothing gives it back but the seller: he publishes his stock."""
    if one.offer is not None:
        one.offer.quantity = max(0, one.offer.quantity - one.line.quantity)
        shop.keep_offer(one.offer)


def _make_order(shop: Shop, purchase: Purchase, wanted: Sequence[Wanted], now: datetime) -> Order:
    commercial_id = f"MK{len(shop.orders) + 1:08d}"
    order_id = f"{commercial_id}-A"  # one basket, one order per shop: ours is the first
    goods = sum((one.unit_price * one.line.quantity for one in wanted), ZERO)
    shipping = ZERO if goods >= shop.settings.free_shipping_from else shop.settings.shipping_price
    shares = _split(shipping, [one.unit_price * one.line.quantity for one in wanted])
    return Order(
        order_id=order_id,
        commercial_id=commercial_id,
        state="STAGING",
        buyer=purchase.buyer,
        currency=shop.settings.currency,
        created_at=now,
        updated_at=now,
        channel=shop.settings.channels[0] if shop.settings.channels else None,
        reference_for_customer=purchase.reference or None,
        lines=[
            _make_line(shop, f"{order_id}-{index}", index, one, part, now)
            for index, (one, part) in enumerate(zip(wanted, shares, strict=True), start=1)
        ],
    )


def _split(amount: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """`amount` over the lines in proportion; the last one takes the rounding."""
    whole = sum(weights, ZERO)
    parts = [share(amount, weight, whole) for weight in weights[:-1]]
    return [*parts, amount - sum(parts, ZERO)]


def _make_line(shop: Shop, line_id: str, index: int, one: Wanted, shipping: Decimal, now: datetime) -> Line:
    settings = shop.settings
    price = cents(one.unit_price * one.line.quantity)
    rate = settings.commission_rates.get(one.product.family, settings.commission_rate)
    fee = percent(price + shipping, rate)
    return Line(
        line_id=line_id,
        index=index,
        offer_id=one.offer.offer_id if one.offer else NO_OFFER_ID,
        sku=one.line.sku,
        product_sku=product_sku(one.product.ean),
        title=one.product.title,
        family=one.product.family,
        quantity=one.line.quantity,
        unit_price=one.unit_price,
        origin_unit_price=one.unit_price,
        price=price,
        shipping_price=shipping,
        commission_fee=fee,
        commission_vat=percent(fee, settings.commission_vat_rate),
        commission_vat_rate=settings.commission_vat_rate,
        state="STAGING",
        created_at=now,
        updated_at=now,
        taxes=_taxes(shop, price, one.product.vat_rate),
        shipping_taxes=_taxes(shop, shipping, one.product.vat_rate),
    )


def _taxes(shop: Shop, amount: Decimal, rate: Decimal) -> tuple[Tax, ...]:
    """The tax within the amount, or on top of it, as the platform's mode says."""
    if not shop.settings.order_taxes:
        return ()
    within = shop.settings.order_tax_mode == "TAX_INCLUDED"
    tax = cents(amount * rate / (HUNDRED + rate)) if within else percent(amount, rate)
    return (Tax(code=VAT_CODE, rate=rate, amount=tax),)


def _record_missed(shop: Shop, one: Wanted) -> None:
    reason = "no offer" if one.offer is None else "not active or too few"
    shop.world.record("sale_missed", shop.key, sku=one.line.sku, quantity=one.line.quantity, reason=reason)


def _record_placed(shop: Shop, order: Order, purchase: Purchase) -> None:
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
    shop.world.record(
        "order_placed",
        shop.key,
        order_id=order.order_id,
        amount=order.total,
        currency=order.currency,
        lines=lines,
        reference=purchase.reference,
    )
