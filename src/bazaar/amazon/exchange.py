"""One call of the API: reading its parameters strictly, and Amazon's shape of a refusal."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import TypeVar

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from bazaar.amazon.account import Account

T = TypeVar("T")
JSON = msgspec.json.Encoder(decimal_format="number")


class Refused(Exception):  # noqa: N818 - named after what happened
    """The call is answered with an error, in the `errors` of the API models."""

    def __init__(self, status: int, code: str, message: str, details: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.details = details

    def body(self) -> dict[str, object]:
        return {"errors": [{"code": self.code, "message": self.message, "details": self.details}]}


def bad_input(message: str, details: str = "") -> Refused:
    return Refused(400, "InvalidInput", message, details)


def not_found(message: str) -> Refused:
    return Refused(404, "NotFound", message)


class Call:
    """A request of the application, after its token was found good."""

    def __init__(self, request: Request, account: Account) -> None:
        self.request = request
        self.account = account
        self.now = account.now()
        self.params = request.query_params

    def path(self, name: str) -> str:
        return str(self.request.path_params[name])

    def text(self, name: str) -> str:
        return self.params.get(name, "")

    def csv(self, name: str, *, most: int = 0) -> list[str]:
        """Comma-separated (the Swagger 2.0 default); repeated keys are taken too."""
        values = [v for one in self.params.getlist(name) for v in one.split(",") if v]
        if most and len(values) > most:
            raise bad_input(f"'{name}' has {len(values)} values, at most {most} are allowed.")
        return values

    def choices(self, name: str, allowed: frozenset[str]) -> list[str]:
        values = self.csv(name)
        unknown = sorted(set(values) - allowed)
        if unknown:
            raise bad_input(f"Invalid value {', '.join(unknown)} of '{name}'.")
        return values

    def number(self, name: str, default: int, low: int, high: int) -> int:
        text = self.text(name)
        if not text:
            return default
        if not text.isdigit() or not low <= int(text) <= high:
            raise bad_input(f"'{name}' must be between {low} and {high}.")
        return int(text)

    def instant(self, name: str) -> datetime | None:
        text = self.text(name)
        if not text:
            return None
        try:
            found = datetime.fromisoformat(text)
        except ValueError:
            raise bad_input(f"'{name}' is not an ISO 8601 date: {text}.") from None
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)

    def places(self, *, needed: bool = True, most: int = 0) -> list[str]:
        """`marketplaceIds`; those of another region are refused as Amazon refuses them."""
        ids = self.csv("marketplaceIds", most=most)
        if needed and not ids:
            raise bad_input("Missing required 'marketplaceIds'.")
        self.check_places(ids)
        return ids

    def check_places(self, ids: list[str]) -> None:
        unknown = [one for one in ids if one not in self.account.places]
        if unknown:
            details = f"marketplaceIds: {', '.join(unknown)}"
            raise Refused(
                403, "Unauthorized", "The marketplaces you provided are not valid for region", details
            )

    async def body(self, kind: type[T]) -> T:
        try:
            return msgspec.json.decode(await self.request.body(), type=kind)
        except msgspec.DecodeError as error:
            raise bad_input(
                "Request has missing or invalid parameters and cannot be parsed.", str(error)
            ) from None

    def url(self, path: str) -> str:
        """An absolute address of this party, as the caller reaches it."""
        base = self.account.settings.base_url.rstrip("/")
        if not base:
            root = self.request.scope.get("root_path", "")
            base = f"{self.request.url.scheme}://{self.request.url.netloc}{root}"
        return base + path


def answer(content: object, status: int = 200) -> Response:
    return Response(JSON.encode(content), status, media_type="application/json")


def nothing(status: int = 204) -> Response:
    return Response(status_code=status)


def stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def money(amount: Decimal, currency: str) -> dict[str, str]:
    """As orders and listings write it: the amount is text."""
    return {"amount": f"{amount:.2f}", "currencyCode": currency}


def number_money(amount: Decimal, currency: str) -> dict[str, object]:
    """As pricing writes it: the amount is a number."""
    return {"amount": amount, "currencyCode": currency}


Handler = Callable[[Call], Awaitable[Response]]


class Operation(msgspec.Struct, frozen=True):
    """One documented operation: `searchOrders GET /orders/2026-01-01/orders`."""

    name: str
    method: str
    path: str
    handler: Handler
    scope: str = ""
    """Grantless operations are called with a token of this scope."""
