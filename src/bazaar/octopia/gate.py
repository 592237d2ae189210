"""The door of the API: token, seller, pace, then the operation."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bazaar.octopia.account import Account
from bazaar.octopia.exchange import Call, Operation, Refused
from bazaar.octopia.tokens import TOKEN_PATH, TokenDesk

METHODS = ["GET", "POST", "PUT", "DELETE", "PATCH"]


def make_routes(account: Account, operations: Iterable[Operation]) -> list[BaseRoute]:
    """One route for each path, fixed paths before those with parameters, and a 404 for all the rest."""
    by_path: dict[str, dict[str, Operation]] = {}
    for one in operations:
        by_path.setdefault(one.path, {})[one.method] = one
    gate = Gate(account)
    routes: list[BaseRoute] = [Route(TOKEN_PATH, gate.tokens.give, methods=["POST"])]
    routes += [
        Route(path, gate.endpoint(by_path[path]), methods=METHODS)
        for path in sorted(by_path, key=lambda path: (path.count("{"), path))
    ]
    return [*routes, Route("/{rest:path}", gate.endpoint({}), methods=METHODS)]


class Gate:
    def __init__(self, account: Account) -> None:
        self._account = account
        self._calls: deque[datetime] = deque()
        self.tokens = TokenDesk(account)

    def endpoint(self, operations: dict[str, Operation]) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            try:
                call = self._admit(request)
                operation = operations.get(request.method)
                if operation is None:
                    raise Refused(405 if operations else 404)
                return await operation.handler(call)
            except Refused as refusal:
                return refusal.answer()

        return endpoint

    def _admit(self, request: Request) -> Call:
        if not self.tokens.is_good(request.headers.get("authorization", "")):
            raise Refused(401)
        if request.headers.get("sellerid") != self._account.seller_id:
            raise Refused(403, "The SellerId header is missing or not yours.")
        self._count()
        return Call(request, self._account)

    def _count(self) -> None:
        """No page gives the real limits: an average per second, of which many may come in a row."""
        settings = self._account.settings
        if settings.limits == "off":
            return
        now, window = self._account.now(), settings.requests_in_a_row / settings.requests_per_second
        while self._calls and (now - self._calls[0]).total_seconds() >= window:
            self._calls.popleft()
        if len(self._calls) >= settings.requests_in_a_row:
            refusal = Refused(429)
            wait = window - (now - self._calls[0]).total_seconds()
            refusal.headers["Retry-After"] = str(max(1, math.ceil(wait)))
            raise refusal
        self._calls.append(now)
