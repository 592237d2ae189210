"""Reading offers: product × channel, with what is wanted, sent and confirmed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import BooleanField, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.http import QueryDict

from comptoir.channels.models import Channel
from comptoir.core.bulk import fetch
from comptoir.offers.models import Offer
from comptoir.web.paging import Key

BY_SKU = Key(("sku", "id"), descending=False)

# What waits to leave, and what is to be created. Of few among all offers, these few are read; of many, a page
# of them is met soon on the way through all.
_FEW_DIFFER = """(offers_offer.id IN (
    SELECT offer_id FROM offers_waiting WHERE kind IN ('quantity', 'price')
    UNION ALL SELECT id FROM offers_offer WHERE state = 'new'
))"""
_MANY_DIFFER = """(offers_offer.state = 'new' OR EXISTS (
    SELECT FROM offers_waiting w WHERE w.channel_id = offers_offer.channel_id AND w.kind IN ('quantity', 'price')
    AND w.offer_id = offers_offer.id))"""
_DIFFERING = """
SELECT count(*) FROM (
    (SELECT offer_id FROM offers_waiting WHERE kind = 'quantity' AND channel_id = ANY(%(channels)s) LIMIT %(most)s)
    UNION
    (SELECT offer_id FROM offers_waiting WHERE kind = 'price' AND channel_id = ANY(%(channels)s) LIMIT %(most)s)
    UNION
    (SELECT id FROM offers_offer WHERE state = 'new' AND channel_id = ANY(%(channels)s) LIMIT %(most)s)
) differing
"""
MANY = 5_000
IN_ERROR = ~Q(quantity_error="") | ~Q(price_error="")


@dataclass(frozen=True)
class OfferFilters:
    text: str = ""
    channel: str = ""
    differs: bool = False
    error: bool = False

    @classmethod
    def read(cls, query: QueryDict) -> OfferFilters:
        return cls(
            query.get("q", "").strip()[:80],
            query.get("channel", ""),
            bool(query.get("differs")),
            bool(query.get("error")),
        )


def find_offers(filters: OfferFilters) -> QuerySet[Offer]:
    found = Offer.objects.select_related("channel", "product")
    if filters.text:
        found = found.filter(Q(sku__startswith=filters.text) | Q(sku__startswith=filters.text.upper()))
    if filters.channel:
        found = found.filter(channel__key=filters.channel)
    if filters.differs:
        many = count_differing(list(Channel.objects.values_list("pk", flat=True)), most=MANY) >= MANY
        differs = _MANY_DIFFER if many else _FEW_DIFFER
        found = found.filter(RawSQL(differs, (), output_field=BooleanField()))  # noqa: S611 - our own text
    return found.filter(IN_ERROR) if filters.error else found


def count_differing(channels: Sequence[int], *, most: int) -> int:
    """Offers of these channels that wait to be sent or created; `most` where they are as many or more."""
    return min(most, int(fetch(_DIFFERING, {"channels": list(channels), "most": most})[0][0]))
