"""Many prices at once, from the grid. What a preview showed is signed, and that alone is kept."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from comptoir.accounts.roles import Permission
from comptoir.offers.models import Offer
from comptoir.web.access import person, requires, seen_by
from comptoir.web.bulk_offers import PriceChange, keep_prices, wanted_prices
from comptoir.web.rendering import go, render_dialog
from comptoir.web.selections import chosen_offers

SALT = "comptoir.prices"
PREVIEW_HOLDS_S = 3600


@requires(Permission.CHANGE_OFFERS)
@require_POST
def preview_prices(request: HttpRequest) -> HttpResponse:
    chosen, wanted = chosen_offers(request), request.POST.get("wanted", "")
    context = {"chosen": chosen, "wanted": wanted, "changes": None}
    try:
        changes = wanted_prices(chosen.offers, wanted)
    except ValueError:
        return render_dialog(request, "comptoir/offers/bulk.html", context)
    context |= split(changes) | {"signed": sign(request, changes)}
    return render_dialog(request, "comptoir/offers/bulk.html", context)


@requires(Permission.CHANGE_OFFERS)
@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    try:
        changes = _unsign(request)
    except signing.BadSignature:
        messages.error(request, _("This preview is too old: look at it again."))
        return go(request, reverse("offers"))
    kept = keep_prices(changes, actor=str(person(request)))
    words = ngettext("%(n)d price is noted.", "%(n)d prices are noted.", kept) % {"n": kept}
    then = _("The channels are told at the next publication.")
    messages.success(request, f"{words} {then}")
    return go(request, f"{reverse('offers')}?{request.POST.get('query', '')}")


def split(changes: Sequence[PriceChange]) -> dict[str, list[PriceChange]]:
    return {
        "changes": [c for c in changes if c.changes and not c.refusal],
        "refused": [c for c in changes if c.refusal],
    }


def sign(request: HttpRequest, changes: Sequence[PriceChange]) -> str:
    """For this person alone: the prices that they saw."""
    rows = [[c.offer.pk, str(c.price), None if c.floor is None else str(c.floor)]
            for c in changes if c.changes and not c.refusal]  # fmt: skip
    return signing.dumps({"by": person(request).pk, "rows": rows}, salt=SALT, compress=True)


def _unsign(request: HttpRequest) -> list[PriceChange]:
    given = signing.loads(request.POST.get("signed", ""), salt=SALT, max_age=PREVIEW_HOLDS_S)
    if given["by"] != person(request).pk:
        raise signing.BadSignature("somebody else's preview")
    found = seen_by(person(request), Offer.objects.select_related("channel"), "channel__key")
    offers = found.in_bulk([pk for pk, _, _ in given["rows"]])
    return [
        PriceChange(offers[pk], Decimal(price), None if floor is None else Decimal(floor))
        for pk, price, floor in given["rows"]
        if pk in offers
    ]
