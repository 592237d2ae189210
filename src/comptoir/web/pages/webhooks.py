"""Webhooks: who is told of what, what was delivered, sent again by hand."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from comptoir.accounts.roles import Permission
from comptoir.events.models import Delivery, Webhook
from comptoir.events.webhooks import (
    BadAddress,
    bare,
    change_webhook,
    create_webhook,
    delete_webhook,
    replay,
    set_state,
)
from comptoir.web.access import person, requires
from comptoir.web.forms.people import WebhookForm
from comptoir.web.rendering import go


@requires(Permission.MANAGE_USERS)
def webhooks(request: HttpRequest) -> HttpResponse:
    found = [(webhook, bare(webhook.url)) for webhook in Webhook.objects.all()]
    return render(request, "comptoir/webhooks/list.html", {"webhooks": found})


@requires(Permission.MANAGE_USERS)
def create(request: HttpRequest) -> HttpResponse:
    form = WebhookForm(request.POST or None)
    if form.is_valid():
        try:
            webhook = create_webhook(**form.cleaned_data, actor=str(person(request)))
            answer = render(
                request, "comptoir/webhooks/made.html", {"webhook": webhook, "secret": webhook.secret()}
            )
            answer["Cache-Control"] = "no-store"
            return answer
        except BadAddress as error:
            form.add_error("url", str(error))
    context = {
        "form": form,
        "title": _("New webhook"),
        "submit": _("Make the webhook"),
        "back": reverse("webhooks"),
    }
    return render(request, "comptoir/form_page.html", context, status=422 if form.is_bound else 200)


@requires(Permission.MANAGE_USERS)
def webhook(request: HttpRequest, webhook_id: int) -> HttpResponse:
    """Its settings are changed on a page of their own; here is what became of each event."""
    found = get_object_or_404(Webhook, pk=webhook_id)
    log = found.deliveries.select_related("event").order_by("-id")[:200]
    return render(
        request, "comptoir/webhooks/webhook.html", {"webhook": found, "address": bare(found.url), "log": log}
    )


@requires(Permission.MANAGE_USERS)
def change(request: HttpRequest, webhook_id: int) -> HttpResponse:
    found = get_object_or_404(Webhook, pk=webhook_id)
    now = {"name": found.name, "url": found.url, "kinds": " ".join(found.kinds), "channels": found.channels}
    form = WebhookForm(request.POST or None, initial=now)
    if form.is_valid():
        try:
            change_webhook(found, **form.cleaned_data, actor=str(person(request)))
            messages.success(request, _("Kept."))
            return go(request, reverse("webhook", args=[found.pk]))
        except BadAddress as error:
            form.add_error("url", str(error))
    context = {
        "form": form,
        "title": found.name,
        "submit": _("Keep"),
        "back": reverse("webhook", args=[found.pk]),
    }
    return render(request, "comptoir/form_page.html", context, status=422 if form.is_bound else 200)


@requires(Permission.MANAGE_USERS)
@require_POST
def pause(request: HttpRequest, webhook_id: int) -> HttpResponse:
    found, paused = get_object_or_404(Webhook, pk=webhook_id), request.POST.get("paused") == "1"
    set_state(found, paused=paused, actor=str(person(request)))
    messages.success(request, _("Paused: what happens meanwhile waits.") if paused else _("Told again."))
    return go(request, reverse("webhook", args=[found.pk]))


@requires(Permission.MANAGE_USERS)
@require_POST
def delete(request: HttpRequest, webhook_id: int) -> HttpResponse:
    delete_webhook(get_object_or_404(Webhook, pk=webhook_id), actor=str(person(request)))
    messages.success(request, _("Deleted."))
    return go(request, reverse("webhooks"))


@requires(Permission.MANAGE_USERS)
@require_POST
def send_again(request: HttpRequest, delivery_id: int) -> HttpResponse:
    delivery = get_object_or_404(Delivery.objects.select_related("webhook"), pk=delivery_id)
    replay(delivery, actor=str(person(request)))
    messages.success(request, _("Sent again within a few seconds."))
    return go(request, reverse("webhook", args=[delivery.webhook_id]))
