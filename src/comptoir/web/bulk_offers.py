"""Many prices at once: what each would become is shown first, with what is refused and why; then it is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from comptoir.offers.acts import OfferAct
from comptoir.offers.history import Standing
from comptoir.offers.models import Offer
from comptoir.offers.wishes import Wish, audit_each, known_offer, read_offers, want, why_not
from comptoir.sdk.money import parse_amount, to_cents
from comptoir.web.refusals import told

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
        """ "" when it can be kept: the guard that holds here is the one that holds when it is kept."""
        refusal = why_not(known_offer(self.offer), self._after)
        return told(refusal, self.offer.currency) if refusal else ""

    @property
    def _after(self) -> Standing:
        return Wish(self.price, self.floor).applied_to(known_offer(self.offer).now)

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
    able = [change for change in changes if change.changes and not change.refusal]
    known = read_offers([change.offer.pk for change in able], lock=True)
    pairs = [
        (known[c.offer.pk], Wish(c.price, c.floor).applied_to(known[c.offer.pk].now))
        for c in able
        if c.offer.pk in known
    ]
    # Somebody may have raised a floor between the preview and now: it wins.
    granted = want(pairs, actor=actor, kind=OfferAct.Kind.BULK)
    audit_each("offer.price", pairs, granted, actor=actor)
    return granted.changed
