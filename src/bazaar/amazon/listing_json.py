"""A listing as Listings Items 2021-08-01 shows it, and issues as they are told."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from bazaar.amazon.account import Account
from bazaar.amazon.exchange import money, stamp
from bazaar.amazon.listings import SELLER_SHIPS, is_buyable, price_at
from bazaar.amazon.records import Issue, Listing

INCLUDED = frozenset(
    "summaries attributes issues offers fulfillmentAvailability procurement relationships productTypes".split()
)


def listing_json(
    account: Account, listing: Listing, places: Sequence[str], included: Collection[str]
) -> dict[str, Any]:
    shown: dict[str, Any] = {"sku": listing.sku}
    here = [place for place in places if place in listing.prices]
    if "summaries" in included:
        shown["summaries"] = [_summary(account, listing, place) for place in here]
    if "attributes" in included:
        shown["attributes"] = listing.attributes
    if "issues" in included:
        shown["issues"] = [issue_json(issue) for issue in listing.issues]
    if "offers" in included:
        shown["offers"] = [_offer(account, listing, place) for place in here]
    if "fulfillmentAvailability" in included:
        code = SELLER_SHIPS if not listing.by_amazon else "AMAZON_EU"
        shown["fulfillmentAvailability"] = [{"fulfillmentChannelCode": code, "quantity": listing.available}]
    if "productTypes" in included:
        shown["productTypes"] = [{"marketplaceId": p, "productType": listing.product_type} for p in here]
    return shown


def issue_json(issue: Issue) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "code": issue.code,
        "message": issue.message,
        "severity": issue.severity,
        "categories": [issue.category],
    }
    return shown | ({"attributeNames": [issue.attribute]} if issue.attribute else {})


def _summary(account: Account, listing: Listing, place: str) -> dict[str, Any]:
    product = account.world.products_by_ean.get(listing.ean)
    return {
        "marketplaceId": place,
        "asin": listing.asin,
        "productType": listing.product_type,
        "conditionType": listing.condition,
        "status": ["BUYABLE", "DISCOVERABLE"] if is_buyable(listing, place) else ["DISCOVERABLE"],
        "itemName": product.title if product else listing.sku,
        "createdDate": stamp(listing.created_at),
        "lastUpdatedDate": stamp(listing.updated_at),
    }


def _offer(account: Account, listing: Listing, place: str) -> dict[str, Any]:
    price = price_at(listing, place, account.now())
    assert price is not None, f"{listing.sku} has no price in {place}"
    currency = account.places[place].currency
    return {
        "marketplaceId": place,
        "offerType": "B2C",
        "price": money(price, currency),
        "audience": {"value": "ALL", "displayName": "Sell on Amazon"},
    }
