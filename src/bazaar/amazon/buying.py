"""Buyers buy: an order is made of what our offers are at that moment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

import msgspec

from bazaar.amazon import order_life
from bazaar.amazon.account import Account, asin_of
from bazaar.amazon.listings import price_at
from bazaar.amazon.places import Place
from bazaar.amazon.records import ZERO, Item, Listing, Order
from bazaar.world.facts import Product, Purchase, PurchaseLine

_CENT = Decimal("0.01")


class Wanted(msgspec.Struct, frozen=True):
    line: PurchaseLine
    product: Product
    listing: Listing | None
    unit_price: Decimal


def buy(account: Account, purchase: Purchase) -> str | None:
    """The order's id; None when the sale is missed. KeyError for a SKU that the world lacks."""
    place = _place(account, purchase)
    wanted = [_wanted(account, line, place) for line in purchase.lines]
    if not purchase.forced:
        missing = next((one for one in wanted if not _can_sell(one, place)), None)
        if missing is not None:
            _record_missed(account, missing)
            return None
    order = _make_order(account, purchase, wanted, place)
    for one in wanted:
        _take_stock(account, one)
    account.orders.put(order, account.now())
    _record_placed(account, order, purchase)
    order_life.start(account, order)
    return order.order_id


def _place(account: Account, purchase: Purchase) -> Place:
    """Where the buyer comes: the home marketplace twice as often as each other where it is all on sale."""
    shops = [place for place in account.places.values() if _sells_all(account, purchase, place)]
    if not shops:
        return account.home
    weights = [2 if place == account.home else 1 for place in shops]
    return account.rng("places").choices(shops, weights)[0] if len(shops) > 1 else shops[0]


def _sells_all(account: Account, purchase: Purchase, place: Place) -> bool:
    listings = [account.listings.get(line.sku) for line in purchase.lines]
    return all(listing is not None and place.id in listing.prices for listing in listings)


def _wanted(account: Account, line: PurchaseLine, place: Place) -> Wanted:
    product = account.world.products[line.sku]
    listing = account.listings.get(line.sku)
    price = line.unit_price
    if price is None and listing is not None:
        price = price_at(listing, place.id, account.now())
    return Wanted(line, product, listing, _cents(product.list_price if price is None else price))


def _can_sell(one: Wanted, place: Place) -> bool:
    listing = one.listing
    return listing is not None and place.id in listing.prices and listing.available >= one.line.quantity


def _take_stock(account: Account, one: Wanted) -> None:
    """Never below zero. Nothing gives our own units back but the seller: he publishes his stock."""
    listing = one.listing
    if listing is None:
        return
    if listing.amazon_quantity is not None:
        listing.amazon_quantity = max(0, listing.amazon_quantity - one.line.quantity)
    else:
        listing.quantity = max(0, listing.quantity - one.line.quantity)
    account.keep_listing(listing)


def _make_order(account: Account, purchase: Purchase, wanted: Sequence[Wanted], place: Place) -> Order:
    settings, now = account.settings, account.now()
    goods = sum((one.unit_price * one.line.quantity for one in wanted), ZERO)
    shipping = ZERO if goods >= settings.free_shipping_from else settings.shipping_price
    parts = _split(shipping, [one.unit_price * one.line.quantity for one in wanted])
    ship_by = now + timedelta(days=settings.ship_days)
    return Order(
        order_id=_new_id(account),
        place=place.id,
        state="PENDING",
        buyer=purchase.buyer,
        currency=place.currency,
        created_at=now,
        updated_at=now,
        ship_by=ship_by,
        deliver_by=ship_by + timedelta(days=settings.delivery_days),
        items=[_make_item(account, one, part) for one, part in zip(wanted, parts, strict=True)],
        by_amazon=all(one.listing is not None and one.listing.by_amazon for one in wanted),
    )


def _make_item(account: Account, one: Wanted, shipping: Decimal) -> Item:
    return Item(
        item_id=str(account.rng("items").randrange(10**13, 10**14)),
        sku=one.line.sku,
        asin=one.listing.asin if one.listing else asin_of(one.product.ean),
        title=one.product.title,
        family=one.product.family,
        quantity=one.line.quantity,
        unit_price=one.unit_price,
        amount=_cents(one.unit_price * one.line.quantity),
        shipping=shipping,
    )


def _new_id(account: Account) -> str:
    while True:
        digits = f"{account.rng('orders').randrange(10**14):014d}"
        order_id = f"40{len(account.orders) % 9 + 1}-{digits[:7]}-{digits[7:]}"
        if account.orders.get(order_id) is None:
            return order_id


def _split(amount: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """`amount` over the lines in proportion; the last one takes the rounding."""
    whole = sum(weights, ZERO)
    parts = [_cents(amount * weight / whole) if whole else ZERO for weight in weights[:-1]]
    return [*parts, amount - sum(parts, ZERO)]


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(_CENT, ROUND_HALF_UP)


def _record_missed(account: Account, one: Wanted) -> None:
    reason = "no offer" if one.listing is None else "not active or too few"
    account.world.record(
        "sale_missed", account.key, sku=one.line.sku, quantity=one.line.quantity, reason=reason
    )


def _record_placed(account: Account, order: Order, purchase: Purchase) -> None:
    lines = [
        {
            "line_id": item.item_id,
            "sku": item.sku,
            "quantity": item.quantity,
            "unit_price": str(item.unit_price),
            "amount": str(item.amount),
            "shipping_amount": str(item.shipping),
        }
        for item in order.items
    ]
    account.world.record(
        "order_placed",
        account.key,
        order_id=order.order_id,
        amount=order.total,
        currency=order.currency,
        lines=lines,
        reference=purchase.reference,
        marketplace=order.place,
        fulfilled_by="AMAZON" if order.by_amazon else "MERCHANT",
    )
