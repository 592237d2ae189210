"""What one buyer puts in the basket: popular, well priced against the rivals, and in stock."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator
from itertools import accumulate
from math import exp
from typing import TYPE_CHECKING

from bazaar.party import Marketplace
from bazaar.world.facts import ListedOffer, PurchaseLine
from bazaar.world.randomness import NamedRandom

if TYPE_CHECKING:
    from bazaar.world.world import SimulatedWorld

_ATTEMPTS = 30
_PRICE_SENSITIVITY = 9.0  # at 10 % above the cheapest rival a buyer is 2.5 times less likely
_LINES = (1,) * 78 + (2,) * 17 + (3,) * 5
_UNITS = (1,) * 93 + (2,) * 6 + (3,)


class Shopping:
    """Draws baskets. Products are drawn by popularity and refused by price: no scan of the catalogue."""

    def __init__(self, world: SimulatedWorld) -> None:
        self._world = world
        self._skus: list[str] = []
        self._heights: list[float] = []

    def fill_basket(self, market: Marketplace, rng: NamedRandom) -> tuple[PurchaseLine, ...]:
        """One to three lines; none when this marketplace has nothing of ours in stock."""
        basket: dict[str, int] = {}
        for _ in range(rng.choice(_LINES)):
            offer = self._choose(market, rng, basket)
            if offer is None:
                break  # nothing left to want
            basket[offer.sku] = min(rng.choice(_UNITS), offer.quantity)
        return tuple(PurchaseLine(sku=sku, quantity=quantity) for sku, quantity in basket.items())

    def _choose(self, market: Marketplace, rng: NamedRandom, taken: dict[str, int]) -> ListedOffer | None:
        missed = False
        for sku in self._wishes(rng):
            offer = market.listed_offer(sku)
            if offer is None or sku in taken or rng.random() > self.attraction(market.key, offer):
                continue
            if _on_sale(offer):
                return offer
            if not missed:  # this buyer would have bought it; something else will do
                self._world.record("sale_missed", market.key, sku=sku, quantity=1, reason="no stock")
                missed = True
        return self._anything(market, rng, taken, missed)

    def _wishes(self, rng: NamedRandom) -> Iterator[str]:
        if len(self._skus) != len(self._world.products):
            self._skus = list(self._world.products)
            self._heights = list(accumulate(p.popularity for p in self._world.products.values()))
        if not self._skus:
            return
        for _ in range(_ATTEMPTS):
            yield self._skus[
                min(bisect(self._heights, rng.random() * self._heights[-1]), len(self._skus) - 1)
            ]

    def _anything(
        self, market: Marketplace, rng: NamedRandom, taken: dict[str, int], missed: bool
    ) -> ListedOffer | None:
        """After many refusals: any offer in stock, by attraction."""
        offers = [o for o in market.listed_offers() if _on_sale(o) and o.sku not in taken]
        if offers:
            return rng.choices(offers, [self.attraction(market.key, offer) for offer in offers])[0]
        if not taken and not missed:
            self._world.record("sale_missed", market.key, quantity=1, reason="nothing in stock at all")
        return None

    def attraction(self, party: str, offer: ListedOffer) -> float:
        """In (0, 1): a logistic curve of our price against the cheapest rival's total."""
        rivals = self._world.rivals(party, offer.ean)
        if not rivals:
            return 0.85
        best = rivals[0].price + rivals[0].shipping_price
        ratio = float(offer.price / best)
        return 1 / (1 + exp(min(50.0, _PRICE_SENSITIVITY * (ratio - 1))))


def _on_sale(offer: ListedOffer) -> bool:
    return offer.active and offer.quantity > 0
