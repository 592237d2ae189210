"""Keeps the admin to programs and browsers of this machine."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

_LOCAL_NAMES = {"localhost"}


class LoopbackOnly:
    """Refuses a client, a `Host` or an `Origin` that is not loopback.

    The two headers matter: a web page of elsewhere could otherwise post a form to this machine, or
    reach it by a name that it points at 127.0.0.1.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not _allowed(scope):
            response = JSONResponse({"error": "the admin answers to this machine only"}, 403)
            await response(scope, receive, send)
            return
        await self._app(scope, receive, send)


def _allowed(scope: Scope) -> bool:
    client, headers = scope.get("client"), Headers(scope=scope)
    host = urlsplit(f"//{headers.get('host', '')}").hostname or ""
    origin = headers.get("origin")
    if client is None or not _is_local(client[0]) or not _is_local(host):
        return False
    return origin is None or _is_local(urlsplit(origin).hostname or "")


def _is_local(host: str) -> bool:
    if host in _LOCAL_NAMES:
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:  # a name
        return False
