"""The door of the API: key, shop, limits, then the operation; every refusal in its documented shape."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bazaar.mirakl.exchange import Call, ErrorShape, Operation, RefusedError, answer
from bazaar.mirakl.frequency import Meter
from bazaar.mirakl.shop import Shop

METHODS = ["GET", "POST", "PUT", "DELETE", "PATCH"]


def make_routes(shop: Shop, operations: Iterable[Operation]) -> list[BaseRoute]:
    """One route for each path, fixed paths before those with parameters, and a 404 for all the rest."""
    by_path: dict[str, dict[str, Operation]] = {}
    for one in operations:
        by_path.setdefault(one.path, {})[one.method] = one
    gate = _Gate(shop)
    routes: list[BaseRoute] = [
        Route(path, gate.endpoint(by_path[path]), methods=METHODS)
        for path in sorted(by_path, key=lambda path: (path.count("{"), path))
    ]
    return [*routes, Route("/{rest:path}", gate.endpoint({}), methods=METHODS)]


class _Gate:
    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._meter = Meter()

    def endpoint(self, operations: dict[str, Operation]) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            return await self._serve(request, operations)

        return endpoint

    async def _serve(self, request: Request, operations: dict[str, Operation]) -> Response:
        operation = operations.get(request.method)
        # Whoever is not let in learns so in the older shape, whatever he asked for.
        shape: ErrorShape = "message"
        try:
            call = self._admit(request)
            if operation is None:
                raise _not_served(operations)
            shape = operation.shape
            self._meter.check(operation.code, call)
            return await operation.handler(call)
        except RefusedError as refusal:
            return answer(refusal.body(shape), refusal.status, refusal.headers)
        finally:
            await request.close()  # the files of a form

    def _admit(self, request: Request) -> Call:
        if request.headers.get("authorization") != self._shop.api_key:
            raise RefusedError(401, "Unauthorized")
        shop_id = request.query_params.get("shop_id")
        if shop_id and not shop_id.isdigit():
            raise RefusedError(400, f"The value '{shop_id}' is invalid for the parameter : shop_id")
        if shop_id and int(shop_id) != self._shop.settings.shop_id:
            raise RefusedError(403, "You are not allowed to access this shop")
        return Call(request, self._shop)


def _not_served(operations: dict[str, Operation]) -> RefusedError:
    if not operations:
        return RefusedError(404, "HTTP 404 Not Found")
    refusal = RefusedError(405, "HTTP 405 Method Not Allowed")
    refusal.headers["Allow"] = ", ".join(sorted(operations))
    return refusal
