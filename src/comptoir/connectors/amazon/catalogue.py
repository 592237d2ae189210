"""Which article of Amazon a barcode is: catalogue search (2022-04-01), then whether we may sell it.

Refusals keep Amazon's reasons: APPROVAL_REQUIRED, ASIN_NOT_FOUND, NOT_ELIGIBLE (restrictions, 2021-08-01).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from comptoir.connectors.amazon.client import AmazonClient, Params
from comptoir.connectors.amazon.marketplaces import Marketplace
from comptoir.connectors.amazon.payload import Payload
from comptoir.sdk.connector import Cache
from comptoir.sdk.errors import RejectedRecord

SEARCH_SIZE = 20
_FOUND_S = 30 * 24 * 3600
_NOT_FOUND_S = 24 * 3600


class _Identifier(Payload, frozen=True, kw_only=True):
    identifier_type: str | None = None
    identifier: str | None = None


class _Identifiers(Payload, frozen=True, kw_only=True):
    identifiers: list[_Identifier] | None = None


class _Summary(Payload, frozen=True, kw_only=True):
    item_classification: str | None = None
    item_name: str | None = None


class _ProductType(Payload, frozen=True, kw_only=True):
    product_type: str | None = None


class CatalogItem(Payload, frozen=True, kw_only=True):
    asin: str
    identifiers: list[_Identifiers] | None = None
    summaries: list[_Summary] | None = None
    product_types: list[_ProductType] | None = None

    @property
    def is_variation_parent(self) -> bool:
        return any(s.item_classification == "VARIATION_PARENT" for s in self.summaries or ())

    @property
    def title(self) -> str:
        return next((s.item_name for s in self.summaries or () if s.item_name), "")

    @property
    def product_type(self) -> str:
        return next((p.product_type for p in self.product_types or () if p.product_type), "PRODUCT")

    def has(self, ean: str) -> bool:
        named = (i.identifier for group in self.identifiers or () for i in group.identifiers or ())
        return any((name or "").lstrip("0") == ean.lstrip("0") for name in named)


class _Items(Payload, frozen=True, kw_only=True):
    items: list[CatalogItem]


class _Reason(Payload, frozen=True, kw_only=True):
    message: str | None = None
    reason_code: str | None = None


class _Restriction(Payload, frozen=True, kw_only=True):
    reasons: list[_Reason] | None = None


class _Restrictions(Payload, frozen=True, kw_only=True):
    restrictions: list[_Restriction]


class _Refusal(msgspec.Struct, frozen=True):
    refused: bool = False
    code: str = ""
    message: str = ""


class Article(msgspec.Struct, frozen=True, kw_only=True):
    """What a barcode is there: its article, or why there is none to use."""

    asin: str = ""
    product_type: str = ""
    code: str = ""
    message: str = ""


class Catalogue:
    def __init__(self, client: AmazonClient, cache: Cache, place: Marketplace, seller_id: str) -> None:
        self._client = client
        self._cache = cache
        self._place = place
        self._seller_id = seller_id

    def search(self, eans: Sequence[str]) -> list[CatalogItem]:
        """At most twenty barcodes at a time; none, one or several articles for each."""
        params: Params = {
            "identifiers": list(eans),
            "identifiersType": "EAN",
            "marketplaceIds": [self._place.id],
            "includedData": ["summaries", "identifiers", "productTypes"],
            "pageSize": SEARCH_SIZE,
        }
        return self._client.get("searchCatalogItems", "/catalog/2022-04-01/items", params).json(_Items).items

    def asins(self, eans: Sequence[str]) -> Mapping[str, str]:
        """The one article of each barcode; absent where there is none, or several to choose from."""
        return {ean: found.asin for ean, found in self.articles(eans).items() if found.asin}

    def articles(self, eans: Sequence[str]) -> Mapping[str, Article]:
        """What the catalogue says of each barcode, kept: a month where there is an article, else a day."""
        known = {ean: self._kept(ean) for ean in dict.fromkeys(eans)}
        missing = [ean for ean, article in known.items() if article is None]
        for start in range(0, len(missing), SEARCH_SIZE):
            batch = missing[start : start + SEARCH_SIZE]
            items = self.search(batch)
            for ean in batch:
                known[ean] = self._keep(ean, _article(candidates(items, ean), ean))
        return {ean: article for ean, article in known.items() if article is not None}

    def check_allowed(self, asin: str, condition: str = "new_new") -> None:
        """RejectedRecord with Amazon's reasons when this account may not sell it; asked once a day."""
        key = f"allowed:{asin}:{condition}"
        kept = self._cache.get(key)
        told = msgspec.json.decode(kept, type=_Refusal) if kept else self._ask_allowed(asin, condition)
        if not kept:
            self._cache.set(key, msgspec.json.encode(told), seconds=_NOT_FOUND_S)
        if told.refused:
            raise RejectedRecord(told.message, code=told.code, record_id=asin)

    def _ask_allowed(self, asin: str, condition: str) -> _Refusal:
        params: Params = {
            "asin": asin,
            "sellerId": self._seller_id,
            "marketplaceIds": [self._place.id],
            "conditionType": condition,
            "reasonLocale": self._place.locale,
        }
        path = "/listings/2021-08-01/restrictions"
        found = self._client.get("getListingsRestrictions", path, params).json(_Restrictions).restrictions
        reasons = [reason for restriction in found for reason in restriction.reasons or ()]
        words = " ".join(reason.message or "" for reason in reasons).strip() or "not allowed"
        code = next((reason.reason_code for reason in reasons if reason.reason_code), "")
        return _Refusal(refused=bool(found), code=code, message=words if found else "")

    def _kept(self, ean: str) -> Article | None:
        kept = self._cache.get(f"article:{ean}")
        return msgspec.json.decode(kept, type=Article) if kept else None

    def _keep(self, ean: str, article: Article) -> Article:
        seconds = _FOUND_S if article.asin else _NOT_FOUND_S
        self._cache.set(f"article:{ean}", msgspec.json.encode(article), seconds=seconds)
        return article


def candidates(items: Sequence[CatalogItem], ean: str) -> list[CatalogItem]:
    """The articles with that barcode that can be bought: parents of variations cannot."""
    return [item for item in items if item.has(ean) and not item.is_variation_parent]


def _article(found: Sequence[CatalogItem], ean: str) -> Article:
    """Several articles for one barcode are for a person to choose from."""
    if len(found) == 1:
        return Article(asin=found[0].asin, product_type=found[0].product_type)
    if not found:
        return Article(code="no_asin", message=f"Amazon has no article with the barcode {ean!r}")
    named = ", ".join(f"{item.asin} {item.title}".strip() for item in found)
    return Article(code="choose_asin", message=f"several articles have this barcode: {named}")
