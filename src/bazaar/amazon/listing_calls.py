"""Listings Items 2021-08-01: get, search, put, patch, delete. What is ACCEPTED is live a little later."""

from __future__ import annotations

from typing import Any

import msgspec
from starlette.responses import Response

from bazaar.amazon.account import Account
from bazaar.amazon.exchange import Call, Operation, Refused, answer, bad_input
from bazaar.amazon.listing_json import INCLUDED, issue_json, listing_json
from bazaar.amazon.listings import apply, check
from bazaar.amazon.paging import start_of, token_of
from bazaar.amazon.records import Effect, Issue, Listing

_ROOT = "/listings/2021-08-01/items/{sellerId}"
_LARGEST_PAGE = 20
_IDENTIFIERS = frozenset("ASIN EAN FNSKU GTIN ISBN JAN MINSAN SKU UPC".split())


class Patch(msgspec.Struct):
    op: str
    path: str
    value: list[dict[str, Any]] = []


class Patches(msgspec.Struct, rename="camel"):
    product_type: str
    patches: list[Patch]


class Put(msgspec.Struct, rename="camel"):
    product_type: str
    attributes: dict[str, list[dict[str, Any]]]
    requirements: str = "LISTING"


async def get_item(call: Call) -> Response:
    listing = call.account.listings.get(_sku(call))
    if listing is None:
        raise Refused(404, "NOT_FOUND", f"SKU '{_sku(call)}' not found in the given marketplaces.")
    included = call.choices("includedData", INCLUDED) or ["summaries"]
    return answer(listing_json(call.account, listing, call.places(), included))


async def search_items(call: Call) -> Response:
    _check_seller(call)
    places = call.places()
    size = call.number("pageSize", 10, 1, _LARGEST_PAGE)
    included = call.choices("includedData", INCLUDED) or ["summaries"]
    found = _found(call)
    start = start_of(call)
    page = found[start : start + size]
    content: dict[str, object] = {
        "numberOfResults": len(found),
        "items": [listing_json(call.account, listing, places, included) for listing in page],
    }
    if start + size < len(found):
        content["pagination"] = {"nextToken": token_of(start + size)}
    return answer(content)


async def patch_item(call: Call) -> Response:
    asked = await call.body(Patches)
    (place,) = _one_place(call)
    return _submit(call, effect_of_patches(_sku(call), place, asked.patches))


async def put_item(call: Call) -> Response:
    asked = await call.body(Put)
    (place,) = _one_place(call)
    return _submit(call, Effect(sku=_sku(call), place=place, operation="UPDATE", attributes=asked.attributes))


async def delete_item(call: Call) -> Response:
    (place,) = _one_place(call)
    return _submit(call, Effect(sku=_sku(call), place=place, operation="DELETE"))


def effect_of_patches(sku: str, place: str, patches: list[Patch]) -> Effect:
    """ValueError (as a refusal) for a path that is not one top-level attribute."""
    attributes: dict[str, list[dict[str, Any]]] = {}
    removed: list[str] = []
    for patch in patches:
        root, _, name = patch.path.removeprefix("/").partition("/")
        if root != "attributes" or not name or "/" in name:
            raise bad_input(f"The patch path '{patch.path}' is not a top-level attribute.")
        if patch.op not in ("add", "replace", "merge", "delete"):
            raise bad_input(f"The patch operation '{patch.op}' is unknown.")
        if patch.op == "delete":
            removed.append(name)
        else:
            attributes[name] = patch.value
    return Effect(sku=sku, place=place, operation="PATCH", attributes=attributes, removed=tuple(removed))


def take_effect(account: Account, effect_id: str) -> None:
    effect = account.effects.pop(effect_id)
    if effect.operation == "PATCH" and effect.sku not in account.listings:
        return  # deleted meanwhile
    apply(account, effect)


def _submit(call: Call, effect: Effect) -> Response:
    _check_seller(call)
    account = call.account
    issues = check(account, effect, account.listings.get(effect.sku))
    preview = call.text("mode") == "VALIDATION_PREVIEW"
    if issues:
        return answer(_submitted(account, effect, "INVALID", issues))
    if preview:
        return answer(_submitted(account, effect, "VALID", []))
    effect_id = str(account.number("effects", 0))
    account.effects[effect_id] = effect
    if account.settings.effect_s > 0:
        account.later(account.settings.effect_s, "effect", effect_id=effect_id)
    else:
        take_effect(account, effect_id)
    return answer(_submitted(account, effect, "ACCEPTED", []))


def _submitted(account: Account, effect: Effect, status: str, issues: list[Issue]) -> dict[str, Any]:
    return {
        "sku": effect.sku,
        "status": status,
        "submissionId": account.uuid().replace("-", ""),
        "issues": [issue_json(issue) for issue in issues],
    }


def _found(call: Call) -> list[Listing]:
    account, identifiers = call.account, call.csv("identifiers", most=_LARGEST_PAGE)
    if not identifiers:
        since = call.instant("lastUpdatedAfter")
        listings = list(account.listings.values())
        return [one for one in listings if since is None or one.updated_at >= since]
    kind = call.text("identifiersType")
    if kind not in _IDENTIFIERS:
        raise bad_input("'identifiersType' is required with 'identifiers'.")
    if kind == "SKU":
        return [account.listings[sku] for sku in identifiers if sku in account.listings]
    if kind == "ASIN":
        return [listing for asin in identifiers for listing in account.listings_of(asin)]
    return [one for one in account.listings.values() if one.ean in identifiers]


def _sku(call: Call) -> str:
    _check_seller(call)
    return call.path("sku")


def _check_seller(call: Call) -> None:
    if call.path("sellerId") != call.account.settings.seller_id:
        raise Refused(403, "Unauthorized", "Access to requested resource is denied.")


def _one_place(call: Call) -> list[str]:
    places = call.places(most=1)
    assert len(places) == 1, "places() refuses none and more than one"
    return places


OPERATIONS = (
    Operation("searchListingsItems", "GET", _ROOT, search_items),
    Operation("getListingsItem", "GET", f"{_ROOT}/{{sku:path}}", get_item),
    Operation("putListingsItem", "PUT", f"{_ROOT}/{{sku:path}}", put_item),
    Operation("patchListingsItem", "PATCH", f"{_ROOT}/{{sku:path}}", patch_item),
    Operation("deleteListingsItem", "DELETE", f"{_ROOT}/{{sku:path}}", delete_item),
)
