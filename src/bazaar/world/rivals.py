"""The other sellers. Their offers are a pure function of marketplace, EAN and time: nothing to keep."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from bazaar.world.facts import Product, RivalOffer
from bazaar.world.randomness import NamedRandom, digest, unit

_SHOPS = (
    "JoueurPro",
    "Bazar du Gamer",
    "TechnoSud",
    "La Boutique d'Hector",
    "MegaPixel",
    "OuestInfo",
    "Le Comptoir du Jeu",
)
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


class Habit(NamedTuple):
    """How one rival sells one product: around which part of its list price, and how often it reprices."""

    seller: str
    ratio: float
    swing: float
    period_s: int
    phase_s: int
    shipping: Decimal
    grade: float
    evaluations: int
    lead_time_days: int


@lru_cache(maxsize=65536)
def habits(seed: int, party: str, ean: str) -> tuple[Habit, ...]:
    """Nobody to six rivals on a product of a marketplace."""
    rng = NamedRandom(digest(seed, "rivals", party, ean))
    sellers = rng.sample(_SHOPS, rng.choice((0, 1, 1, 2, 2, 3, 4, 6)))
    return tuple(
        Habit(
            seller=seller,
            ratio=rng.uniform(0.88, 1.18),
            swing=rng.uniform(0.01, 0.08),
            period_s=rng.randint(2, 12) * 3600,
            phase_s=rng.randint(0, 43200),
            shipping=rng.choice((Decimal("0.00"), Decimal("0.00"), Decimal("2.99"), Decimal("4.90"))),
            grade=round(rng.uniform(3.2, 5.0), 1),
            evaluations=rng.randint(3, 9000),
            lead_time_days=rng.randint(1, 6),
        )
        for seller in sellers
    )


def offers_at(seed: int, party: str, product: Product, now: datetime) -> Sequence[RivalOffer]:
    """The rivals' offers now, cheapest total first. One offer in twelve is out of stock, hence absent."""
    seconds = int((now - _EPOCH).total_seconds())
    offers = (_offer(seed, party, product, habit, seconds) for habit in habits(seed, party, product.ean))
    found = [offer for offer in offers if offer.quantity > 0]
    return sorted(found, key=lambda offer: (offer.price + offer.shipping_price, offer.seller))


def _offer(seed: int, party: str, product: Product, habit: Habit, seconds: int) -> RivalOffer:
    period = (seconds + habit.phase_s) // habit.period_s
    mood = unit(seed, party, product.ean, habit.seller, period)
    amount = float(product.list_price) * (habit.ratio + habit.swing * (2 * mood - 1))
    stock = digest(seed, "stock", party, product.ean, habit.seller, period) % 12 * 4
    return RivalOffer(
        seller=habit.seller,
        ean=product.ean,
        price=max(Decimal("0.50"), Decimal(f"{amount:.2f}")),
        shipping_price=habit.shipping,
        quantity=stock,
        grade=habit.grade,
        evaluations=habit.evaluations,
        lead_time_days=habit.lead_time_days,
    )
