"""Preparation times: their rules, seen before they are kept, and why an offer tells what it tells."""

from __future__ import annotations

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from comptoir.accounts.models import User
from comptoir.accounts.roles import Permission
from comptoir.channels.models import Channel
from comptoir.flows.apply_lead_times import tell_channels
from comptoir.flows.connect import UnknownConnector, capabilities
from comptoir.inventory.calendars import calendar_of, coming_closed_days, read_calendars
from comptoir.inventory.lead_time_rules import BadLeadTime, LeadTimeDraft, current_lead_times
from comptoir.inventory.models import LeadTimeRule, Warehouse
from comptoir.offers.lead_time_reasons import explain_lead_time
from comptoir.offers.lead_time_rules import (
    keep_lead_time,
    preview_lead_time,
    preview_lead_time_removal,
    remove_lead_time,
)
from comptoir.offers.models import Offer
from comptoir.sdk.connector import Role
from comptoir.sdk.ports import LeadTimeTarget
from comptoir.web.access import person, requires, seen_by
from comptoir.web.forms.lead_times import LeadTimeForm
from comptoir.web.lead_times import closed_words, tell_places, weekdays_words
from comptoir.web.rendering import go, render_dialog

SALT = "lead-time"


@requires(Permission.SEE)
def lead_times(request: HttpRequest) -> HttpResponse:
    user = person(request)
    calendars = read_calendars(get_language() or "")
    house = calendars.get(None)
    places = [
        (warehouse, calendars.get(warehouse.pk)) for warehouse in Warehouse.objects.filter(sellable=True)
    ]
    channels = seen_by(user, Channel.objects.filter(role=Role.MARKETPLACE).order_by("name"), "key")
    context = {
        "rules": [(rule, may_write(user, rule)) for rule in current_lead_times(user.narrowed_to)],
        "house": house, "kept": calendar_of(None),
        "house_days": "" if house is None else weekdays_words(house.weekdays),
        "closed": [] if house is None else [(one.day, closed_words(one)) for one in coming_closed_days(house)[:12]],
        "places": places, "may_calendars": user.may(Permission.CHANGE_OFFERS) and not user.narrowed_to,
        "channels": [(channel, _takes(channel)) for channel in channels],
    }  # fmt: skip
    return render(request, "comptoir/offers/lead_times.html", context)


@requires(Permission.CHANGE_OFFERS)
def write(request: HttpRequest, rule_id: int | None = None) -> HttpResponse:
    """First what it would change; kept when the very same is sent again with the word for it."""
    user = person(request)
    rule = None if rule_id is None else _rule(request, rule_id)
    form = LeadTimeForm(rule, request.POST or None, channels=user.narrowed_to)
    preview = None
    if form.is_valid():
        try:
            if "keep" in request.POST and request.POST.get("seen", "") == _seal(form.draft()):
                keep_lead_time(form.draft(), rule_id=rule_id, actor=str(user))
                return _kept(request, _("The rule is kept. Channels are told at their next publication."))
            preview = preview_lead_time(form.draft(), rule_id=rule_id, sees=user.sees)
        except BadLeadTime as error:
            form.refuse(error.code)
    context = {"form": form, "rule": rule, "preview": preview, "seen": _seal(form.draft()) if preview else ""}
    status = 422 if form.is_bound and preview is None else 200
    return render(request, "comptoir/offers/lead_time.html", context, status=status)


@requires(Permission.CHANGE_OFFERS)
def remove(request: HttpRequest, rule_id: int) -> HttpResponse:
    rule = _rule(request, rule_id)
    if request.method == "POST":
        remove_lead_time(rule_id, actor=str(person(request)))
        return _kept(request, _("The rule is removed. Channels are told at their next publication."))
    preview = preview_lead_time_removal(rule_id, sees=person(request).sees)
    return render(request, "comptoir/offers/lead_time_remove.html", {"rule": rule, "preview": preview})


@requires(Permission.SEE)
def why(request: HttpRequest, offer_id: int) -> HttpResponse:
    found = Offer.objects.select_related("channel", "product")
    offer = get_object_or_404(seen_by(person(request), found, "channel__key"), pk=offer_id)
    told = explain_lead_time(offer, language=get_language() or "")
    context = {"offer": offer, "told": told, "places": tell_places(told), "takes": _takes(offer.channel)}
    return render_dialog(request, "comptoir/offers/lead_time_why.html", context)


def _takes(channel: Channel) -> bool:
    """Whether a preparation time can be told there by itself."""
    try:
        return LeadTimeTarget.__name__ in capabilities(channel)
    except UnknownConnector:
        return False


def _kept(request: HttpRequest, words: str) -> HttpResponse:
    tell_channels()
    messages.success(request, words)
    return go(request, reverse("lead-times"))


def _rule(request: HttpRequest, rule_id: int) -> LeadTimeRule:
    found = current_lead_times().filter(pk=rule_id).first()
    if found is None or not may_write(person(request), found):
        raise Http404(rule_id)
    return found


def may_write(user: User, rule: LeadTimeRule) -> bool:
    """A rule for every channel is not for who is narrowed to some."""
    return not user.narrowed_to if rule.channel is None else user.sees(rule.channel.key)


def _seal(draft: LeadTimeDraft) -> str:
    """Says of a form that this very rule was previewed: what is kept is what was seen."""
    told = [draft.days, draft.product and draft.product.pk, draft.family, draft.channel and draft.channel.pk]
    return signing.Signer(salt=SALT).sign_object(told)
