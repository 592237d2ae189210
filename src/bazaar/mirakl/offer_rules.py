"""What one line of an offer, stock or price import does, and why it may be set aside."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

import msgspec

from bazaar.mirakl.offer_updates import BadLineError, OfferUpdate, read_instant
from bazaar.mirakl.records import Offer, Price
from bazaar.mirakl.reference import LOGISTIC_CLASSES, OFFER_STATES, field_type
from bazaar.mirakl.shop import Shop, product_sku
from bazaar.world.facts import FactKind, Product

Outcome = Literal["inserted", "updated", "deleted"]
STATES = frozenset(code for code, _ in OFFER_STATES)
CLASSES = frozenset(code for code, _ in LOGISTIC_CLASSES)
ID_TYPES = frozenset({"EAN", "SKU", "SHOP_SKU"})
HIGHEST_PRICE = Decimal(10_000_000)


def apply_offer(shop: Shop, update: OfferUpdate) -> Outcome:
    """Create, reset or delete one offer. Raises BadLineError, and then nothing has changed."""
    if not update.shop_sku:
        raise BadLineError("The column 'sku' is required")
    if update.update_delete not in {None, "", "update", "delete"}:
        raise BadLineError(f"The value '{update.update_delete}' of 'update-delete' is invalid")
    existing = shop.offer(update.shop_sku)
    if update.deletes:
        if existing is None:
            raise BadLineError(f"The offer with sku '{update.shop_sku}' does not exist")
        return delete_offer(shop, existing)
    product = _product(shop, update, existing)
    _check(shop, update)
    offer = _reset(shop, update, product)
    shop.keep_offer(offer)
    outcome: Outcome = "updated" if existing else "inserted"
    tell(shop, "offer_told", offer, outcome)
    tell(shop, "stock_told", offer, outcome)
    tell(shop, "price_told", offer, outcome)
    return outcome


def delete_offer(shop: Shop, offer: Offer) -> Outcome:
    offer.deleted, offer.quantity = True, 0
    shop.keep_offer(offer)
    tell(shop, "offer_told", offer, "deleted")
    return "deleted"


def tell(shop: Shop, kind: FactKind, offer: Offer, action: str) -> None:
    price = offer.default_price(shop.now())
    shop.world.record(
        kind,
        shop.key,
        sku=offer.sku,
        quantity=offer.quantity,
        amount=price.unit(shop.now()) if price else None,
        currency=shop.settings.currency,
        action=action,
    )


def _product(shop: Shop, update: OfferUpdate, existing: Offer | None) -> Product:
    """The operator's product; for an update the offer's own one, which a given id must match."""
    if existing is not None and not update.product_id:
        return shop.world.products_by_ean[existing.ean]
    if not update.product_id or not update.product_id_type:
        raise BadLineError("The columns 'product-id' and 'product-id-type' are required to create an offer")
    if update.product_id_type not in ID_TYPES:
        raise BadLineError(f"The product id type '{update.product_id_type}' is unknown")
    product = shop.product(update.product_id_type, update.product_id)
    if product is None:
        raise BadLineError("The product does not exist")
    if existing is not None and existing.ean != product.ean:
        raise BadLineError(f"An offer with sku '{existing.sku}' already exists for another product")
    return product


def _check(shop: Shop, update: OfferUpdate) -> None:
    if update.state_code not in STATES:
        raise BadLineError(f"The offer state '{update.state_code}' is unknown")
    prices = update.prices()
    if not any(not one.channels for one in prices):
        raise BadLineError("The column 'price' is required")
    for price in prices:
        check_price(shop, price)
    for name in ("quantity", "leadtime_to_ship", "min_order_quantity", "max_order_quantity"):
        value = getattr(update, name)
        if value is not None and value < 0:
            raise BadLineError(f"The value of '{name}' must be greater than or equal to 0")
    if update.logistic_class and update.logistic_class not in CLASSES:
        raise BadLineError(f"The logistic class '{update.logistic_class}' is unknown")
    for field in update.offer_additional_fields or ():
        if field_type("OFFER", field.code) is None:
            raise BadLineError(f"The custom field '{field.code}' does not exist")


def check_price(shop: Shop, price: Price) -> None:
    settings = shop.settings
    amounts = [price.origin, *(one for _, one in price.ranges), *(one for _, one in price.discount_ranges)]
    if price.discount is not None:
        amounts.append(price.discount)
    if any(one <= 0 for one in amounts):
        raise BadLineError("The price must be greater than 0")
    if any(one > HIGHEST_PRICE for one in amounts):
        raise BadLineError("The price is too high")
    if any(one != one.quantize(Decimal("0.01")) for one in amounts):
        raise BadLineError("The price must have at most 2 decimals")
    if price.discount is not None and price.discount >= price.origin:
        raise BadLineError("The discount price must be lower than the price")
    if price.discount is not None and settings.discount_period_required and not price.discount_end:
        raise BadLineError("The discount start and end dates are required")
    _check_features(shop, price)


def _check_features(shop: Shop, price: Price) -> None:
    settings = shop.settings
    if price.discount_start and price.discount_end and price.discount_end <= price.discount_start:
        raise BadLineError("The discount end date must be after its start date")
    if price.channels and not settings.channel_pricing:
        raise BadLineError("The channel pricing feature is not activated")
    unknown = [one for one in price.channels if one not in settings.channels]
    if unknown:
        raise BadLineError(f"The channel '{unknown[0]}' does not exist")
    if price.ranges and not settings.volume_pricing:
        raise BadLineError("The volume pricing feature is not activated")
    if (price.start or price.end) and not settings.scheduled_pricing:
        raise BadLineError("The scheduled pricing feature is not activated")


def _reset(shop: Shop, update: OfferUpdate, product: Product) -> Offer:
    """The offer as the line says it: a field that is not sent goes back to its default."""
    now = shop.now()
    earlier = shop.offers.get(update.shop_sku)
    fields = update.offer_additional_fields or []
    return Offer(
        offer_id=earlier.offer_id if earlier else shop.next_offer_id(),
        sku=update.shop_sku,
        ean=product.ean,
        product_sku=product_sku(product.ean),
        title=product.title,
        family=product.family,
        brand=product.brand,
        state_code=update.state_code,
        quantity=update.quantity or 0,
        prices=update.prices(),
        created_at=earlier.created_at if earlier else now,
        updated_at=now,
        description=update.description or "",
        internal_description=update.internal_description or "",
        price_additional_info=update.price_additional_info or "",
        lead_time=update.leadtime_to_ship,
        logistic_class=update.logistic_class or "S",
        min_quantity_alert=update.min_quantity_alert,
        min_order_quantity=update.min_order_quantity,
        max_order_quantity=update.max_order_quantity,
        package_quantity=update.package_quantity,
        available_start=read_instant("available-start-date", update.available_started),
        available_end=read_instant("available-end-date", update.available_ended),
        product_tax_code=update.product_tax_code,
        allow_quote_requests=bool(update.allow_quote_requests),
        additional_fields={one.code: str(one.value) for one in fields if one.value is not None},
    )


def put_on_sale(shop: Shop, product: Product) -> None:
    """An offer that was there before the story begins: no import made it and nobody told it."""
    update = OfferUpdate(
        shop_sku=product.sku,
        state_code="11",
        update_delete="update",
        price=product.list_price,
        quantity=product.initial_stock,
    )
    shop.keep_offer(_reset(shop, update, product))


def replace_prices(shop: Shop, offer: Offer, prices: tuple[Price, ...]) -> None:
    """PRI01: every price of the offer that is not in the file is gone."""
    shop.keep_offer(msgspec.structs.replace(offer, prices=prices))
    tell(shop, "price_told", shop.offers[offer.sku], "replaced")
