"""API keys: made, rotated with an overlap, revoked. The secret is shown once."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from comptoir.accounts.keys import KeyIsDead, create_api_key, revoke_api_key, rotate_api_key
from comptoir.accounts.models import ApiKey
from comptoir.accounts.roles import Permission, Role
from comptoir.core import clock
from comptoir.web.access import person, requires
from comptoir.web.forms.people import KeyForm
from comptoir.web.rendering import go


@requires(Permission.MANAGE_USERS)
def keys(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    found = [
        (key, key.lives(now)) for key in ApiKey.objects.select_related("created_by").order_by("-id")[:500]
    ]
    return render(request, "comptoir/keys/list.html", {"keys": found})


@requires(Permission.MANAGE_USERS)
def create(request: HttpRequest) -> HttpResponse:
    form = KeyForm(request.POST or None)
    if form.is_valid():
        given = form.cleaned_data
        days = given.pop("days")
        expires = clock.now() + timedelta(days=int(days)) if days else None
        made = create_api_key(
            **given | {"role": Role(given["role"])}, actor=person(request), expires_at=expires
        )
        return _shown_once(request, *made)
    context = {"form": form, "title": _("New API key"), "submit": _("Make the key"), "back": reverse("keys")}
    return render(request, "comptoir/form_page.html", context, status=422 if form.is_bound else 200)


@requires(Permission.MANAGE_USERS)
@require_POST
def rotate(request: HttpRequest, key_id: int) -> HttpResponse:
    try:
        return _shown_once(
            request, *rotate_api_key(get_object_or_404(ApiKey, pk=key_id), actor=person(request))
        )
    except KeyIsDead:
        messages.error(request, _("This key is over: make a new one."))
        return go(request, reverse("keys"))


@requires(Permission.MANAGE_USERS)
@require_POST
def revoke(request: HttpRequest, key_id: int) -> HttpResponse:
    revoke_api_key(get_object_or_404(ApiKey, pk=key_id), actor=str(person(request)))
    messages.success(request, _("Revoked: it opens nothing any more."))
    return go(request, reverse("keys"))


def _shown_once(request: HttpRequest, key: ApiKey, secret: str) -> HttpResponse:
    answer = render(request, "comptoir/keys/made.html", {"key": key, "secret": secret})
    answer["Cache-Control"] = "no-store"
    return answer
