"""The token server: OAuth2 client credentials, 7,200 seconds, at most 500 tokens an hour."""

from __future__ import annotations

import hashlib
from collections import deque
from datetime import datetime, timedelta
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bazaar.octopia.account import Account

TOKEN_PATH = "/auth/realms/maas/protocol/openid-connect/token"  # noqa: S105 - a path


class TokenDesk:
    """A token says when it ends and is sealed, so that a restart forgets none."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._given: deque[datetime] = deque()

    async def give(self, request: Request) -> Response:
        form = {name: values[0] for name, values in parse_qs((await request.body()).decode()).items()}
        if form.get("grant_type") != "client_credentials":
            return _refused(400, "unsupported_grant_type", "Unsupported grant_type")
        known = (self._account.client_id, self._account.client_secret)
        if (form.get("client_id"), form.get("client_secret")) != known:
            return _refused(401, "unauthorized_client", "Invalid client or Invalid client credentials")
        if not self._within_quota():
            return _refused(429, "too_many_requests", "500 tokens per hour")
        seconds = self._account.settings.token_seconds
        until = int((self._account.world.now() + timedelta(seconds=seconds)).timestamp())
        token = f"{until}.{len(self._given)}.{self._seal(f'{until}.{len(self._given)}')}"
        return JSONResponse({"access_token": token, "expires_in": seconds, "token_type": "Bearer"})

    def is_good(self, authorization: str) -> bool:
        scheme, _, token = authorization.partition(" ")
        said, _, seal = token.rpartition(".")
        if scheme != "Bearer" or not said or seal != self._seal(said):
            return False
        return int(said.partition(".")[0]) > self._account.world.now().timestamp()

    def _within_quota(self) -> bool:
        now = self._account.world.now()
        while self._given and now - self._given[0] >= timedelta(hours=1):
            self._given.popleft()
        if len(self._given) >= self._account.settings.tokens_per_hour:
            return False
        self._given.append(now)
        return True

    def _seal(self, said: str) -> str:
        text = f"{self._account.world.seed}/{self._account.client_secret}/{said}"
        return hashlib.blake2s(text.encode(), digest_size=16).hexdigest()


def _refused(status: int, error: str, words: str) -> Response:
    return JSONResponse({"error": error, "error_description": words}, status)
