"""The rules of quantity that count now or will, a page at a time: the house's first, then families, then articles."""

from __future__ import annotations

from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Concat

from comptoir.accounts.models import User
from comptoir.inventory.models import QuantityRule
from comptoir.web.paging import Key

BY_SCOPE = Key(("place", "number"), descending=False)
_NONE = Value("")


def find_rules(user: User, text: str) -> QuerySet[QuantityRule]:
    """Those that this person sees, each with its `place` in their order."""
    found = QuantityRule.objects.filter(ended_at=None).select_related("product", "channel")
    if user.narrowed_to:
        found = found.filter(Q(channel=None) | Q(channel__key__in=user.narrowed_to))
    if text:
        found = found.filter(
            Q(product__sku__istartswith=text) | Q(family__icontains=text) | Q(channel__name__icontains=text)
            | Q(note__icontains=text)
        )  # fmt: skip
    place = Concat(
        Coalesce(F("product__sku"), _NONE), Value(" "), F("family"), Value(" "),
        Coalesce(F("channel__name"), _NONE), Value(" "), F("kind"), output_field=CharField(),
    )  # fmt: skip
    return found.annotate(place=place)
