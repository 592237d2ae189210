"""P11: the offers on a product, ours among the rivals', masked as sellers see them; P31: known products.

In the seller API offer_id is 0, shop_id null, quantity 999, channels and additional fields are empty, and
premium is false: only the shop's name tells whose offer it is. The answer has a count of offers for each
product and none of products, so `max` and `offset` page the offers of each product (assumption).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

import msgspec
from starlette.responses import Response

from bazaar.mirakl import chaos
from bazaar.mirakl.exchange import Call, Operation, RefusedError, answer
from bazaar.mirakl.money import stamp
from bazaar.mirakl.offer_json import discount_fields, price_fields, shipping_price
from bazaar.mirakl.order_json import JSON
from bazaar.mirakl.paging import DEFAULT, MAXIMUM, page_links
from bazaar.mirakl.records import Price
from bazaar.mirakl.reference import STANDARD, ZONES
from bazaar.mirakl.shop import product_sku
from bazaar.world.facts import Product, RivalOffer

SORTS = frozenset({"bestPrice", "bestEvaluation"})
OUR_GRADE, OUR_EVALUATIONS = 4.6, 128
MASKED_QUANTITY = 999


class Competitor(msgspec.Struct, frozen=True):
    shop_name: str
    price: Price
    unit: Decimal
    shipping: Decimal
    grade: float
    evaluations: int
    lead_time: int
    state_code: str
    active: bool

    @property
    def total(self) -> Decimal:
        return self.unit + self.shipping


async def p11(call: Call) -> Response:
    if not call.shop.settings.competitive_pricing_tool:
        raise RefusedError(403, "The competitive pricing tool is not activated")
    by_evaluation = call.choice("sort", SORTS) == "bestEvaluation"
    products = sorted(_asked_products(call), key=lambda one: product_sku(one.ean))
    everything = call.flag("all_offers") is True
    rows = [(one, _offers(call, one, everything, by_evaluation)) for one in products]
    size = call.number("max", DEFAULT, 1, MAXIMUM)
    offset = call.number("offset", 0, 0, 10**9)
    content = [JSON.encode(_product(call, one, found, offset, size)) for one, found in rows]
    content = chaos.disturb_page(call.shop, content)
    links = page_links(call, offset, size, max((len(found) for _, found in rows), default=0))
    return Response(b'{"products":[%s]}' % b",".join(content), 200, links, "application/json")


def _asked_products(call: Call) -> list[Product]:
    """EANs among product_ids find nothing, as on the real ones: these are the operator's SKUs."""
    references, ids = call.csv("product_references"), call.csv("product_ids")
    if not references and not ids:
        message = "One of the parameters product_ids, product_references is required"
        raise RefusedError(400, message, field="product_references")
    found = [call.shop.product("SKU", one) for one in ids] + [_referenced(call, one) for one in references]
    return list({one.ean: one for one in found if one is not None}.values())


def _referenced(call: Call, pair: str) -> Product | None:
    kind, bar, value = pair.partition("|")
    if not bar or not kind:
        message = f"The value '{pair}' is invalid for the parameter : product_references"
        raise RefusedError(400, message, field="product_references")
    return call.shop.product(kind, value)


def _offers(call: Call, product: Product, everything: bool, by_evaluation: bool) -> list[Competitor]:
    found = [_rival(one) for one in call.shop.world.rivals(call.shop.key, product.ean)]
    found += _ours(call, product)
    states = set(call.csv("offer_state_codes"))
    kept = [one for one in found if (everything or one.active) and (not states or one.state_code in states)]
    if by_evaluation:
        return sorted(kept, key=lambda one: (-one.grade, one.total, one.shop_name))
    return sorted(kept, key=lambda one: (one.total, -one.grade, one.shop_name))


def _rival(one: RivalOffer) -> Competitor:
    price = Price(origin=one.price)
    return Competitor(
        one.seller,
        price,
        one.price,
        one.shipping_price,
        one.grade,
        one.evaluations,
        one.lead_time_days,
        "11",
        one.quantity > 0,
    )


def _ours(call: Call, product: Product) -> Sequence[Competitor]:
    settings = call.shop.settings
    channel = call.text("pricing_channel_code")
    found = []
    for offer in call.shop.offers_of(product.ean):
        price = offer.price_for(call.now, channel)
        if price is None:
            continue
        unit = price.unit(call.now)
        lead_time = settings.lead_time_days if offer.lead_time is None else offer.lead_time
        active = offer.is_active(call.now)
        shipping = shipping_price(unit, settings)
        found.append(
            Competitor(
                settings.shop_name,
                price,
                unit,
                shipping,
                OUR_GRADE,
                OUR_EVALUATIONS,
                lead_time,
                offer.state_code,
                active,
            )
        )
    return found


def _product(
    call: Call, product: Product, offers: list[Competitor], offset: int, size: int
) -> dict[str, object]:
    return {
        "category_code": product.family,
        "category_label": product.family,
        "offers": [_offer(call, one) for one in offers[offset : offset + size]],
        "product_brand": product.brand,
        "product_description": None,
        "product_media": None,
        "product_references": [{"reference": product.ean, "reference_type": "EAN"}],
        "product_sku": product_sku(product.ean),
        "product_title": product.title,
        "total_count": len(offers),
    }


def _offer(call: Call, one: Competitor) -> dict[str, object]:
    pricing = price_fields(one.price, call.now)
    return {
        "active": one.active,
        "all_prices": [pricing],
        "allow_quote_requests": False,
        "applicable_pricing": pricing,
        "available_end_date": None,
        "available_start_date": None,
        "channels": [],
        "currency_iso_code": call.shop.settings.currency,
        "description": None,
        "discount": discount_fields(one.price) if one.price.discount is not None else None,
        "eco_contributions": [],
        "favorite_rank": None,
        "inactivity_reasons": None if one.active else ["ZERO_QUANTITY"],
        "is_professional": True,
        "leadtime_to_ship": one.lead_time,
        "logistic_class": {"code": "S", "label": "Small"},
        "min_quantity_alert": None,
        "min_shipping_price": one.shipping,
        "min_shipping_price_additional": 0,
        "min_shipping_type": STANDARD[0],
        "min_shipping_zone": ZONES[0][0],
        "nb_evaluation": one.evaluations,
        "offer_additional_fields": [],
        "offer_id": 0,
        "premium": False,
        "price": one.unit,
        "price_additional_info": None,
        "quantity": MASKED_QUANTITY,
        "shipping_deadline": stamp(call.now + timedelta(days=one.lead_time)),
        "shipping_types": [_shipping(call, one)],
        "shop_grade": one.grade,
        "shop_id": None,
        "shop_name": one.shop_name,
        "state_code": one.state_code,
        "total_price": one.total,
    }


def _shipping(call: Call, one: Competitor) -> dict[str, object]:
    earliest, latest = one.lead_time + 1, one.lead_time + 3
    return {
        "code": STANDARD[0],
        "cut_off_next_date": None,
        "cut_off_time": None,
        "delivery_time": {
            "earliest_days": earliest,
            "earliest_delivery_date": stamp(call.now + timedelta(days=earliest)),
            "latest_days": latest,
            "latest_delivery_date": stamp(call.now + timedelta(days=latest)),
        },
        "label": STANDARD[1],
        "shipping_deadline": stamp(call.now + timedelta(days=one.lead_time)),
        "shipping_price_type": "FIXED_PRICE" if one.shipping else "FREE_SHIPPING",
        "shipping_price_unit": one.shipping,
        "shipping_zone_code": ZONES[0][0],
        "shipping_zone_label": ZONES[0][1],
        "standard_code": STANDARD[2],
    }


async def p31(call: Call) -> Response:
    """Products by references only; SKU and SHOP_SKU "are invalid for this API"."""
    references = [*call.csv("product_references"), *call.csv("products")]
    if not references:
        raise RefusedError(400, "The parameter product_references is required", field="product_references")
    if len(references) > 100:
        raise RefusedError(400, "The limit of 100 is exceeded for the parameter : product_references")
    if any(one.startswith(("SKU|", "SHOP_SKU|")) for one in references):
        raise RefusedError(400, "SKU and SHOP_SKU are invalid reference types", field="product_references")
    found = [one for pair in references if (one := _referenced(call, pair)) is not None]
    products = sorted({one.ean: one for one in found}.values(), key=lambda one: product_sku(one.ean))
    return answer({"products": [_known(one) for one in products], "total_count": len(products)})


def _known(product: Product) -> dict[str, object]:
    return {
        "category_code": product.family,
        "category_label": product.family,
        "product_id": product.ean,
        "product_id_type": "EAN",
        "product_sku": product_sku(product.ean),
        "product_title": product.title,
    }


def operations() -> list[Operation]:
    return [
        Operation("P11", "GET", "/api/products/offers", p11),
        Operation("P31", "GET", "/api/products", p31),
    ]
