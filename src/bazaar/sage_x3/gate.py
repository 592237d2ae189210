"""Who may come in: Basic, or a connected application's token that is true for a minute by this server's clock."""

from __future__ import annotations

import binascii
from base64 import b64decode
from collections.abc import Awaitable, Callable

import jwt
from starlette.requests import Request
from starlette.responses import Response

from bazaar.sage_x3.books import Books
from bazaar.sage_x3.rest import diagnosed

Endpoint = Callable[[Request], Awaitable[Response]]
_LONGEST_S = 60
_AHEAD_S = 5


class Gate:
    def __init__(self, books: Books) -> None:
        self._books = books

    def guarded(self, endpoint: Endpoint) -> Endpoint:
        async def entered(request: Request) -> Response:
            refused = self._refused(request.headers.get("authorization", ""))
            return diagnosed(401, refused) if refused else await endpoint(request)

        return entered

    def _refused(self, header: str) -> str:
        scheme, _, given = header.partition(" ")
        if scheme == "Basic":
            return self._basic(given)
        return self._token(given) if scheme == "Bearer" else "Authentication required"

    def _basic(self, given: str) -> str:
        settings = self._books.settings
        try:
            user, _, password = b64decode(given).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return "Invalid credentials"
        return "" if (user, password) == (settings.user, settings.password) else "Invalid credentials"

    def _token(self, given: str) -> str:
        """The claims are judged here: the library would use the machine's clock."""
        settings = self._books.settings
        judged_here = {"verify_exp": False, "verify_iat": False, "verify_aud": False, "verify_nbf": False}
        try:
            claims = jwt.decode(given, settings.client_secret, algorithms=["HS256"], options=judged_here)  # type: ignore[arg-type]
        except jwt.InvalidTokenError as error:
            return f"Invalid token: {error}"
        if (claims.get("iss"), claims.get("sub"), claims.get("aud")) != (
            settings.client_id,
            settings.user,
            "",
        ):
            return "Invalid token: unknown application or user"
        now, issued, until = self._books.own_now().timestamp(), claims.get("iat", 0), claims.get("exp", 0)
        if until - issued > _LONGEST_S or until < now or issued > now + _AHEAD_S:
            return "Invalid token: jwt expired or not yet valid"
        return ""
