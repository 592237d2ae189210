"""The offers of the others on what we sell: `GET /offers?expand=salesChannelFeedback` (Cdiscount only).

`/competing-offers` and `/competing-offer-changes` say the same and are deprecated. Only our own offers
are told about, so an article that we do not list there gives nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from comptoir.connectors.octopia.listing import CompetingPayload, Listing, OfferPayload
from comptoir.connectors.octopia.order_payloads import text
from comptoir.sdk.money import ZERO
from comptoir.sdk.records import CompetingOffer

# How many GTINs one call takes is not documented.
GTINS_PER_CALL = 50


class Watch:
    def __init__(self, listing: Listing, currency: str) -> None:
        self._listing = listing
        self._currency = currency

    def competing(self, eans: Sequence[str]) -> Iterator[Sequence[CompetingOffer]]:
        for start in range(0, len(eans), GTINS_PER_CALL):
            some = ",".join(eans[start : start + GTINS_PER_CALL])
            for page in self._listing.pages({"gtins": some, "expand": "salesChannelFeedback"}):
                yield [one for offer in page for one in parse_competition(offer, self._currency)]


def parse_competition(offer: OfferPayload, currency: str) -> list[CompetingOffer]:
    """The best offer first, marked as holder of the buy box, then the others, then ours."""
    feedback = offer.sales_channel_feedback
    if feedback is None:
        return []
    best = feedback.best_offer_details
    others = [one for one in feedback.competing_offers or [] if one is not None]
    if best is not None and not any(_same(best, one) for one in others):
        others.insert(0, best)
    found = [_parse(one, offer, currency, best) for one in others if one.price is not None]
    return found + ([_ours(offer, currency, best)] if offer.price is not None else [])


def _parse(
    one: CompetingPayload, offer: OfferPayload, currency: str, best: CompetingPayload | None
) -> CompetingOffer:
    is_best = best is not None and _same(best, one)
    return CompetingOffer(
        ean=offer.gtin,
        seller=text(one.seller_name or (best.seller_name if best and is_best else "")),
        price=one.price or ZERO,
        shipping_price=one.shipping_cost or ZERO,
        currency=currency,
        condition=text(one.condition or offer.condition),
        has_buy_box=is_best if best is not None else None,
        lead_time_days=one.preparation_time,
    )


def _ours(offer: OfferPayload, currency: str, best: CompetingPayload | None) -> CompetingOffer:
    """Whether the best offer is ours is not told in so many words: None."""
    return CompetingOffer(
        ean=offer.gtin,
        seller="",
        price=offer.price or ZERO,
        shipping_price=ZERO,
        currency=currency,
        condition=text(offer.condition),
        has_buy_box=None if best is not None else False,
        is_ours=True,
        lead_time_days=offer.preparation_time,
    )


def _same(one: CompetingPayload, other: CompetingPayload) -> bool:
    """The best offer has no id: it is told apart by its price and, where both are named, its seller."""
    names = {text(one.seller_name), text(other.seller_name)} - {""}
    return one.price == other.price and len(names) <= 1
