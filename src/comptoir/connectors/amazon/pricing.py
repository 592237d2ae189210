"""Competing offers: competitiveSummary, twenty articles a call, one call every thirty seconds.

Source: Product Pricing 2022-05-01. The outer answer is 200 while each article has a status of its own.
`lowestPricedOffers` shows twenty offers a condition, `featuredBuyingOptions` who holds the buy box;
sellers have an identifier and no name, no grade. Our own offer also has the price with which Amazon
expects it to be featured (`expected_prices.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

import msgspec

from comptoir.connectors.amazon.catalogue import Catalogue
from comptoir.connectors.amazon.client import AmazonClient
from comptoir.connectors.amazon.expected_prices import ExpectedPrices
from comptoir.connectors.amazon.marketplaces import Marketplace
from comptoir.connectors.amazon.payload import Money, Payload
from comptoir.sdk.money import ZERO
from comptoir.sdk.records import CompetingOffer

SUMMARY_SIZE = 20
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


class PriceReader:
    def __init__(
        self, client: AmazonClient, catalogue: Catalogue, place: Marketplace, seller_id: str
    ) -> None:
        self._client = client
        self._catalogue = catalogue
        self._place = place
        self._seller_id = seller_id
        self._expected = ExpectedPrices(client, place, seller_id)

    def competing_offers(self, eans: Sequence[str]) -> Iterator[Sequence[CompetingOffer]]:
        """One page per call. RateLimited after the first as a rule: ask for twenty barcodes a time."""
        by_asin = {asin: ean for ean, asin in self._catalogue.asins(eans).items()}
        asins = list(by_asin)
        for start in range(0, len(asins), SUMMARY_SIZE):
            found = self._ask(asins[start : start + SUMMARY_SIZE])
            offers = parse_summaries(found, by_asin, self._seller_id, self._place.currency)
            yield self._with_expected(offers, by_asin)

    def _with_expected(
        self, offers: Sequence[CompetingOffer], by_asin: Mapping[str, str]
    ) -> Sequence[CompetingOffer]:
        """Ours with the price that would win, where Amazon tells it."""
        sold = {offer.ean for offer in offers if offer.is_ours}
        expected = self._expected.of([asin for asin, ean in by_asin.items() if ean in sold])
        prices = {by_asin[asin]: price for asin, price in expected.items()}
        return [
            msgspec.structs.replace(offer, expected_price=prices.get(offer.ean)) if offer.is_ours else offer
            for offer in offers
        ]

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


def _shipping(offer: WireOffer) -> Decimal:
    prices = [o.price.amount for o in offer.shipping_options or () if o.price and o.price.amount is not None]
    return prices[0] if prices else ZERO
