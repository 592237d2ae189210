"""Which rows a person means: those that they ticked, or all that the filters of the list show."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, QueryDict

from comptoir.accounts.models import User
from comptoir.accounts.roles import Permission
from comptoir.offers.models import Offer
from comptoir.orders.models import Order
from comptoir.web.access import person, seen_by
from comptoir.web.bulk_offers import CEILING as OFFERS_CEILING
from comptoir.web.bulk_orders import CEILING
from comptoir.web.queries.offers import OfferFilters, find_offers
from comptoir.web.queries.orders import OrderFilters, find_orders


@dataclass(frozen=True)
class Selection:
    orders: list[Order]
    whole: bool
    """Of everything that the filters show."""
    query: str
    more: bool
    """There are more than one go takes: the rest is left, and said so."""


def chosen_orders(request: HttpRequest, user: User) -> Selection:
    """From a form: `order` once per reference, or `whole` with the list's own `query`.

    Once a person is `sure`, the references of the preview count alone: an order that came in meanwhile was not seen.
    """
    whole = request.POST.get("whole") == "1" and not request.POST.get("sure")
    query = request.POST.get("query", "")
    filters = OrderFilters.read(QueryDict(query)) if whole else OrderFilters()
    found = find_orders(filters, buyers=user.may(Permission.SEE_BUYERS)).order_by("-placed_at", "-id")
    found = seen_by(user, found, "channel__key")
    if not whole:
        found = found.filter(reference__in=request.POST.getlist("order")[: CEILING + 1])
    orders = list(found.prefetch_related("lines__product__components__component")[: CEILING + 1])
    return Selection(orders[:CEILING], whole, query, len(orders) > CEILING)


@dataclass(frozen=True)
class OfferSelection:
    offers: list[Offer]
    query: str
    more: bool


def chosen_offers(request: HttpRequest) -> OfferSelection:
    """From a form: `offer` once per number, or `whole` with the list's own `query`."""
    query = request.POST.get("query", "")
    if request.POST.get("whole") == "1":
        found = find_offers(OfferFilters.read(QueryDict(query)))
    else:
        ticked = [
            int(n) for n in request.POST.getlist("offer")[: OFFERS_CEILING + 1] if n.isascii() and n.isdigit()
        ]
        found = find_offers(OfferFilters()).filter(pk__in=ticked)
    found = seen_by(person(request), found, "channel__key")
    offers = list(found.order_by("sku", "id")[: OFFERS_CEILING + 1])
    return OfferSelection(offers[:OFFERS_CEILING], query, len(offers) > OFFERS_CEILING)
