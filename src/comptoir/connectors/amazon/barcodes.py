"""From a barcode to an offer: which article, whether we may sell it, whether Amazon would take the offer.

Every « no » comes with its reason. Several articles for one barcode are for a person to choose from.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from comptoir.connectors.amazon.catalogue import Article, Catalogue
from comptoir.connectors.amazon.client import AmazonClient, Params
from comptoir.connectors.amazon.listing_changes import CONDITIONS, item_path, offer_change
from comptoir.connectors.amazon.listing_reports import Submitted, rejection
from comptoir.connectors.amazon.payload import Payload
from comptoir.connectors.amazon.settings import AmazonSettings
from comptoir.sdk.errors import RejectedRecord, TransientError
from comptoir.sdk.records import OfferDraft, Outcome, Verdict

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

    def ready(self, drafts: Sequence[OfferDraft]) -> tuple[list[OfferDraft], tuple[Verdict, ...]]:
        """The drafts with their articles, that we may sell; a verdict with its reason for each of the others."""
        wanted = [d.ean for d in drafts if d.ean and not d.delete and not d.external_product_id]
        articles = self._catalogue.articles(wanted)
        able: list[OfferDraft] = []
        verdicts: list[Verdict] = []
        for place, draft in enumerate(drafts):
            try:
                able.append(self._allowed(draft, articles))
            except RejectedRecord as error:
                verdicts.append(_refusal(draft.sku, error))
            except TransientError as error:
                if not able and not verdicts:
                    raise
                # What is ready goes now; the others are asked about at the next turn.
                verdicts += [_later(late.sku, error.message) for late in drafts[place:]]
                break
        return able, tuple(verdicts)

    def preview(self, drafts: Sequence[OfferDraft]) -> Iterator[Verdict]:
        """Each draft judged by Amazon itself, nothing written. One whose turn did not come: RETRY."""
        able, verdicts = self.ready(drafts)
        yield from verdicts
        for place, draft in enumerate(able):
            try:
                self._preview(draft)
            except RejectedRecord as error:
                yield _refusal(draft.sku, error)
            except TransientError as error:
                yield from (_later(late.sku, error.message) for late in able[place:])
                return
            else:
                yield Verdict(key=draft.sku, outcome=Outcome.DONE, external_id=draft.external_product_id)

    def _allowed(self, draft: OfferDraft, articles: Mapping[str, Article]) -> OfferDraft:
        if draft.delete:
            return draft
        article = Article(asin=draft.external_product_id)
        if not article.asin:
            article = articles.get(draft.ean) or Article(code="no_ean", message="the product has no barcode")
        if not article.asin:
            raise RejectedRecord(article.message, code=article.code, record_id=draft.sku)
        self._catalogue.check_allowed(article.asin, CONDITIONS.get(draft.condition, "new_new"))
        kind = {"product_type": article.product_type} if article.product_type else {}
        return msgspec.structs.replace(draft, external_product_id=article.asin, extra={**kind, **draft.extra})

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


def _refusal(sku: str, error: RejectedRecord) -> Verdict:
    return Verdict(key=sku, outcome=Outcome.REJECTED, code=error.code, message=error.message)


def _later(sku: str, message: str) -> Verdict:
    return Verdict(key=sku, outcome=Outcome.RETRY, message=message)
