"""What each request is read in: the merchant's zone and the reader's language."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone, translation

from comptoir.accounts.models import User


def reader(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """After `AuthenticationMiddleware`: a signed-in person's own language wins over the browser's."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if isinstance(request.user, User):
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = translation.get_language()
        with timezone.override(settings.TIME_ZONE_OF_MERCHANT):
            return get_response(request)

    return middleware
