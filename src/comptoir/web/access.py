"""Who may open a page: every view says so, by `@requires(Permission.…)` or `@public`."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.contrib.auth.views import redirect_to_login
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from comptoir.accounts.models import User
from comptoir.accounts.roles import HOUSE_WIDE, ROLE_PERMISSIONS, Permission

View = Callable[..., HttpResponseBase]
V = TypeVar("V", bound=View)
M = TypeVar("M", bound=Model)


def requires(permission: Permission) -> Callable[[View], View]:
    """Anonymous people are sent to sign in; the others are told which roles may."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not isinstance(request.user, User):
                return _to_sign_in(request)
            if not request.user.may(permission):
                return forbidden(request, permission)
            return view(request, *args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded

    return decorate


def public(view: V) -> V:
    """Open to everybody; a test holds the list of these views."""
    view.permission = None  # type: ignore[attr-defined]
    return view


def person(request: HttpRequest) -> User:
    """Who is signed in, behind `requires`."""
    if not isinstance(request.user, User):
        raise TypeError("only for views behind `requires`")
    return request.user


def seen_by(user: User, rows: QuerySet[M], path: str) -> QuerySet[M]:
    """Only what lies on the channels of this person; `path` leads from a row to its channel's key.

    What belongs to no channel, such as a run of the house, is hidden from who is narrowed to some.
    """
    channels = user.narrowed_to
    return rows.filter(**{f"{path}__in": channels}) if channels else rows


def require_channel(request: HttpRequest, channel: str) -> None:
    """As if it did not exist: who is narrowed to some channels learns nothing of the others."""
    if not person(request).sees(channel):
        raise Http404(channel)


def _to_sign_in(request: HttpRequest) -> HttpResponseBase:
    answer = redirect_to_login(request.get_full_path())
    if request.headers.get("HX-Request"):
        # The whole page must go there, not the fragment alone.
        return HttpResponse(headers={"HX-Redirect": answer.url})
    return answer


def forbidden(request: HttpRequest, permission: Permission) -> HttpResponse:
    """The page that says which roles may."""
    roles = [role.label for role, given in ROLE_PERMISSIONS.items() if permission in given]
    narrowed = permission in HOUSE_WIDE and bool(person(request).narrowed_to)
    return render(request, "comptoir/forbidden.html", {"roles": roles, "narrowed": narrowed}, status=403)
