"""One call of the API: its parameters, and how it is refused (`application/problem+json`)."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeVar

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from bazaar.octopia.account import Account
from bazaar.octopia.money import JSON, parse_instant

T = TypeVar("T")
PROBLEM = "application/problem+json"
_TITLES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    429: "Too Many Requests",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}


class Refused(Exception):  # noqa: N818 - named after what happened
    """The call is answered with an error: `errors` gives words by field."""

    def __init__(self, status: int, detail: str = "", errors: dict[str, list[str]] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.errors = errors or {}
        self.headers: dict[str, str] = {}

    def answer(self) -> Response:
        return problem(self.status, self.detail, self.errors, self.headers)


def problem(
    status: int,
    detail: str = "",
    errors: dict[str, list[str]] | None = None,
    headers: dict[str, str] | None = None,
) -> Response:
    body: dict[str, object] = {"type": "about:blank", "title": _TITLES.get(status, "Error"), "status": status}
    if detail:
        body["detail"] = detail
    if errors:
        body["errors"] = errors
    return Response(JSON.encode(body), status, headers, PROBLEM)


def bad(field: str, words: str) -> Refused:
    return Refused(400, "One or more errors occurred", {field: [words]})


class Call:
    """A request, after its token and its seller were found good."""

    def __init__(self, request: Request, account: Account) -> None:
        self.request = request
        self.account = account
        self.now = account.now()

    def path(self, name: str) -> str:
        return str(self.request.path_params[name])

    def text(self, name: str) -> str:
        return self.request.query_params.get(name, "")

    def csv(self, name: str) -> list[str]:
        return [part.strip() for part in self.text(name).split(",") if part.strip()]

    def choices(self, name: str, allowed: frozenset[str]) -> list[str]:
        values = self.csv(name)
        for value in values:
            if value not in allowed:
                raise bad(name, f"The value '{value}' is not valid.")
        return values

    def instant(self, name: str) -> datetime | None:
        value = self.text(name)
        if not value:
            return None
        try:
            return parse_instant(value)
        except ValueError:
            raise bad(name, f"The value '{value}' is not valid.") from None

    def number(self, name: str, default: int, low: int, high: int) -> int:
        value = self.text(name)
        if not value:
            return default
        if not re.fullmatch(r"\d{1,9}", value) or not low <= int(value) <= high:
            raise bad(name, f"The field {name} must be between {low} and {high}.")
        return int(value)

    async def body(self, kind: type[T]) -> T:
        """Fields that the type does not know are ignored; the refusal names the field."""
        try:
            return msgspec.json.decode(await self.request.body(), type=kind, strict=False)
        except msgspec.DecodeError as error:  # ValidationError is one too
            words, _, place = str(error).partition(" - at ")
            raise bad(place.strip("`").removeprefix("$").removeprefix(".") or "body", words) from None

    def url(self, path: str) -> str:
        """An absolute address of this party, as the caller reaches it."""
        base = self.account.settings.base_url.rstrip("/")
        if not base:
            root = self.request.scope.get("root_path", "")
            base = f"{self.request.url.scheme}://{self.request.url.netloc}{root}"
        return base + path

    def sales_channel(self, given: str, name: str) -> str:
        if given not in self.account.channels:
            raise bad(name, f"The sales channel '{given}' is unknown or not subscribed.")
        return given


def answer(content: object, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(JSON.encode(content), status, headers, "application/json")


def written(call: Call) -> Response:
    """The success of an approval or a shipment: which status the real one answers is not known."""
    return Response(status_code=int(call.account.settings.write_answer))


Handler = Callable[[Call], Awaitable[Response]]


class Operation(msgspec.Struct, frozen=True):
    method: str
    path: str
    handler: Handler
