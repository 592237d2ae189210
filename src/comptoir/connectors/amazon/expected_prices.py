"""The price with which Amazon expects our offer to be the featured one, by article.

Source: Product Pricing 2022-05-01, getFeaturedOfferExpectedPriceBatch: forty SKUs a call, one call every
thirty seconds, as often as the summaries (`pricing.py`). It asks by SKU, we by article: the listings say
which SKU is ours there (Listings Items 2021-08-01, twenty articles a page).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from comptoir.connectors.amazon.client import AmazonClient, Params
from comptoir.connectors.amazon.marketplaces import Marketplace
from comptoir.connectors.amazon.payload import Money, Pagination, Payload
from comptoir.sdk.errors import ConnectorError, UnexpectedAnswer

_LISTINGS_SIZE = 20
_URI = "/products/pricing/2022-05-01/offer/featuredOfferExpectedPrice"


class _ListingSummary(Payload, frozen=True, kw_only=True):
    asin: str | None = None
    marketplace_id: str | None = None


class _Listing(Payload, frozen=True, kw_only=True):
    sku: str
    summaries: list[_ListingSummary] | None = None


class _Listings(Payload, frozen=True, kw_only=True):
    items: list[_Listing]
    pagination: Pagination | None = None


class _Expected(Payload, frozen=True, kw_only=True):
    listing_price: Money | None = None


class _ExpectedResult(Payload, frozen=True, kw_only=True):
    result_status: str | None = None
    featured_offer_expected_price: _Expected | None = None


class _ExpectedBody(Payload, frozen=True, kw_only=True):
    featured_offer_expected_price_results: list[_ExpectedResult] | None = None


class _ExpectedRequest(Payload, frozen=True, kw_only=True):
    sku: str | None = None


class ExpectedAnswer(Payload, frozen=True, kw_only=True):
    request: _ExpectedRequest | None = None
    body: _ExpectedBody | None = None


class _ExpectedAnswers(Payload, frozen=True, kw_only=True):
    responses: list[ExpectedAnswer]


class ExpectedPrices:
    def __init__(self, client: AmazonClient, place: Marketplace, seller_id: str) -> None:
        self._client = client
        self._place = place
        self._seller_id = seller_id

    def of(self, asins: Sequence[str]) -> Mapping[str, Decimal]:
        """By article, where Amazon tells it.

        A refusal (its quota, a role that is missing) leaves out what it concerns and nothing else: the
        offers it would have completed cost thirty seconds of quota, and the exchange has its trace.
        """
        try:
            by_sku = self._only_skus(asins)
            prices = self.by_sku(list(by_sku)) if by_sku else {}
        except ConnectorError as error:
            if isinstance(error, UnexpectedAnswer) and error.status is None:
                raise  # no refusal: an answer that nobody documents
            return {}
        return {by_sku[sku]: price for sku, price in prices.items() if sku in by_sku}

    def by_sku(self, skus: Sequence[str]) -> Mapping[str, Decimal]:
        """Without the SKUs that have no such price; at most forty."""
        requests = [
            {"marketplaceId": self._place.id, "sku": sku, "method": "GET", "uri": _URI} for sku in skus
        ]
        answer = self._client.ask(
            "getFeaturedOfferExpectedPriceBatch", f"/batches{_URI}", {"requests": requests}
        )
        return parse_expected(answer.json(_ExpectedAnswers).responses)

    def _only_skus(self, asins: Sequence[str]) -> dict[str, str]:
        """Article by SKU. Where we have several SKUs on one, the summary does not say whose offer it
        shows: that article has none here."""
        found: dict[str, list[str]] = {}
        for start in range(0, len(asins), _LISTINGS_SIZE):
            for listing in self._listings(asins[start : start + _LISTINGS_SIZE]):
                for summary in listing.summaries or ():
                    if summary.asin and summary.marketplace_id in (None, self._place.id):
                        found.setdefault(summary.asin, []).append(listing.sku)
        return {skus[0]: asin for asin, skus in found.items() if len(skus) == 1}

    def _listings(self, asins: Sequence[str]) -> Iterator[_Listing]:
        path = f"/listings/2021-08-01/items/{self._seller_id}"
        token: str | None = None
        while True:
            params: Params = {
                "marketplaceIds": [self._place.id],
                "identifiersType": "ASIN",
                "identifiers": list(asins),
                "includedData": ["summaries"],
                "pageSize": _LISTINGS_SIZE,
                "pageToken": token,
            }
            page = self._client.get("searchListingsItems", path, params).json(_Listings)
            yield from page.items
            token = page.pagination.next_token if page.pagination else None
            if not token:
                return


def parse_expected(answers: Sequence[ExpectedAnswer]) -> dict[str, Decimal]:
    """Without the SKUs that have no such price: no competitor, offer not eligible, not found."""
    prices: dict[str, Decimal] = {}
    for answer in answers:
        sku = answer.request.sku if answer.request else None
        for result in (answer.body.featured_offer_expected_price_results if answer.body else None) or ():
            expected = result.featured_offer_expected_price
            price = expected.listing_price.amount if expected and expected.listing_price else None
            if sku and price is not None and result.result_status == "VALID_FOEP":
                prices[sku] = price
    return prices
