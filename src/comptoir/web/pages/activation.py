"""Rules of what is offered where: listed, kept, removed; applied at once, and every half hour by their flow."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from comptoir.accounts.roles import Permission
from comptoir.channels.models import Channel
from comptoir.flows.jobs import enqueue_flow
from comptoir.offers.activation import RuleExists, keep_rule, remove_rule, rules
from comptoir.sdk.connector import Role
from comptoir.web.access import person, requires, seen_by
from comptoir.web.forms.offers import ActivationForm
from comptoir.web.rendering import go


@requires(Permission.CHANGE_OFFERS)
def activation(request: HttpRequest) -> HttpResponse:
    user = person(request)
    channels = seen_by(user, Channel.objects.filter(role=Role.MARKETPLACE), "key")
    form = ActivationForm(channels, request.POST or None, everywhere=not user.narrowed_to)
    if form.is_valid():
        values = form.cleaned_data
        try:
            keep_rule(values["action"], channel=values["channel"], family=values["family"], product=values["product"],
                      actor=str(user))  # fmt: skip
        except RuleExists:
            form.add_error(None, _("There is a rule of exactly that already: remove it first."))
        else:
            return _applied(request, _("The rule is kept. It is applied now, and every half hour."))
    context = {"form": form, "rules": rules(user.narrowed_to)}
    return render(request, "comptoir/offers/activation.html", context, status=422 if form.errors else 200)


@requires(Permission.CHANGE_OFFERS)
@require_POST
def remove(request: HttpRequest, rule_id: int) -> HttpResponse:
    user = person(request)
    rule = get_object_or_404(rules(user.narrowed_to), pk=rule_id)
    if user.narrowed_to and rule.channel is None:
        raise Http404(rule_id)  # it concerns channels that do not exist for this person
    remove_rule(rule, actor=str(user))
    return _applied(request, _("The rule is removed. What it kept away is shown again."))


def _applied(request: HttpRequest, words: str) -> HttpResponse:
    enqueue_flow("activate_offers", trigger="hand", actor=str(person(request)))
    messages.success(request, words)
    return go(request, reverse("offers-activation"))
