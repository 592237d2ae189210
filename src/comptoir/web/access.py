"""Who may open a page: every view says so, by `@requires(Permission.…)` or `@public`."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from comptoir.accounts.models import User
from comptoir.accounts.roles import ROLE_PERMISSIONS, Permission

View = Callable[..., HttpResponseBase]
V = TypeVar("V", bound=View)


def requires(permission: Permission) -> Callable[[View], View]:
    """Anonymous people are sent to sign in; the others are told which roles may."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not isinstance(request.user, User):
                return _to_sign_in(request)
            if not request.user.may(permission):
                return _forbidden(request, permission)
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


def _to_sign_in(request: HttpRequest) -> HttpResponseBase:
    answer = redirect_to_login(request.get_full_path())
    if request.headers.get("HX-Request"):
        # The whole page must go there, not the fragment alone.
        return HttpResponse(headers={"HX-Redirect": answer.url})
    return answer


def _forbidden(request: HttpRequest, permission: Permission) -> HttpResponse:
    roles = [role.label for role, given in ROLE_PERMISSIONS.items() if permission in given]
    return render(request, "comptoir/forbidden.html", {"roles": roles}, status=403)
