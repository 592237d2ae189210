"""The door of the API: well-formed, valid, signed in, then the service. Every refusal is an HTTP 200."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lxml import etree
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from bazaar.fnac import sessions
from bazaar.fnac.exchange import Call, Handler, RefusedError, answer, refused
from bazaar.fnac.requests import first_error
from bazaar.fnac.schema import NAMESPACE
from bazaar.fnac.shop import Shop

MAX_BYTES = 20 * 1024 * 1024
INVALID = "ERR_096"
INVALID_PRICING = "ERR_146"
"""Both codes exist for a request that the schema refuses; which service gives which is an assumption."""


def make_routes(shop: Shop, handlers: Mapping[str, Handler]) -> Sequence[BaseRoute]:
    async def endpoint(request: Request) -> Response:
        service = request.path_params["service"]
        if service not in handlers:
            return PlainTextResponse("Not Found", 404)
        return await _serve(shop, service, handlers[service], await request.body())

    # The real address ends in api.php; without it the party's own address serves as well.
    return [Route(f"{path}/{{service}}", endpoint, methods=["POST"]) for path in ("/api.php", "")]


async def _serve(shop: Shop, service: str, handler: Handler, body: bytes) -> Response:
    try:
        request = _parse(service, body)
        _check(service, request)
        if service != "auth":
            sessions.check(shop, request)
        return answer(await handler(Call(shop, service, request)))
    except RefusedError as error:
        return refused(service, error)


def _parse(service: str, body: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    if len(body) > MAX_BYTES:
        raise RefusedError(INVALID, f"XML Validation failed: more than {MAX_BYTES} bytes.")
    try:
        return etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise RefusedError(INVALID, f"XML Validation failed: {error!s}") from error


def _check(service: str, request: etree._Element) -> None:
    if request.tag != f"{{{NAMESPACE}}}{service}":
        words = (
            f"Element '{request.tag!s}': No matching global declaration available for the validation root."
        )
        raise RefusedError(INVALID, f"XML Validation failed: {words} line: {request.sourceline}")
    if wrong := first_error(service, request):
        if service == "pricing_query":
            raise RefusedError(INVALID_PRICING, f"XML Schema validation failed: {wrong}")
        raise RefusedError(INVALID, f"XML Validation failed: {wrong}")
