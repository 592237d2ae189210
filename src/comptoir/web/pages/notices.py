"""What the hub told this person in this session."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from comptoir.accounts.roles import Permission
from comptoir.web.access import requires
from comptoir.web.notices import read_notices


@requires(Permission.SEE)
def notices(request: HttpRequest) -> HttpResponse:
    part = "_notices" if request.headers.get("HX-Request") else "notices"
    return render(request, f"comptoir/{part}.html", {"notices": read_notices(request)})
