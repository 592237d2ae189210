"""The offers of an export (OF54), as JSON objects or as the columns of a CSV file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from bazaar.mirakl.money import ZERO, stamp, stamp_or_null
from bazaar.mirakl.offer_json import shipping_price
from bazaar.mirakl.order_json import additional_fields
from bazaar.mirakl.records import Offer, Price
from bazaar.mirakl.reference import STANDARD, ZONES
from bazaar.mirakl.shop import Shop

# The documented columns that this simulator fills; the others of the documentation are empty.
CSV_FIELDS = (
    "offer-id",
    "product-sku",
    "shop-sku",
    "shop-id",
    "shop-name",
    "state-code",
    "active",
    "deleted",
    "quantity",
    "price",
    "origin-price",
    "discount-price",
    "discount-start-date",
    "discount-end-date",
    "price-ranges",
    "discount-ranges",
    "total-price",
    "min-shipping-price",
    "min-shipping-price-additional",
    "min-shipping-type",
    "min-shipping-zone",
    "currency-iso-code",
    "leadtime-to-ship",
    "logistic-class",
    "available-start-date",
    "available-end-date",
    "description",
    "price-additional-info",
    "channels",
    "date-created",
    "last-updated",
    "favorite-rank",
    "fulfillment-center-code",
    "measurement-units",
    "premium",
    "professional",
    "product-tax-code",
    "ongoing-discount-campaigns",
    "min-order-quantity",
    "max-order-quantity",
    "package-quantity",
    "allow-quote-requests",
)


def csv_rows(
    shop: Shop, offers: Sequence[Offer], include: Sequence[str] | None, rename: Mapping[str, str]
) -> tuple[list[str], list[list[str]]]:
    names = list(include) if include else list(CSV_FIELDS)
    rows = [_csv(shop, offer) for offer in offers]
    return [rename.get(name, name) for name in names], [[row.get(name, "") for name in names] for row in rows]


def _csv(shop: Shop, offer: Offer) -> dict[str, str]:
    now, settings = shop.now(), shop.settings
    price = offer.default_price(now)
    unit = price.unit(now) if price else ZERO
    shipping = shipping_price(unit, settings)
    values: dict[str, object] = {
        "offer-id": offer.offer_id,
        "product-sku": offer.product_sku,
        "shop-sku": offer.sku,
        "shop-id": settings.shop_id,
        "shop-name": settings.shop_name,
        "state-code": offer.state_code,
        "active": offer.is_active(now),
        "deleted": offer.deleted,
        "quantity": offer.quantity,
        "total-price": unit + shipping,
        "min-shipping-price": shipping,
        "min-shipping-price-additional": ZERO,
        "min-shipping-type": STANDARD[0],
        "min-shipping-zone": ZONES[0][0],
        "currency-iso-code": settings.currency,
        "leadtime-to-ship": settings.lead_time_days if offer.lead_time is None else offer.lead_time,
        "logistic-class": offer.logistic_class,
        "available-start-date": stamp_or_null(offer.available_start),
        "available-end-date": stamp_or_null(offer.available_end),
        "description": offer.description,
        "price-additional-info": offer.price_additional_info,
        "channels": "|".join(settings.channels),
        "date-created": stamp(offer.created_at),
        "last-updated": stamp(offer.updated_at),
        "fulfillment-center-code": "DEFAULT",
        "premium": False,
        "professional": True,
        "product-tax-code": offer.product_tax_code,
        "min-order-quantity": offer.min_order_quantity,
        "max-order-quantity": offer.max_order_quantity,
        "package-quantity": offer.package_quantity,
        "allow-quote-requests": offer.allow_quote_requests,
        **(_csv_price(price, unit) if price else {}),
    }
    for one in offer.prices:
        for channel in one.channels:
            values[f"price[channel={channel}]"] = one.unit(now)
    return {name: _cell(value) for name, value in values.items()}


def _csv_price(price: Price, unit: Decimal) -> dict[str, object]:
    return {
        "price": unit,
        "origin-price": price.origin,
        "discount-price": price.discount,
        "discount-start-date": stamp_or_null(price.discount_start),
        "discount-end-date": stamp_or_null(price.discount_end),
        "price-ranges": _ranges(price.ranges),
        "discount-ranges": _ranges(price.discount_ranges),
    }


def _ranges(ranges: Sequence[tuple[int, Decimal]]) -> str:
    return ",".join(f"{threshold}|{unit}" for threshold, unit in ranges)


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def json_fields(shop: Shop, offer: Offer, include: Sequence[str] | None) -> dict[str, object]:
    now, settings = shop.now(), shop.settings
    price = offer.default_price(now)
    fields: dict[str, object] = {
        "active": offer.is_active(now),
        "allow_quote_requests": offer.allow_quote_requests,
        "available_end_date": stamp_or_null(offer.available_end),
        "available_start_date": stamp_or_null(offer.available_start),
        "channels": list(settings.channels),
        "currency_iso_code": settings.currency,
        "date_created": stamp(offer.created_at),
        "deleted": offer.deleted,
        "description": offer.description,
        "eco_contributions": [],
        "favorite_rank": None,
        "fulfillment": {"center": {"code": "DEFAULT"}},
        "is_professional": True,
        "last_updated": stamp(offer.updated_at),
        "leadtime_to_ship": settings.lead_time_days if offer.lead_time is None else offer.lead_time,
        "logistic_class": {"code": offer.logistic_class},
        "max_order_quantity": offer.max_order_quantity,
        "min_order_quantity": offer.min_order_quantity,
        "min_shipping_price": shipping_price(price.unit(now) if price else ZERO, settings),
        "min_shipping_price_additional": ZERO,
        "min_shipping_type": STANDARD[0],
        "min_shipping_zone": ZONES[0][0],
        "offer_additional_fields": additional_fields("OFFER", offer.additional_fields),
        "offer_id": offer.offer_id,
        "ongoing_discount_campaigns": [],
        "package_quantity": offer.package_quantity,
        "premium": False,
        "price_additional_info": offer.price_additional_info,
        "prices": [_json_price(one) for one in offer.prices],
        "product_sku": offer.product_sku,
        "product_tax_code": offer.product_tax_code,
        "quantity": offer.quantity,
        "shop_id": settings.shop_id,
        "shop_name": settings.shop_name,
        "shop_sku": offer.sku,
        "state_code": offer.state_code,
        "warehouses": [{"code": code, "quantity": count} for code, count in offer.warehouses.items()],
    }
    return fields if not include else {name: fields[name] for name in include if name in fields}


def _json_price(price: Price) -> dict[str, object]:
    discounts = dict(price.discount_ranges)
    volumes = [
        {"quantity_threshold": count, "unit_discount_price": discounts.get(count), "unit_origin_price": unit}
        for count, unit in price.ranges
    ]
    return {
        "context": {"channel_codes": list(price.channels)} if price.channels else None,
        "discount_end_date": stamp_or_null(price.discount_end),
        "discount_price": price.discount,
        "discount_start_date": stamp_or_null(price.discount_start),
        "origin_price": price.origin,
        "volume_prices": volumes,
    }
