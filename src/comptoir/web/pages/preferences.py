"""What a reader prefers: the language and the light."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.views.decorators.http import require_POST

from comptoir.accounts.models import User
from comptoir.web.access import public
from comptoir.web.context import THEMES
from comptoir.web.rendering import back

YEAR_S = 365 * 86_400


@public
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Kept in a cookie, and with the account of who is signed in."""
    language = request.POST.get("language", "")
    if language not in dict(settings.LANGUAGES):
        return HttpResponseBadRequest()
    if isinstance(request.user, User):
        User.objects.filter(pk=request.user.pk).update(language=language)
    return _kept(request, settings.LANGUAGE_COOKIE_NAME, language)


@public
@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    theme = request.POST.get("theme", "")
    return _kept(request, "theme", theme) if theme in THEMES else HttpResponseBadRequest()


def _kept(request: HttpRequest, name: str, value: str) -> HttpResponse:
    answer = back(request, "/")
    answer.set_cookie(name, value, max_age=YEAR_S, secure=settings.HTTPS, httponly=True, samesite="Lax")
    return answer
