"""pricing_query: the sellers of a product and their prices, in the newer shape or the older one."""

from __future__ import annotations

from decimal import Decimal

import msgspec
from lxml import etree

from bazaar.fnac.exchange import Call, RefusedError, add, add_error, children, reply_to
from bazaar.fnac.records import Offer
from bazaar.fnac.shop import Shop
from bazaar.world.facts import Product

MOST_PRODUCTS = 10
PRICE_MIN, PRICE_MAX = Decimal("0.90"), Decimal(20000)


class Seller(msgspec.Struct, frozen=True):
    name: str
    price: Decimal
    shipping: Decimal
    state: str
    sales: int
    grade: float
    ours: bool = False


async def pricing_query(call: Call) -> etree._Element:
    references = children(call.request, "product_reference")
    if len(references) > MOST_PRODUCTS:
        words = "The limit of requested elements is reached by the service. Try with less elements."
        raise RefusedError("ERR_105", words)
    reply = reply_to("pricing_query")
    ranked = call.shop.settings.pricing_shape == "ranked"
    parent = add(reply, "pricing_products") if ranked else reply
    for reference in references:
        node = add(parent, "pricing_product")
        kind, value = str(reference.get("type") or "Ean"), (reference.text or "").strip()
        add(node, "product_reference", value, {"type": kind})
        product = call.shop.product(kind, value)
        if product is None:
            # Neither schema of the answer has a place for it: the real server puts it there all the same.
            add_error(node, "ERR_120", "Service Pricing : Product not found.")
        else:
            others = call.request.get("sellers") == "others"
            (_add_ranked if ranked else _add_listed)(node, call.shop, product, others=others)
    return reply


def _sellers(shop: Shop, product: Product) -> list[Seller]:
    """Everybody, cheapest total first."""
    found = [
        Seller(r.seller, r.price, r.shipping_price, "11", r.evaluations, r.grade)
        for r in shop.world.rivals(shop.key, product.ean)
        if PRICE_MIN <= r.price <= PRICE_MAX
    ]
    found += [
        Seller(
            shop.settings.shop_name, offer.price, _shipping(shop, offer), offer.state, 1500, 4.6, ours=True
        )
        for offer in shop.live_offers()
        if offer.ean == product.ean and offer.quantity > 0
    ]
    return sorted(found, key=lambda seller: (seller.price + seller.shipping, seller.name))


def _shipping(shop: Shop, offer: Offer) -> Decimal:
    free = offer.price >= shop.settings.free_shipping_from
    return Decimal("0.00") if free else shop.settings.shipping_price


def _add_ranked(node: etree._Element, shop: Shop, product: Product, *, others: bool) -> None:
    add(node, "product_name", product.title, cdata=True)
    add(node, "product_ean", product.ean)
    standard = add(node, "standard")
    sellers = _sellers(shop, product)
    for ours in [seller for seller in sellers if seller.ours]:
        offer = add(standard, "seller_offer")
        add(offer, "offer_status", ours.state)
        add(offer, "price", f"{ours.price:f}")
        add(offer, "shipping_price", f"{ours.shipping:f}")
        break
    for position, seller in enumerate(sellers, start=1):
        if seller.ours and others:
            continue
        offer = add(standard, "ranked_offers", attributes={"type": "professional"})
        add(offer, "seller_name", seller.name, cdata=True)
        add(offer, "seller_sales_number", seller.sales)
        add(offer, "has_buybox", str(position == 1).lower())
        add(offer, "offer_status", seller.state)
        add(offer, "position", position)
        add(offer, "price", f"{seller.price:f}")
        add(offer, "shipping_price", f"{seller.shipping:f}")


def _add_listed(node: etree._Element, shop: Shop, product: Product, *, others: bool) -> None:
    add(node, "ean", product.ean)
    add(node, "product_name", product.title, cdata=True)
    for seller in _sellers(shop, product):
        if seller.ours and others:
            continue
        pricing = add(node, "pricing", attributes={"type": "professional"})
        add(pricing, "evaluation", seller.grade)
        add(pricing, "nb_orders", seller.sales)
        add(pricing, "seller", seller.name, cdata=True)
        add(pricing, "price", f"{seller.price:f}")
        add(pricing, "shipping_price", f"{seller.shipping:.5f}")
        add(pricing, "offer_status", seller.state)
