"""Competing offers: competitiveSummary, twenty articles a call, one call every thirty seconds.

Source: Product Pricing 2022-05-01. The outer answer is 200 while each article has a status of its own.
`lowestPricedOffers` shows twenty offers a condition, `featuredBuyingOptions` who holds the buy box;
sellers have an identifier and no name, no grade.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from comptoir.connectors.amazon.catalogue import Catalogue
from comptoir.connectors.amazon.client import AmazonClient
from comptoir.connectors.amazon.marketplaces import Marketplace
from comptoir.connectors.amazon.payload import Money, Payload
from comptoir.sdk.money import ZERO
from comptoir.sdk.records import CompetingOffer

SUMMARY_SIZE = 20
EXPECTED_SIZE = 40
_ROOT = "/products/pricing/2022-05-01"


class _Shipping(Payload, frozen=True, kw_only=True):
    price: Money | None = None


class WireOffer(Payload, frozen=True, kw_only=True):
    seller_id: str | None = None
    condition: str | None = None
    listing_price: Money | None = None
    shipping_options: list[_Shipping] | None = None


class _Buying(Payload, frozen=True, kw_only=True):
    segmented_featured_offers: list[WireOffer] | None = None


class _Lowest(Payload, frozen=True, kw_only=True):
    offers: list[WireOffer] | None = None


class _Body(Payload, frozen=True, kw_only=True):
    asin: str | None = None
    featured_buying_options: list[_Buying] | None = None
    lowest_priced_offers: list[_Lowest] | None = None


class _Status(Payload, frozen=True, kw_only=True):
    status_code: int | None = None


class Summary(Payload, frozen=True, kw_only=True):
    status: _Status | None = None
    body: _Body | None = None


class _Summaries(Payload, frozen=True, kw_only=True):
    responses: list[Summary]


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


class PriceReader:
    def __init__(
        self, client: AmazonClient, catalogue: Catalogue, place: Marketplace, seller_id: str
    ) -> None:
        self._client = client
        self._catalogue = catalogue
        self._place = place
        self._seller_id = seller_id

    def competing_offers(self, eans: Sequence[str]) -> Iterator[Sequence[CompetingOffer]]:
        """One page per call. RateLimited after the first as a rule: ask for twenty barcodes a time."""
        by_asin = {asin: ean for ean, asin in self._catalogue.asins(eans).items()}
        asins = list(by_asin)
        for start in range(0, len(asins), SUMMARY_SIZE):
            found = self._ask(asins[start : start + SUMMARY_SIZE])
            yield parse_summaries(found, by_asin, self._seller_id, self._place.currency)

    def expected_prices(self, skus: Sequence[str]) -> Mapping[str, Decimal]:
        """The price with which Amazon expects our offer to be the featured one, by SKU; at most forty."""
        uri = f"{_ROOT}/offer/featuredOfferExpectedPrice"
        requests = [
            {"marketplaceId": self._place.id, "sku": sku, "method": "GET", "uri": uri} for sku in skus
        ]
        answer = self._client.ask(
            "getFeaturedOfferExpectedPriceBatch", f"/batches{uri}", {"requests": requests}
        )
        return parse_expected(answer.json(_ExpectedAnswers).responses)

    def _ask(self, asins: Sequence[str]) -> list[Summary]:
        uri = f"{_ROOT}/items/competitiveSummary"
        requests = [
            {
                "asin": asin,
                "marketplaceId": self._place.id,
                "includedData": ["featuredBuyingOptions", "lowestPricedOffers"],
                "lowestPricedOffersInputs": [{"itemCondition": "New", "offerType": "Consumer"}],
                "method": "GET",
                "uri": uri,
            }
            for asin in asins
        ]
        answer = self._client.ask("getCompetitiveSummary", f"/batches{uri}", {"requests": requests})
        return answer.json(_Summaries).responses


def parse_summaries(
    summaries: Sequence[Summary], by_asin: Mapping[str, str], seller_id: str, currency: str
) -> tuple[CompetingOffer, ...]:
    """An article whose own status is not 200 has no answer; the others have theirs."""
    offers: list[CompetingOffer] = []
    for summary in summaries:
        answered = summary.status is None or summary.status.status_code == 200
        ean = by_asin.get(summary.body.asin or "") if summary.body and answered else None
        if summary.body and ean:
            offers += _offers(summary.body, ean, seller_id, currency)
    return tuple(offers)


def _offers(body: _Body, ean: str, seller_id: str, currency: str) -> Iterator[CompetingOffer]:
    featured = [o for b in body.featured_buying_options or () for o in b.segmented_featured_offers or ()]
    winners = {offer.seller_id for offer in featured}
    shown = [offer for lowest in body.lowest_priced_offers or () for offer in lowest.offers or ()]
    for rank, offer in enumerate(shown, start=1):
        listing = offer.listing_price
        if listing is None or listing.amount is None or not offer.seller_id:
            continue
        yield CompetingOffer(
            ean=ean,
            seller=offer.seller_id,
            price=listing.amount,
            shipping_price=_shipping(offer),
            currency=listing.currency_code or currency,
            condition=(offer.condition or "").lower(),
            rank=rank,
            has_buy_box=offer.seller_id in winners,
            is_ours=offer.seller_id == seller_id,
        )


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


def _shipping(offer: WireOffer) -> Decimal:
    prices = [o.price.amount for o in offer.shipping_options or () if o.price and o.price.amount is not None]
    return prices[0] if prices else ZERO
