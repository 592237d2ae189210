"""The first page: what needs a person now."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from comptoir.accounts.roles import Permission
from comptoir.web.access import person, requires
from comptoir.web.queries.running_out import running_out
from comptoir.web.queries.today import read_today
from comptoir.web.rendering import render_part


@requires(Permission.SEE)
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "comptoir/today.html", {"today": read_today(person(request).narrowed_to)})


@requires(Permission.SEE)
def short(request: HttpRequest) -> HttpResponse:
    """A part of the first page that takes longer and comes in after it; opened by itself, a page of its own."""
    context = {"running_out": running_out()}
    return render_part(request, "comptoir/running_out.html", "comptoir/_running_out.html", context)
