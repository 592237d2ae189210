"""What each request is read in: the merchant's zone and the reader's language."""

from __future__ import annotations

from collections.abc import Callable

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone, translation

from comptoir.accounts.models import User
from comptoir.journal.audit import Origin, coming_from
from comptoir.web.rendering import go
from comptoir.web.sign_in_rules import must_enrol

SEEN_EVERY_S = 60
FILE_MARK, TOKEN_SIGNS = "_file", 32
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


def session_seen(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """When and from where each session was last used, noted once a minute and at each new address.

    In place of allauth's own middleware, which writes at every request: a page would cost five statements more.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        key = request.session.session_key
        if key and isinstance(request.user, User):
            where = f"session:{key}:{request.META.get('REMOTE_ADDR', '')}"
            if cache.add(where, True, timeout=SEEN_EVERY_S):
                UserSession.objects.create_from_request(request)
        return get_response(request)

    return middleware


def file_on_its_way(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """A page cannot see that a file it asked for has come: the cookie tells it (`app.js`). Its mark is no filter."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        given = request.GET.copy()
        marks = given.pop(FILE_MARK, [])
        if not marks:
            return get_response(request)
        request.GET = given  # type: ignore[assignment]
        response = get_response(request)
        token = str(marks[-1])
        if token.isascii() and token.isalnum() and len(token) == TOKEN_SIGNS:
            response.set_cookie("file", token, max_age=60, secure=request.is_secure(), samesite="Lax")
        return response

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
