"""Product types: a home-made schema in Amazon's dialect (JSON Schema 2019-09 and its own keywords).

Amazon's own schemas are not public as files: this one has the attributes of an offer and a few of an
article, with `selectors`, `maxUniqueItems`, `minUtf8ByteLength` and the like where Amazon uses them.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Sequence
from typing import Any

import msgspec

_NAMES = {
    "PRODUCT": "Product",
    "VIDEO_GAME_ACCESSORIES": "Video Game Accessories",
    "TOYS_AND_GAMES": "Toys & Games",
}
_OFFER = ("condition_type", "purchasable_offer", "fulfillment_availability", "merchant_suggested_asin")
_ARTICLE = ("item_name", "brand", "externally_assigned_product_identifier")


def search(words: Sequence[str], places: Sequence[str]) -> dict[str, Any]:
    found = [
        {"name": name, "displayName": title, "marketplaceIds": list(places)}
        for name, title in _NAMES.items()
        if not words or any(word.lower() in title.lower() for word in words) or name == "PRODUCT"
    ]
    return {"productTypes": found, "productTypeVersion": "SIMULATED-1"}


def describe(
    name: str, places: Sequence[str], requirements: str, url: Callable[[str], str]
) -> dict[str, Any] | None:
    schema = schema_of(name)
    if schema is None:
        return None
    checksum = base64.b64encode(hashlib.md5(msgspec.json.encode(schema), usedforsecurity=False).digest())
    link = {"resource": url(f"/schemas/{name}"), "verb": "GET"}
    groups = {
        "offer": {"title": "Offer", "propertyNames": list(_OFFER)},
        "product_identity": {"title": "Product Identity", "propertyNames": list(_ARTICLE)},
    }
    version = {"version": "SIMULATED-1", "latest": True, "releaseCandidate": False}
    return {
        "schema": {"link": link, "checksum": checksum.decode()},
        "requirements": requirements,
        "requirementsEnforced": "ENFORCED",
        "propertyGroups": groups,
        "locale": "DEFAULT",
        "marketplaceIds": list(places),
        "productType": name,
        "displayName": _NAMES[name],
        "productTypeVersion": version,
    }


def schema_of(name: str) -> dict[str, Any] | None:
    if name not in _NAMES:
        return None
    return {
        "$schema": "https://schemas.amazon.com/selling-partners/definitions/product-types/meta-schema/v1",
        "$id": f"https://schemas.amazon.com/selling-partners/definitions/product-types/schema/v1/{name}",
        "$comment": "Simulated product type definition.",
        "type": "object",
        "required": ["condition_type", "purchasable_offer", "fulfillment_availability"],
        "properties": {
            "condition_type": _list(_local({"type": "string", "enum": ["new_new", "used_good"]}), 1),
            "item_name": _list(
                _local({"type": "string", "minUtf8ByteLength": 1, "maxUtf8ByteLength": 200}), 1
            ),
            "brand": _list(_local({"type": "string", "maxUtf8ByteLength": 100}), 1),
            "externally_assigned_product_identifier": _list(_local({"type": "string"}), 5),
            "merchant_suggested_asin": _list(_local({"type": "string"}), 1),
            "fulfillment_availability": _list(_availability(), 10, ["fulfillment_channel_code"]),
            "purchasable_offer": _list(_offer(), 20, ["marketplace_id", "audience"]),
        },
    }


def _list(item: dict[str, Any], most: int, selectors: Sequence[str] = ("marketplace_id",)) -> dict[str, Any]:
    return {
        "type": "array",
        "minItems": 1,
        "minUniqueItems": 1,
        "maxUniqueItems": most,
        "selectors": list(selectors),
        "editable": True,
        "hidden": False,
        "items": item,
    }


def _local(value: dict[str, Any]) -> dict[str, Any]:
    properties = {"value": value, "marketplace_id": {"type": "string"}}
    return {"type": "object", "required": ["value"], "properties": properties, "additionalProperties": False}


def _availability() -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["fulfillment_channel_code"],
        "properties": {
            "fulfillment_channel_code": {"type": "string", "enum": ["DEFAULT", "AMAZON_EU"]},
            "quantity": {"type": "integer", "minimum": 0},
            "lead_time_to_ship_max_days": {"type": "integer", "minimum": 0, "maximum": 30},
        },
    }


def _offer() -> dict[str, Any]:
    schedule = {"type": "array", "items": {"type": "object", "required": ["value_with_tax"]}}
    price = {"type": "array", "items": {"type": "object", "properties": {"schedule": schedule}}}
    return {
        "type": "object",
        "required": ["currency", "our_price"],
        "properties": {
            "marketplace_id": {"type": "string"},
            "currency": {"type": "string"},
            "audience": {"type": "string", "enum": ["ALL", "B2B"]},
            "our_price": price,
            "discounted_price": price,
            "minimum_seller_allowed_price": price,
            "maximum_seller_allowed_price": price,
        },
    }
