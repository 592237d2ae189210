"""Who we are: Basic, or a connected application's token, written anew for each call and true for a minute.

`{iss: client id, sub: X3 user, aud: "", iat, exp}` signed HS256, as Sage's own sample does. Syracuse judges it by its
own clock: where that is away from ours, the offset is learned from the `Date` of its answers, refusals included.
"""

from __future__ import annotations

from base64 import b64encode
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

import jwt

from comptoir.connectors.sage_x3.settings import SageX3Settings
from comptoir.sdk.connector import Context
from comptoir.sdk.http import Exchange

LASTS: Final = timedelta(seconds=60)
_BEFORE: Final = timedelta(seconds=5)
"""Written as of a little ago: clocks that agree still differ by a second."""
_WORTH_LEARNING: Final = timedelta(seconds=3)


class Credentials:
    def __init__(self, settings: SageX3Settings, context: Context) -> None:
        self._settings = settings
        self._context = context
        self._offset = timedelta(0)

    def header(self) -> str:
        settings = self._settings
        if settings.auth == "basic":
            return "Basic " + b64encode(f"{settings.user}:{settings.password}".encode()).decode()
        issued = self._context.clock() + self._offset - _BEFORE
        claims = {"iss": settings.client_id, "sub": settings.user, "aud": "", "iat": int(issued.timestamp()),
                  "exp": int((issued + LASTS).timestamp())}  # fmt: skip
        return "Bearer " + jwt.encode(claims, settings.client_secret, algorithm="HS256")

    def learn(self, exchange: Exchange) -> bool:
        """Take the server's clock from an answer. True when a token written before may have been wrong by it."""
        at = _date(exchange)
        if self._settings.auth == "basic" or at is None:
            return False
        offset = at - self._context.clock()
        if abs(offset - self._offset) < _WORTH_LEARNING:
            return False
        self._offset = offset
        return True


def _date(exchange: Exchange) -> datetime | None:
    try:
        return parsedate_to_datetime(exchange.response_headers["date"]).astimezone(UTC)
    except (KeyError, ValueError, TypeError):
        return None
