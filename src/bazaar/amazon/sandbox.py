"""Amazon's static sandbox: the examples of the API models, answered to the letter and nothing else.

`sandbox` names a folder of API models (Swagger 2.0). A request must carry exactly the documented parameters of
an example; any other gets « Could not match input arguments ». Five calls a second, fifteen at once.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bazaar.amazon.account import Account
from bazaar.amazon.exchange import Refused, answer

RATE, BURST = 5.0, 15
_METHODS = ("get", "post", "put", "patch", "delete")
_BODY = "body"
_DENIED = "Access to requested resource is denied."


class Example(msgspec.Struct, frozen=True, kw_only=True):
    operation: str
    method: str
    path: re.Pattern[str]
    parameters: Mapping[str, Any]
    body_name: str
    """Under which name the model gives the request's body; "" where there is none."""
    status: int
    response: Any


class Sandbox:
    def __init__(self, account: Account, folder: Path) -> None:
        self._account = account
        self._examples = [one for file in sorted(folder.glob("*.json")) for one in read_examples(file)]
        self._tokens, self._since = float(BURST), account.now()

    def routes(self) -> list[BaseRoute]:
        return [Route("/{rest:path}", self._serve, methods=[method.upper() for method in _METHODS])]

    async def _serve(self, request: Request) -> Response:
        try:
            self._admit(request)
            path = request.scope["path"].removeprefix(request.scope.get("root_path", ""))
            return self._find(request.method, path, dict(request.query_params), await request.body())
        except Refused as refused:
            return answer(refused.body(), refused.status)

    def _admit(self, request: Request) -> None:
        token = request.headers.get("x-amz-access-token", "")
        if not any(known.endswith(f"|{token}") for known in self._account.tokens):
            raise Refused(403, "Unauthorized", _DENIED)
        now: datetime = self._account.now()
        self._tokens = min(float(BURST), self._tokens + (now - self._since).total_seconds() * RATE)
        self._since = now
        if self._tokens < 1 and self._account.settings.limits == "real":
            raise Refused(429, "QuotaExceeded", "You exceeded your quota for the requested resource.")
        self._tokens -= 1

    def _find(self, method: str, path: str, query: Mapping[str, str], content: bytes) -> Response:
        body = json.loads(content) if content else None
        known = False
        for one in self._examples:
            found = one.path.fullmatch(path) if one.method == method else None
            if found is None:
                continue
            known = True
            if _fits(one, {**query, **found.groupdict()}, body):
                if one.response in (None, {}):
                    return Response(status_code=one.status)
                return answer(one.response, one.status)
        if not known:
            raise Refused(403, "Unauthorized", _DENIED)
        raise Refused(400, "InvalidInput", "Could not match input arguments")


def read_examples(file: Path) -> Iterable[Example]:
    """Of one model, those with most parameters first: the ones that say more are meant."""
    model = json.loads(file.read_text("utf-8"))
    if model.get("swagger") != "2.0":
        return []
    found = [
        example
        for path, methods in model["paths"].items()
        for method in _METHODS
        if (operation := methods.get(method))
        for example in _examples(path, method, operation)
    ]
    return sorted(found, key=lambda one: -len(one.parameters))


def _examples(path: str, method: str, operation: dict[str, Any]) -> Iterable[Example]:
    declared = {one.get("name"): one.get("in") for one in operation.get("parameters", [])}
    body = next((name for name, place in declared.items() if place == _BODY), "")
    for status, told in operation["responses"].items():
        for static in told.get("x-amzn-api-sandbox", {}).get("static", []):
            asked = static.get("request", {}).get("parameters", {})
            yield Example(
                operation=operation["operationId"],
                method=method.upper(),
                path=_pattern(path),
                parameters={name: one.get("value") for name, one in asked.items()},
                body_name=body,
                status=int(status),
                response=static.get("response"),
            )


def _pattern(path: str) -> re.Pattern[str]:
    pieces = re.split(r"\{(\w+)\}", path)
    return re.compile("".join(f"(?P<{p}>.*)" if n % 2 else re.escape(p) for n, p in enumerate(pieces)))


def _fits(example: Example, given: Mapping[str, str], body: object) -> bool:
    for name, wanted in example.parameters.items():
        if name == example.body_name:
            if body != wanted:
                return False
        elif _text(wanted) != given.get(name, ""):
            return False
    return True


def _text(value: object) -> str:
    """As it is written in an address: arrays are comma-separated."""
    if isinstance(value, list):
        return ",".join(_text(one) for one in value)
    return str(value).lower() if isinstance(value, bool) else str(value)
