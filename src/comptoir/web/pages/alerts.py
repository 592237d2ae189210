"""Alerts: what lasts now, what was told to whom, and from what on somebody is told."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from comptoir.accounts.roles import Permission
from comptoir.flows.alert_choices import chosen
from comptoir.flows.alert_rules import RULES
from comptoir.journal.models import Alert
from comptoir.web.access import person, requires
from comptoir.web.alerts import keep_choices
from comptoir.web.forms.alerts import AlertForm
from comptoir.web.rendering import go

SHOWN = 20


@requires(Permission.MANAGE_USERS)
def alerts(request: HttpRequest) -> HttpResponse:
    form = AlertForm(chosen(), request.POST or None)
    if form.is_valid():
        keep_choices(form.choices(), actor=str(person(request)))
        messages.success(request, _("Kept."))
        return go(request, reverse("alerts"))
    found = Alert.objects.prefetch_related("notices")
    context = {
        "form": form,
        "on": list(found.filter(ended_at=None)),
        "over": list(found.exclude(ended_at=None)[:SHOWN]),
        "labels": {rule.key: rule.label for rule in RULES},
        "mail_server": f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}",
        "webhook": urlsplit(settings.ALERT_WEBHOOK).hostname or "",
    }
    return render(request, "comptoir/settings/alerts.html", context, status=422 if form.is_bound else 200)
