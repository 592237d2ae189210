"""What each request is read in: the merchant's zone and the reader's language."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone, translation

from comptoir.accounts.models import User
from comptoir.journal.audit import Origin, coming_from
from comptoir.web.rendering import go
from comptoir.web.sign_in_rules import must_enrol

FREE = (
    "/account/",
    "/sign-out/",
    "/sign-in/",
    "/language/",
    "/theme/",
    "/static/",
    "/healthz",
    "/readyz",
    "/api/",
)


def second_factor(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """An administrator without a second factor is sent to make one, wherever they wanted to go."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if isinstance(request.user, User) and not request.path.startswith(FREE) and must_enrol(request.user):
            return go(request, reverse("mfa_index"))
        return get_response(request)

    return middleware


def reader(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """After `AuthenticationMiddleware`: a signed-in person's own language wins over the browser's."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if isinstance(request.user, User):
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = translation.get_language()
        origin = Origin(request.META.get("REMOTE_ADDR") or None)
        if request.path.startswith("/api/"):  # the API says where its calls come from itself
            return get_response(request)
        with timezone.override(settings.TIME_ZONE_OF_MERCHANT), coming_from(origin):
            return get_response(request)

    return middleware
