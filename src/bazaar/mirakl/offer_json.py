"""An offer as OF21 and OF22 write it to its seller, and its prices as P11 writes them too."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from bazaar.mirakl.money import ZERO, stamp, stamp_or_null
from bazaar.mirakl.order_json import additional_fields
from bazaar.mirakl.records import Offer, Price
from bazaar.mirakl.reference import LOGISTIC_CLASSES, STANDARD, ZONES
from bazaar.mirakl.settings import Settings


def offer_fields(offer: Offer, settings: Settings, now: datetime, channel: str | None) -> dict[str, object]:
    applied = offer.price_for(now, channel)
    default = offer.default_price(now)
    shipping = shipping_price(applied.unit(now) if applied else ZERO, settings)
    lead_time = settings.lead_time_days if offer.lead_time is None else offer.lead_time
    return {
        "active": offer.is_active(now),
        "all_prices": [price_fields(one, now) for one in offer.prices],
        "allow_quote_requests": offer.allow_quote_requests,
        "applicable_pricing": price_fields(applied, now) if applied else None,
        "available_end_date": stamp_or_null(offer.available_end),
        "available_start_date": stamp_or_null(offer.available_start),
        "category_code": offer.family,
        "category_label": offer.family,
        "channels": list(settings.channels),
        "currency_iso_code": settings.currency,
        "description": offer.description,
        "discount": discount_fields(default) if default and default.discount is not None else None,
        "eco_contributions": [],
        "favorite_rank": None,
        "fulfillment": {"center": {"code": "DEFAULT"}},
        "inactivity_reasons": offer.inactivity(now),
        "internal_description": offer.internal_description or None,
        "leadtime_to_ship": lead_time,
        "logistic_class": {
            "code": offer.logistic_class,
            "label": dict(LOGISTIC_CLASSES)[offer.logistic_class],
        },
        "max_order_quantity": offer.max_order_quantity,
        "min_order_quantity": offer.min_order_quantity,
        "min_quantity_alert": offer.min_quantity_alert,
        "min_shipping_price": shipping,
        "min_shipping_price_additional": ZERO,
        "min_shipping_type": STANDARD[0],
        "min_shipping_zone": ZONES[0][0],
        "offer_additional_fields": additional_fields("OFFER", offer.additional_fields),
        "offer_id": offer.offer_id,
        "package_quantity": offer.package_quantity,
        "price": applied.unit(now) if applied else None,
        "price_additional_info": offer.price_additional_info or None,
        "product_brand": offer.brand,
        "product_description": None,
        "product_references": [{"reference": offer.ean, "reference_type": "EAN"}],
        "product_sku": offer.product_sku,
        "product_tax_code": offer.product_tax_code,
        "product_title": offer.title,
        "quantity": offer.quantity,
        "shipping_deadline": stamp(now + timedelta(days=lead_time)),
        "shop_sku": offer.sku,
        "state_code": offer.state_code,
        "total_price": applied.unit(now) + shipping if applied else None,
        "warehouses": [{"code": code, "quantity": count} for code, count in offer.warehouses.items()],
    }


def shipping_price(price: Decimal, settings: Settings) -> Decimal:
    return ZERO if price >= settings.free_shipping_from else settings.shipping_price


def price_fields(price: Price, now: datetime) -> dict[str, object]:
    context = {
        "channel_codes": list(price.channels),
        "customer_group_ids": [],
        "customer_organization_ids": [],
        "end_date": stamp_or_null(price.end),
        "start_date": stamp_or_null(price.start),
    }
    return {
        "channel_code": price.channels[0] if price.channels else None,
        "context": context if price.channels or price.start or price.end else None,
        "discount_end_date": stamp_or_null(price.discount_end),
        "discount_start_date": stamp_or_null(price.discount_start),
        "price": price.unit(now),
        "unit_discount_price": price.discount,
        "unit_origin_price": price.origin,
        "volume_prices": _volume_prices(price, now),
    }


def _volume_prices(price: Price, now: datetime) -> list[dict[str, object]]:
    """The price of one unit is the first of them."""
    origins = {1: price.origin, **dict(price.ranges)}
    discounts = dict(price.discount_ranges)
    if price.discount is not None:
        discounts.setdefault(1, price.discount)
    rows = []
    for threshold, origin in sorted(origins.items()):
        discount = discounts.get(threshold)
        unit = discount if discount is not None and price.discounted(now) else origin
        rows.append(
            {
                "price": unit,
                "quantity_threshold": threshold,
                "unit_discount_price": discount,
                "unit_origin_price": origin,
            }
        )
    return rows


def discount_fields(price: Price) -> dict[str, object]:
    return {
        "discount_price": price.discount,
        "end_date": stamp_or_null(price.discount_end),
        "origin_price": price.origin,
        "ranges": [{"price": unit, "quantity_threshold": count} for count, unit in price.discount_ranges],
        "start_date": stamp_or_null(price.discount_start),
    }
