"""Reading offers: product × channel, with what is wanted, sent and confirmed."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import BooleanField, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.http import QueryDict

from comptoir.offers.models import Offer
from comptoir.web.paging import Key

BY_SKU = Key(("sku", "id"), descending=False)

# What waits to leave, and what is to be created.
_DIFFERS = """(offers_offer.id IN (
    SELECT offer_id FROM offers_waiting WHERE kind IN ('quantity', 'price')
    UNION ALL SELECT id FROM offers_offer WHERE state = 'new'
))"""
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
        found = found.filter(RawSQL(_DIFFERS, (), output_field=BooleanField()))  # noqa: S611 - our own text
    return found.filter(IN_ERROR) if filters.error else found
