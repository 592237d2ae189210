"""Many prices at once: what each would become is shown first, with what is refused and why; then it is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext

from comptoir.offers.listing import BelowFloor, set_price
from comptoir.offers.models import Offer
from comptoir.sdk.money import parse_amount, to_cents

CEILING = 2000
"""Offers of one go, from the grid or from a file."""


@dataclass(frozen=True)
class PriceChange:
    offer: Offer
    price: Decimal
    floor: Decimal | None = None
    """None: the floor stays."""

    @property
    def refusal(self) -> str:
        """ "" when it can be kept. The floor holds here as it holds at publication."""
        lowest = self.floor if self.floor is not None else self.offer.floor_price
        if self.price <= 0:
            return gettext("a price is above zero")
        if lowest is None:
            return gettext("it has no floor price")
        return gettext("under its floor price") if self.price < lowest else ""

    @property
    def changes(self) -> bool:
        return self.price != self.offer.desired_price or self.floor not in (None, self.offer.floor_price)


def wanted_prices(offers: Sequence[Offer], words: str) -> list[PriceChange]:
    """`words`: « +5 % », « -3,5% », or a price. ValueError when it is neither."""
    text = words.strip()
    amount = parse_amount(text.removesuffix("%").removesuffix("€").strip().removeprefix("+"))
    if amount is None or not -100 < amount < 10_000_000:
        raise ValueError(words)
    if text.endswith("%"):
        return by_percent(offers, amount)
    return to_price(offers, to_cents(amount))


def by_percent(offers: Sequence[Offer], percent: Decimal) -> list[PriceChange]:
    """Offers without a price have nothing to change."""
    factor = 1 + percent / 100
    return [
        PriceChange(offer, to_cents(offer.desired_price * factor))
        for offer in offers
        if offer.desired_price is not None
    ]


def to_price(offers: Sequence[Offer], price: Decimal) -> list[PriceChange]:
    return [PriceChange(offer, price) for offer in offers]


@transaction.atomic
def keep_prices(changes: Sequence[PriceChange], *, actor: str) -> int:
    """How many were kept; those that cannot be are left as they are. All or none, in the order of their ids."""
    kept = 0
    able = [change for change in changes if change.changes and not change.refusal]
    locked = Offer.objects.select_for_update(no_key=True).select_related("channel").order_by("pk")
    offers = {offer.pk: offer for offer in locked.filter(pk__in=[c.offer.pk for c in able])}
    for change in able:
        try:
            set_price(offers[change.offer.pk], change.price, floor=change.floor, actor=actor)
            kept += 1
        except BelowFloor:
            # Somebody raised the floor between the preview and now: it wins.
            continue
    return kept
