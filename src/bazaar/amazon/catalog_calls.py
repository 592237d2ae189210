"""The catalogue (2022-04-01), restrictions (2021-08-01) and product types (2020-09-01)."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from starlette.responses import Response

from bazaar.amazon.account import asin_of
from bazaar.amazon.exchange import Call, Operation, Refused, answer, bad_input
from bazaar.amazon.paging import start_of, token_of
from bazaar.amazon.product_types import describe, schema_of, search
from bazaar.world.facts import Product

_INCLUDED = frozenset(
    "attributes classifications dimensions identifiers images productTypes relationships salesRanks "
    "summaries vendorDetails".split()
)
_LARGEST_PAGE = 20


async def search_items(call: Call) -> Response:
    (place,) = call.places(most=1)
    included = call.choices("includedData", _INCLUDED) or ["summaries"]
    size = call.number("pageSize", 10, 1, _LARGEST_PAGE)
    identifiers = call.csv("identifiers", most=_LARGEST_PAGE)
    keywords = call.csv("keywords", most=_LARGEST_PAGE)
    if bool(identifiers) == bool(keywords):
        raise bad_input("Exactly one of 'identifiers' and 'keywords' is required.")
    products = _by_identifier(call, identifiers) if identifiers else _by_keyword(call, keywords)
    start = start_of(call)
    content: dict[str, Any] = {
        "numberOfResults": len(products),
        "items": [_item(product, place, included) for product in products[start : start + size]],
    }
    if start + size < len(products):
        content["pagination"] = {"nextToken": token_of(start + size)}
    return answer(content)


async def get_item(call: Call) -> Response:
    (place,) = call.places(most=1)
    product = call.account.product_of_asin(call.path("asin"))
    if product is None:
        raise Refused(404, "NOT_FOUND", f"Requested item '{call.path('asin')}' not found.")
    included = call.choices("includedData", _INCLUDED) or ["summaries"]
    return answer(_item(product, place, included))


async def restrictions(call: Call) -> Response:
    asin, places = call.text("asin"), call.places()
    if call.text("sellerId") != call.account.settings.seller_id:
        raise bad_input("Invalid 'sellerId' provided.")
    product = call.account.product_of_asin(asin)
    if product is not None and product.family not in call.account.settings.restricted_families:
        return answer({"restrictions": []})
    code = "ASIN_NOT_FOUND" if product is None else "APPROVAL_REQUIRED"
    words = (
        f"{asin} is not in the catalogue." if product is None else "You need approval to list this product."
    )
    reason: dict[str, Any] = {"reasonCode": code, "message": words}
    if product is not None:
        resource = f"https://sellercentral.example/hz/approvalrequest?asin={asin}"
        reason["links"] = [
            {"resource": resource, "verb": "GET", "title": "Request Approval", "type": "text/html"}
        ]
    condition = call.text("conditionType") or "new_new"
    found = [{"marketplaceId": p, "conditionType": condition, "reasons": [reason]} for p in places]
    return answer({"restrictions": found})


async def search_product_types(call: Call) -> Response:
    places = call.places()
    words = call.csv("keywords") or call.text("itemName").split()
    return answer(search(words, places))


async def get_product_type(call: Call) -> Response:
    places = call.places()
    found = describe(call.path("productType"), places, call.text("requirements") or "LISTING", call.url)
    if found is None:
        raise Refused(404, "NOT_FOUND", f"The product type {call.path('productType')} was not found.")
    return answer(found)


async def get_schema(call: Call) -> Response:
    schema = schema_of(call.path("productType"))
    if schema is None:
        raise Refused(404, "NotFound", "no such schema")
    return answer(schema)


def _by_identifier(call: Call, identifiers: list[str]) -> list[Product]:
    kind = call.text("identifiersType")
    account = call.account
    if kind == "ASIN":
        found = [account.product_of_asin(asin) for asin in identifiers]
    elif kind == "SKU":
        listings = [account.listings.get(sku) for sku in identifiers]
        found = [account.world.products_by_ean.get(one.ean) for one in listings if one]
    elif kind in ("EAN", "GTIN", "UPC", "JAN", "ISBN"):
        found = [account.world.products_by_ean.get(ean) for ean in identifiers]
    else:
        raise bad_input("'identifiersType' is required with 'identifiers'.")
    return [product for product in found if product is not None]


def _by_keyword(call: Call, keywords: list[str]) -> list[Product]:
    words = [word.lower() for word in keywords]
    return [
        product
        for product in call.account.world.products.values()
        if all(word in f"{product.title} {product.brand}".lower() for word in words)
    ]


def _item(product: Product, place: str, included: Collection[str]) -> dict[str, Any]:
    shown: dict[str, Any] = {"asin": asin_of(product.ean)}
    if "summaries" in included:
        summary = {"brand": product.brand, "itemName": product.title, "itemClassification": "BASE_PRODUCT"}
        shown["summaries"] = [{"marketplaceId": place, **summary}]
    if "identifiers" in included:
        ean = {"identifierType": "EAN", "identifier": product.ean}
        shown["identifiers"] = [{"marketplaceId": place, "identifiers": [ean]}]
    if "productTypes" in included:
        shown["productTypes"] = [{"marketplaceId": place, "productType": "PRODUCT"}]
    if "images" in included:
        shown["images"] = [{"marketplaceId": place, "images": []}]
    if "salesRanks" in included:
        rank = max(1, round(1_000_000 / (1 + product.popularity * 1000)))
        ranks = [{"websiteDisplayGroup": "simulated", "title": product.family, "rank": rank}]
        shown["salesRanks"] = [{"marketplaceId": place, "displayGroupRanks": ranks}]
    if "relationships" in included:
        shown["relationships"] = [{"marketplaceId": place, "relationships": []}]
    return shown


_TYPES = "/definitions/2020-09-01/productTypes"
OPERATIONS = (
    Operation("searchCatalogItems", "GET", "/catalog/2022-04-01/items", search_items),
    Operation("getCatalogItem", "GET", "/catalog/2022-04-01/items/{asin}", get_item),
    Operation("getListingsRestrictions", "GET", "/listings/2021-08-01/restrictions", restrictions),
    Operation("searchDefinitionsProductTypes", "GET", _TYPES, search_product_types),
    Operation("getDefinitionsProductType", "GET", f"{_TYPES}/{{productType}}", get_product_type),
)
