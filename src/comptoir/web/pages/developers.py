"""The API explained: made from its own description, with a place to try each reading."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import get_callable
from django.utils.translation import gettext

from comptoir.accounts.roles import Permission
from comptoir.web.access import requires

# Neither room knows the other: the description is asked for like any other answer of the hub.
DESCRIPTION = "comptoir.config.described.description"
CODES = "comptoir.config.described.problem_codes"


@requires(Permission.SEE)
def developers(request: HttpRequest) -> HttpResponse:
    root = request.build_absolute_uri("/").rstrip("/")
    nouns: dict[str, list[dict[str, Any]]] = {}
    for one in _operations():
        nouns.setdefault(one["tag"], []).append(one | {"curl": one["curl"].replace("{root}", root)})
    return render(request, "comptoir/developers/index.html", {"nouns": list(nouns.items())})


@requires(Permission.SEE)
def problems(request: HttpRequest) -> HttpResponse:
    codes = [(code, gettext(words)) for code, words in sorted(get_callable(CODES)().items())]
    return render(request, "comptoir/developers/problems.html", {"codes": codes})


@requires(Permission.SEE)
def problem(request: HttpRequest, code: str) -> HttpResponse:
    """The page that the `type` of a problem leads to."""
    words = get_callable(CODES)().get(code)
    if words is None:
        raise Http404
    return render(request, "comptoir/developers/problems.html", {"codes": [(code, gettext(words))]})


@cache
def _operations() -> list[dict[str, Any]]:
    return [
        {
            "tag": operation["tags"][0],
            "method": method.upper(),
            "path": path,
            "summary": operation.get("summary", ""),
            "description": operation.get("description", ""),
            "parameters": operation.get("parameters", []),
            "curl": _curl(method.upper(), path, operation),
        }
        for path, methods in get_callable(DESCRIPTION)()["paths"].items()
        for method, operation in methods.items()
    ]


def _curl(method: str, path: str, operation: dict[str, Any]) -> str:
    lines = [f"curl -H 'Authorization: Bearer ck_…' '{{root}}{path}'"]
    if method != "GET":
        lines = [f"curl -X {method} -H 'Authorization: Bearer ck_…' -H 'Idempotency-Key: a-uuid'"]
        content = operation.get("requestBody", {}).get("content", {})
        if content:
            lines.append(f"  -H 'Content-Type: {next(iter(content))}' -d @body.json")
        lines.append(f"  '{{root}}{path}'")
    return " \\\n".join(lines)
