"""What was wanted of offers and by whom; going back to an earlier moment, once it was looked at."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from comptoir.accounts.roles import Permission
from comptoir.channels.models import Channel
from comptoir.offers.models import Offer, OfferAct, OfferChange
from comptoir.offers.roll_back import ChangedMeanwhile, preview_roll_back, roll_back
from comptoir.sdk.connector import Role
from comptoir.web.access import person, requires, seen_by
from comptoir.web.forms.offers import RollBackForm
from comptoir.web.paging import Key, page_of
from comptoir.web.queries.offer_history import read_acts, read_changes, show_back
from comptoir.web.rendering import go, render_dialog
from comptoir.web.selections import chosen_offers

NEWEST = Key(("at", "id"), descending=True)
BY_ID = Key(("offer_id", "id"), descending=False)


@requires(Permission.SEE)
def history(request: HttpRequest) -> HttpResponse:
    page = page_of(_acts(request), NEWEST, request)
    context = {"page": page, "acts": read_acts(page.rows), "form": _form(request, None)}
    return render(request, "comptoir/offers/history.html", context)


@requires(Permission.SEE)
def act(request: HttpRequest, act_id: int) -> HttpResponse:
    one = get_object_or_404(_acts(request), pk=act_id)
    changes = OfferChange.objects.filter(act=one)
    if only := person(request).narrowed_to:
        changes = changes.filter(offer_id__in=Offer.objects.filter(channel__key__in=only).values("pk"))
    page = page_of(changes, BY_ID, request)
    context = {"act": one, "page": page, "changes": read_changes(page.rows)}
    return render(request, "comptoir/offers/act.html", context)


@requires(Permission.SEE)
def offer_history(request: HttpRequest, offer_id: int) -> HttpResponse:
    found = seen_by(person(request), Offer.objects.select_related("channel"), "channel__key")
    offer = get_object_or_404(found, pk=offer_id)
    changes = OfferChange.objects.filter(offer_id=offer.pk).select_related("act").order_by("-id")[:50]
    return render_dialog(request, "comptoir/offers/offer_history.html", {"offer": offer, "changes": changes})


@requires(Permission.CHANGE_OFFERS)
def go_back(request: HttpRequest) -> HttpResponse:
    """The preview; pressed « go back » there, and nothing changed since, it is done."""
    given = request.POST if request.method == "POST" else request.GET
    form = _form(request, given or None)
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "comptoir/offers/roll_back.html", {"form": form}, status=status)
    target = form.target()
    if request.method == "POST" and (upto := given.get("upto", "")).isdigit():
        try:
            done = roll_back(target, upto=int(upto), actor=str(person(request)),
                             let_pass=given.get("let_pass") == "1")  # fmt: skip
        except ChangedMeanwhile:
            messages.warning(request, _("Offers were changed meanwhile: look at it again."))
        else:
            words = ngettext("%(n)d offer is as it was.", "%(n)d offers are as they were.", done.changed)
            then = _("The channels are told at the next publication.")
            messages.success(request, f"{words % {'n': done.changed}} {then}")
            return go(
                request, reverse("offer-act", args=[done.act.pk]) if done.act else reverse("offers-history")
            )
    preview = preview_roll_back(target)
    context = {"form": form, "preview": preview, "backs": show_back(preview.rows), "target": target}
    return render(request, "comptoir/offers/roll_back.html", context)


@requires(Permission.CHANGE_OFFERS)
@require_POST
def choose_moment(request: HttpRequest) -> HttpResponse:
    """From the grid: the ticked offers, and the moment to choose."""
    chosen = chosen_offers(request)
    form = _form(request, None)
    form.initial["offer"] = ",".join(str(offer.pk) for offer in chosen.offers)
    return render_dialog(request, "comptoir/offers/choose_moment.html", {"form": form, "chosen": chosen})


def _form(request: HttpRequest, given: object) -> RollBackForm:
    user = person(request)
    channels = seen_by(user, Channel.objects.filter(role=Role.MARKETPLACE), "key")
    return RollBackForm(channels, given, only=list(user.narrowed_to))


def _acts(request: HttpRequest) -> QuerySet[OfferAct]:
    """Of who is narrowed to some channels: the acts that changed something there."""
    acts = OfferAct.objects.all()
    if only := person(request).narrowed_to:
        there = Offer.objects.filter(channel__key__in=only, pk=OuterRef("offer_id"))
        acts = acts.filter(Exists(OfferChange.objects.filter(Exists(there), act=OuterRef("pk"))))
    return acts
