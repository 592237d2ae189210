"""Buyers' data: for how long it is kept, when the next purge comes, whether all of it is sealed."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from comptoir.accounts.roles import Permission
from comptoir.channels.models import Channel
from comptoir.flows.connect import contacts_kept_days
from comptoir.flows.models import Turn
from comptoir.journal.models import Run
from comptoir.orders.privacy import change_retention, kept_days
from comptoir.orders.sealing import plain_left
from comptoir.sdk.connector import Role
from comptoir.web.access import person, requires
from comptoir.web.forms.privacy import RetentionForm, Term
from comptoir.web.rendering import go


@requires(Permission.MANAGE_USERS)
def personal_data(request: HttpRequest) -> HttpResponse:
    form = RetentionForm(_terms(), request.POST or None)
    if form.is_valid():
        with transaction.atomic():
            for term in form.terms:
                change_retention(
                    term.channel, form.cleaned_data[term.channel.key], actor=str(person(request))
                )
        messages.success(request, _("Kept."))
        return go(request, reverse("personal-data"))
    context = {
        "form": form,
        "turn": Turn.objects.filter(flow="purge", channel="").first(),
        "last": Run.objects.filter(flow="purge", outcome=Run.Outcome.SUCCEEDED).first(),
        "plain_left": plain_left(),
    }
    return render(
        request, "comptoir/settings/personal_data.html", context, status=422 if form.is_bound else 200
    )


def _terms() -> list[Term]:
    allowed = contacts_kept_days()
    shops = Channel.objects.filter(role=Role.MARKETPLACE)
    return [Term(shop, kept_days(shop, allowed), allowed.get(shop.kind)) for shop in shops]
