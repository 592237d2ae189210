"""One call of the API: reading its parameters strictly, and the two shapes in which it is refused."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Literal, TypeVar

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from bazaar.mirakl.money import parse_instant
from bazaar.mirakl.order_json import JSON
from bazaar.mirakl.shop import Shop

T = TypeVar("T")
LIST_LIMIT = 100
# Which operation answers with which shape is documented for few of them: see the README.
ErrorShape = Literal["message", "errors"]


class RefusedError(Exception):
    """The call is answered with an error. `code` and `field` show in the newer shape only."""

    def __init__(self, status: int, message: str, code: str = "", field: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.code = code or {400: "VALIDATION_ERROR", 404: "NOT_FOUND"}.get(status, f"HTTP_{status}")
        self.field = field
        self.headers: dict[str, str] = {}

    def body(self, shape: ErrorShape) -> dict[str, object]:
        if shape == "message":
            return {"message": self.message, "status": self.status}
        return {"errors": [{"code": self.code, "field": self.field, "message": self.message}]}


class Call:
    """A request to the shop, after its key and its shop_id were found good."""

    def __init__(self, request: Request, shop: Shop) -> None:
        self.request = request
        self.shop = shop
        self.now = shop.now()

    def path(self, name: str) -> str:
        return str(self.request.path_params[name])

    def path_number(self, name: str) -> int:
        text = self.path(name)
        if not text.isdigit():
            raise RefusedError(404, "HTTP 404 Not Found")
        return int(text)

    def text(self, name: str) -> str | None:
        return self.request.query_params.get(name) or None

    def csv(self, name: str) -> list[str]:
        """Comma-separated or repeated, at most 100 values."""
        parts = [part for one in self.request.query_params.getlist(name) for part in one.split(",") if part]
        if len(parts) > LIST_LIMIT:
            raise RefusedError(
                400, f"The limit of {LIST_LIMIT} is exceeded for the parameter : {name}", field=name
            )
        return parts

    def choice(self, name: str, allowed: frozenset[str]) -> str | None:
        value = self.text(name)
        if value is not None and value not in allowed:
            raise RefusedError(400, f"The value '{value}' is invalid for the parameter : {name}", field=name)
        return value

    def choices(self, name: str, allowed: frozenset[str]) -> list[str]:
        values = self.csv(name)
        for value in values:
            if value not in allowed:
                raise RefusedError(
                    400, f"The value '{value}' is invalid for the parameter : {name}", field=name
                )
        return values

    def flag(self, name: str) -> bool | None:
        value = self.choice(name, frozenset({"true", "false"}))
        return None if value is None else value == "true"

    def instant(self, name: str) -> datetime | None:
        value = self.text(name)
        if value is None:
            return None
        try:
            return parse_instant(value)
        except ValueError:
            raise RefusedError(
                400, f"The date '{value}' is invalid for the parameter : {name}", field=name
            ) from None

    def number(self, name: str, default: int, low: int, high: int) -> int:
        value = self.text(name)
        if value is None:
            return default
        if not re.fullmatch(r"\d{1,9}", value) or not low <= int(value) <= high:
            message = f"The parameter {name} must be a number between {low} and {high}, not '{value}'"
            raise RefusedError(400, message, field=name)
        return int(value)

    async def body(self, kind: type[T]) -> T:
        return decode(await self.request.body(), kind)

    def url(self, path: str) -> str:
        """An absolute address of this party, as the caller reaches it."""
        base = self.shop.settings.base_url.rstrip("/")
        if not base:
            root = self.request.scope.get("root_path", "")
            base = f"{self.request.url.scheme}://{self.request.url.netloc}{root}"
        return base + path


def decode(content: bytes, kind: type[T]) -> T:
    """Fields that the type does not know are ignored; the message of a refusal names the field."""
    try:
        return msgspec.json.decode(content, type=kind, strict=False)
    except msgspec.DecodeError as error:  # ValidationError is one too
        text, _, path = str(error).partition(" - at ")
        field = path.strip("`").removeprefix("$").removeprefix(".") or None
        raise RefusedError(400, text if field is None else f"{field}: {text}", field=field) from None


def answer(content: object, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(JSON.encode(content), status, headers, "application/json")


def raw(content: bytes, content_type: str, file_name: str = "") -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{file_name}"'} if file_name else None
    return Response(content, 200, headers, content_type)


def nothing() -> Response:
    return Response(status_code=204)


Handler = Callable[[Call], Awaitable[Response]]


class Operation(msgspec.Struct, frozen=True):
    """One documented operation: `OR11 GET /api/orders`."""

    code: str
    method: str
    path: str
    handler: Handler
    shape: ErrorShape = "message"
