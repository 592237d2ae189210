"""One template for the page and for its fragment: htmx is given the part that changes, alone."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme


def render_part(request: HttpRequest, page: str, part: str, context: dict[str, Any]) -> HttpResponse:
    """`page` includes `part`; an htmx request gets `part` alone."""
    wants_part = bool(request.headers.get("HX-Request")) and not request.headers.get(
        "HX-History-Restore-Request"
    )
    answer = render(request, part if wants_part else page, context)
    # One address, two answers: a cache or the back button must not give the part for the page.
    answer["Vary"] = "HX-Request, Cookie, Accept-Language"
    return answer


def render_dialog(
    request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """A form in a dialog, or on a page of its own where there is no script."""
    base = "comptoir/dialog.html" if request.headers.get("HX-Request") else "comptoir/dialog_page.html"
    # htmx swaps nothing of an answer that is an error, and a refused form has to be seen.
    status = 200 if request.headers.get("HX-Request") else status
    return render(request, template, context | {"base": base}, status=status)


def go(request: HttpRequest, url: str) -> HttpResponse:
    """Leave for another page, from a dialog too."""
    name = "HX-Redirect" if request.headers.get("HX-Request") else "Location"
    return HttpResponse(status=200 if name == "HX-Redirect" else 303, headers={name: url})


def back(request: HttpRequest, otherwise: str) -> HttpResponse:
    """To where the form said that it stands, when that is one of our own pages."""
    url = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())
    return go(request, url if ours else otherwise)
