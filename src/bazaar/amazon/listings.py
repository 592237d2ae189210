"""What a listing becomes when its attributes change, and what Amazon says against it.

Codes: 90220 missing attribute, 99022 not enough values, 90000900 invalid attribute name, 13013 unknown
SKU, 8572 identifier without article are Amazon's own; those that begin with SIM are this simulator's,
for refusals whose code is in no public document.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from bazaar.amazon.account import Account, asin_of
from bazaar.amazon.records import Effect, Issue, Listing

Attributes = Mapping[str, Sequence[Mapping[str, Any]]]
SELLER_SHIPS = "DEFAULT"
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_OFFER_NEEDS = ("condition_type", "purchasable_offer", "fulfillment_availability")


def check(account: Account, effect: Effect, listing: Listing | None) -> list[Issue]:
    """The issues that refuse it; none when it can be done."""
    if effect.operation == "DELETE":
        return [] if listing else [_unknown(effect.sku)]
    if effect.operation == "PATCH" and listing is None:
        return [_unknown(effect.sku)]
    issues = [_bad_name(name) for name in effect.attributes if not _NAME.fullmatch(name)]
    issues += _check_availability(effect, listing)
    issues += _check_offer(effect, listing)
    return issues + (_check_creation(account, effect) if effect.operation == "UPDATE" else [])


def apply(account: Account, effect: Effect) -> None:
    """Make it live, and write into the ledger what the seller told."""
    listing = account.listings.get(effect.sku)
    if effect.operation == "DELETE":
        if listing is not None:
            account.drop_listing(effect.sku)
            account.world.record("offer_told", account.key, sku=effect.sku, deleted=True)
        return
    if listing is None or effect.operation == "UPDATE":
        listing = _new_listing(account, effect, listing)
    _set_availability(account, listing, effect)
    _set_offer(account, listing, effect)
    for name in effect.removed:
        listing.attributes.pop(name, None)
    listing.attributes.update({name: [dict(v) for v in value] for name, value in effect.attributes.items()})
    account.keep_listing(listing)


def price_at(listing: Listing, place: str, now: datetime) -> Decimal | None:
    """What the buyer pays there now: the sale price between its dates, else the price."""
    sale = listing.sales.get(place)
    if sale is not None:
        start, end = sale.get("start_at"), sale.get("end_at")
        begun = not start or _date(start) <= now
        if begun and (not end or now <= _date(end)):
            return Decimal(sale["price"])
    return listing.prices.get(place)


def is_buyable(listing: Listing, place: str) -> bool:
    return place in listing.prices and listing.available > 0 and not listing.issues


def _check_availability(effect: Effect, listing: Listing | None) -> list[Issue]:
    issues: list[Issue] = []
    for value in effect.attributes.get("fulfillment_availability", ()):
        if not value.get("fulfillment_channel_code"):
            issues.append(_too_few("fulfillment_availability", "fulfillment_channel_code"))
        quantity = value.get("quantity", 0)
        if not isinstance(quantity, int) or quantity < 0:
            issues.append(
                Issue(code="SIM001", message=f"quantity {quantity!r}", attribute="fulfillment_availability")
            )
        if (
            listing is not None
            and listing.by_amazon
            and value.get("fulfillment_channel_code") == SELLER_SHIPS
        ):
            message = f"{effect.sku} is fulfilled by Amazon: its quantity is not yours to tell."
            issues.append(Issue(code="SIM002", message=message, attribute="fulfillment_availability"))
    return issues


def _check_offer(effect: Effect, listing: Listing | None) -> list[Issue]:
    issues: list[Issue] = []
    for value in effect.attributes.get("purchasable_offer", ()):
        price = _scheduled(value, "our_price")
        if price is None:
            issues.append(_too_few("purchasable_offer.our_price", "prices"))
            continue
        place = str(value.get("marketplace_id") or effect.place)
        low = _scheduled(value, "minimum_seller_allowed_price") or (listing and listing.minimums.get(place))
        high = _scheduled(value, "maximum_seller_allowed_price") or (listing and listing.maximums.get(place))
        if price <= 0 or (low and price < low) or (high and price > high):
            message = f"The price {price} is outside its limits {low or ''}–{high or ''}."
            issues.append(Issue(code="SIM003", message=message, attribute="purchasable_offer"))
    return issues


def _check_creation(account: Account, effect: Effect) -> list[Issue]:
    missing = [name for name in _OFFER_NEEDS if not effect.attributes.get(name)]
    issues = [
        Issue(
            code="90220",
            message=f"'{name}' is required but not supplied.",
            attribute=name,
            category="MISSING_ATTRIBUTE",
        )
        for name in missing
    ]
    asin = wanted_asin(effect.attributes)
    product = account.product_of_asin(asin) if asin else None
    if product is None:
        message = f"No article of the catalogue matches {asin or 'the identifiers given'}."
        issues.append(Issue(code="8572", message=message, attribute="merchant_suggested_asin"))
    elif product.family in account.settings.restricted_families:
        message = "You need approval to list this product."
        issues.append(Issue(code="SIM004", message=message, attribute="merchant_suggested_asin"))
    return issues


def wanted_asin(attributes: Attributes) -> str:
    for value in attributes.get("merchant_suggested_asin", ()):
        return str(value.get("value", ""))
    for value in attributes.get("externally_assigned_product_identifier", ()):
        return asin_of(str(value.get("value", "")))
    return ""


def _new_listing(account: Account, effect: Effect, earlier: Listing | None) -> Listing:
    """UPDATE replaces everything of this marketplace; the prices of the others stay."""
    asin = wanted_asin(effect.attributes)
    product = account.product_of_asin(asin)
    condition = next(iter(effect.attributes.get("condition_type", ())), {}).get("value", "new_new")
    now = account.now()
    account.world.record("offer_told", account.key, sku=effect.sku)
    return Listing(
        sku=effect.sku,
        asin=asin,
        ean=product.ean if product else "",
        created_at=earlier.created_at if earlier else now,
        updated_at=now,
        condition=str(condition),
        prices=dict(earlier.prices) if earlier else {},
        amazon_quantity=earlier.amazon_quantity if earlier else None,
    )


def _set_availability(account: Account, listing: Listing, effect: Effect) -> None:
    for value in effect.attributes.get("fulfillment_availability", ()):
        if value.get("fulfillment_channel_code") == SELLER_SHIPS and "quantity" in value:
            listing.quantity = int(value["quantity"])
            account.world.record("stock_told", account.key, sku=listing.sku, quantity=listing.quantity)
        if "lead_time_to_ship_max_days" in value:
            listing.lead_time_days = int(value["lead_time_to_ship_max_days"])


def _set_offer(account: Account, listing: Listing, effect: Effect) -> None:
    for value in effect.attributes.get("purchasable_offer", ()):
        if value.get("audience", "ALL") != "ALL":
            continue
        place = str(value.get("marketplace_id") or effect.place)
        price = _scheduled(value, "our_price")
        if price is None:
            continue
        listing.prices = {**listing.prices, place: price}
        currency = account.places[place].currency if place in account.places else ""
        account.world.record(
            "price_told", account.key, sku=listing.sku, amount=price, currency=currency, marketplace=place
        )
        for name, kept in (
            ("minimum_seller_allowed_price", listing.minimums),
            ("maximum_seller_allowed_price", listing.maximums),
        ):
            if (limit := _scheduled(value, name)) is not None:
                kept[place] = limit
        _set_sale(listing, place, value)


def _set_sale(listing: Listing, place: str, value: Mapping[str, Any]) -> None:
    sale = _scheduled(value, "discounted_price")
    if sale is not None:
        (schedule,) = value["discounted_price"][0]["schedule"][:1]
        dates = {name: str(schedule[name]) for name in ("start_at", "end_at") if schedule.get(name)}
        listing.sales = {**listing.sales, place: {"price": str(sale), **dates}}


def _scheduled(value: Mapping[str, Any], name: str) -> Decimal | None:
    """`[{"schedule": [{"value_with_tax": 12.34}]}]` → 12.34."""
    for price in value.get(name) or ():
        for schedule in price.get("schedule") or ():
            if schedule.get("value_with_tax") is not None:
                return Decimal(str(schedule["value_with_tax"])).quantize(Decimal("0.01"))
    return None


def _date(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else datetime.fromisoformat(f"{text}T00:00:00+00:00"[:25])


def _unknown(sku: str) -> Issue:
    return Issue(code="13013", message=f"The SKU {sku} does not exist.", category="INVALID_SKU")


def _too_few(attribute: str, field: str) -> Issue:
    message = (
        f"The field '\"{field}\"' for the attribute '{attribute}' does not have enough values. "
        "The required minimum is '1' value(s)."
    )
    return Issue(code="99022", message=message, attribute=attribute.split(".")[0])


def _bad_name(name: str) -> Issue:
    return Issue(code="90000900", message=f"The attribute '{name}' is invalid.", attribute=name)
