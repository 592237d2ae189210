"""What the base template needs on every page."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from comptoir.accounts.models import User
from comptoir.accounts.roles import Permission
from comptoir.channels.models import Channel
from comptoir.web.navigation import links

THEMES = ("light", "dark")


def frame(request: HttpRequest) -> dict[str, Any]:
    theme = request.COOKIES.get("theme", "light")
    user = request.user if hasattr(request, "user") else None
    return {
        "navigation": links(request) if user else [],
        "may": {p.value: isinstance(user, User) and user.may(p) for p in Permission},
        "theme": theme if theme in THEMES else "light",
        "other_theme": "light" if theme == "dark" else "dark",
        "enrolment_is_off": settings.SECOND_FACTOR != "administrators"
        and isinstance(user, User)
        and user.may(Permission.MANAGE_USERS),
        "languages": settings.LANGUAGES,
        "channel_names": SimpleLazyObject(lambda: dict(Channel.objects.values_list("key", "name"))),
        "language": get_language() or settings.LANGUAGE_CODE,
    }
