"""Which article of Amazon a barcode is: catalogue search (2022-04-01), then whether we may sell it.

Refusals keep Amazon's reasons: APPROVAL_REQUIRED, ASIN_NOT_FOUND, NOT_ELIGIBLE (restrictions, 2021-08-01).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

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
        known = {ean: self._kept(ean) for ean in eans}
        missing = [ean for ean, asin in known.items() if asin is None]
        for start in range(0, len(missing), SEARCH_SIZE):
            batch = missing[start : start + SEARCH_SIZE]
            items = self.search(batch)
            for ean in batch:
                known[ean] = self._keep(ean, chosen(candidates(items, ean)))
        return {ean: asin for ean, asin in known.items() if asin}

    def check_allowed(self, asin: str, condition: str = "new_new") -> None:
        """RejectedRecord with Amazon's reasons when this account may not sell it."""
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
        if found:
            words = " ".join(reason.message or "" for reason in reasons).strip() or "not allowed"
            code = next((reason.reason_code for reason in reasons if reason.reason_code), "")
            raise RejectedRecord(words, code=code, record_id=asin)

    def _kept(self, ean: str) -> str | None:
        kept = self._cache.get(f"asin:{ean}")
        return None if kept is None else kept.decode().removeprefix("-")

    def _keep(self, ean: str, asin: str) -> str:
        self._cache.set(f"asin:{ean}", (asin or "-").encode(), seconds=_FOUND_S if asin else _NOT_FOUND_S)
        return asin


def candidates(items: Sequence[CatalogItem], ean: str) -> list[CatalogItem]:
    """The articles with that barcode that can be bought: parents of variations cannot."""
    return [item for item in items if item.has(ean) and not item.is_variation_parent]


def chosen(found: Sequence[CatalogItem]) -> str:
    """The only candidate; "" when there is none or when a person has to choose."""
    return found[0].asin if len(found) == 1 else ""
