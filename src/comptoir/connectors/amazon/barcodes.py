"""From a barcode to an offer: which article, whether we may sell it, whether Amazon would take the offer.

Every « no » comes with its reason. Several articles for one barcode are for a person to choose from.
"""

from __future__ import annotations

import msgspec

from comptoir.connectors.amazon.catalogue import Catalogue, candidates
from comptoir.connectors.amazon.client import AmazonClient, Params
from comptoir.connectors.amazon.listing_changes import CONDITIONS, item_path, offer_change
from comptoir.connectors.amazon.listing_reports import Submitted, rejection
from comptoir.connectors.amazon.payload import Payload
from comptoir.connectors.amazon.settings import AmazonSettings
from comptoir.sdk.errors import RejectedRecord
from comptoir.sdk.records import OfferDraft

_TYPES = "/definitions/2020-09-01/productTypes"


class _Link(Payload, frozen=True, kw_only=True):
    resource: str


class _Schema(Payload, frozen=True, kw_only=True):
    link: _Link


class _Definition(Payload, frozen=True, kw_only=True):
    schema: _Schema


class _Rules(msgspec.Struct, frozen=True):
    required: list[str] = []


class Barcodes:
    def __init__(self, client: AmazonClient, catalogue: Catalogue, settings: AmazonSettings) -> None:
        self._client = client
        self._catalogue = catalogue
        self._settings = settings

    def prepare(self, draft: OfferDraft) -> OfferDraft:
        """The draft with its article; RejectedRecord with the reason when it cannot be offered."""
        ready = msgspec.structs.replace(
            draft, external_product_id=draft.external_product_id or self._asin(draft.ean)
        )
        self._catalogue.check_allowed(ready.external_product_id, CONDITIONS.get(ready.condition, "new_new"))
        self._preview(ready)
        return ready

    def required_attributes(self, product_type: str) -> list[str]:
        """What a whole new article of that type must have (the schema's link is good for seven days)."""
        params: Params = {
            "marketplaceIds": [self._settings.marketplace.id],
            "sellerId": self._settings.seller_id,
            "requirements": "LISTING",
            "locale": self._settings.marketplace.locale,
        }
        answer = self._client.get("getDefinitionsProductType", f"{_TYPES}/{product_type}", params)
        content = self._client.download(answer.json(_Definition).schema.link.resource)
        return msgspec.json.decode(content, type=_Rules).required

    def _asin(self, ean: str) -> str:
        found = candidates(self._catalogue.search([ean]), ean) if ean else []
        if not found:
            raise RejectedRecord(
                f"Amazon has no article with the barcode {ean!r}", code="no_asin", record_id=ean
            )
        if len(found) > 1:
            named = ", ".join(f"{item.asin} {item.title}" for item in found)
            raise RejectedRecord(
                f"several articles have this barcode: {named}", code="choose_asin", record_id=ean
            )
        return found[0].asin

    def _preview(self, draft: OfferDraft) -> None:
        """VALIDATION_PREVIEW: Amazon judges the offer and does nothing."""
        answer = self._client.write(
            "putListingsItem",
            "PUT",
            item_path(self._settings.seller_id, draft.sku),
            params={
                "marketplaceIds": [self._settings.marketplace.id],
                "mode": "VALIDATION_PREVIEW",
                "includedData": ["identifiers", "issues"],
                "issueLocale": self._settings.marketplace.locale,
            },
            body=offer_change(draft, self._settings).body(),
        ).json(Submitted)
        if answer.status == "INVALID":
            verdict = rejection(draft.sku, [issue for issue in answer.issues or () if issue.is_error])
            raise RejectedRecord(verdict.message, code=verdict.code, record_id=draft.sku)
