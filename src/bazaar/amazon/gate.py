"""The door of the API: token, role, quota, then the operation; every refusal in Amazon's words."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bazaar.amazon.account import Account
from bazaar.amazon.exchange import Call, Operation, Refused, answer
from bazaar.amazon.quotas import Meter

METHODS = ["GET", "POST", "PUT", "DELETE", "PATCH"]
_DENIED = "Access to requested resource is denied."
_BAD_TOKEN = "The access token you provided is revoked, malformed or invalid."  # noqa: S105 - a message
_TELLS_RATE = frozenset({400, 404})


class Gate:
    def __init__(self, account: Account) -> None:
        self._account = account
        self._meter = Meter(account)

    def routes(self, operations: Iterable[Operation]) -> list[BaseRoute]:
        """One route for each path, fixed ones before those with parameters, and a 404 for all the rest."""
        by_path: dict[str, dict[str, Operation]] = {}
        for one in operations:
            by_path.setdefault(one.path, {})[one.method] = one
        paths = sorted(by_path, key=lambda path: (path.count("{"), path))
        routes: list[BaseRoute] = [
            Route(path, self._endpoint(by_path[path]), methods=METHODS) for path in paths
        ]
        return [*routes, Route("/{rest:path}", self._endpoint({}), methods=METHODS)]

    def _endpoint(self, operations: dict[str, Operation]) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            response = await self._serve(request, operations.get(request.method))
            response.headers["x-amzn-RequestId"] = self._account.uuid()
            return response

        return endpoint

    async def _serve(self, request: Request, operation: Operation | None) -> Response:
        if operation is None:
            return answer(Refused(403, "Unauthorized", _DENIED).body(), 403)
        try:
            self._admit(request, operation)
            # To the microsecond: Amazon shows seconds, it does not count in them.
            self._meter.take(operation.name, self._account.world.now())
            response = await operation.handler(Call(request, self._account))
        except Refused as refusal:
            response = answer(refusal.body(), refusal.status)
        if response.status_code < 300 or response.status_code in _TELLS_RATE:
            response.headers.update(self._meter.header(operation.name))
        return response

    def _admit(self, request: Request, operation: Operation) -> None:
        token = request.headers.get("x-amz-access-token", "")
        until = self._account.tokens.get(f"{operation.scope}|{token}")
        if until is None or until <= self._account.now():
            raise Refused(403, "Unauthorized", _DENIED, _BAD_TOKEN)
        if operation.name in self._account.settings.missing_roles:
            raise Refused(403, "Unauthorized", _DENIED)


def refusal(status: int) -> Response:
    """What the faults of the wire answer, in Amazon's words."""
    if status == 429:
        message = "You exceeded your quota for the requested resource."
        return answer(Refused(429, "QuotaExceeded", message).body(), 429)
    if status in (401, 403):
        return answer(Refused(403, "Unauthorized", _DENIED, _BAD_TOKEN).body(), 403)
    code = "ServiceUnavailable" if status == 503 else "InternalFailure"
    return answer(Refused(status, code, "We encountered an internal error. Please try again.").body(), status)
