"""Reading the history of offers: acts with what they touched, changes in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from comptoir.channels.models import Channel
from comptoir.offers.acts import OfferAct, OfferChange
from comptoir.offers.models import Offer
from comptoir.offers.roll_back import Back
from comptoir.web.refusals import told


@dataclass(frozen=True)
class ShownAct:
    act: OfferAct
    offers: int


@dataclass(frozen=True)
class ShownChange:
    change: OfferChange
    offer: Offer | None
    """None when the offer is gone."""


@dataclass(frozen=True)
class ShownBack:
    sku: str
    channel: str
    currency: str
    now: Any
    after: Any
    refusal: str


def read_acts(acts: Sequence[OfferAct]) -> list[ShownAct]:
    counted = OfferChange.objects.filter(act__in=acts).values_list("act").annotate(n=Count("id"))
    counts = dict(counted.order_by())
    return [ShownAct(act, counts.get(act.pk, 0)) for act in acts]


def read_changes(changes: Sequence[OfferChange]) -> list[ShownChange]:
    offers = Offer.objects.select_related("channel").in_bulk([change.offer_id for change in changes])
    return [ShownChange(change, offers.get(change.offer_id)) for change in changes]


def show_back(backs: Sequence[Back]) -> list[ShownBack]:
    names = dict(Channel.objects.values_list("key", "name"))
    return [
        ShownBack(
            back.offer.sku, names.get(back.offer.channel, back.offer.channel), back.offer.currency, back.offer.now,
            back.after, told(back.refusal, back.offer.currency) if back.refusal else "",
        )
        for back in backs
    ]  # fmt: skip
