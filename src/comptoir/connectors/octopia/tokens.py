"""The OAuth2 access token: one per credential, kept sealed between runs, renewed before its end.

Source: authentication page of the developer portal (client credentials, 7,200 seconds). At most 500
tokens an hour are given, as quoted from the official description; hence the kept one.
"""

from __future__ import annotations

import base64
import hashlib
from datetime import datetime, timedelta

import msgspec
from cryptography.fernet import Fernet, InvalidToken

from comptoir.connectors.octopia.settings import OctopiaSettings
from comptoir.sdk.connector import Context
from comptoir.sdk.errors import ConfigurationError, UnexpectedAnswer
from comptoir.sdk.http import HttpLink, Limit

HOURLY_QUOTA = Limit(rate=500 / 3600, burst=50)
_RENEW_BEFORE = timedelta(minutes=3)
# RFC 6749 §5.2: what only a person can repair.
_REFUSALS = frozenset({"invalid_client", "unauthorized_client", "invalid_grant", "invalid_scope"})


class _Granted(msgspec.Struct):
    access_token: str
    expires_in: int = 7200


class _Kept(msgspec.Struct):
    token: str
    until: datetime


class Tokens:
    """The token of one credential. The kept one is sealed with the secret: without it, it is noise."""

    def __init__(self, settings: OctopiaSettings, context: Context, link: HttpLink) -> None:
        self._settings = settings
        self._context = context
        self._link = link
        self._memory: _Kept | None = None
        who = f"{settings.token_url}\n{settings.client_id}\n{settings.client_secret}".encode()
        self._seal = Fernet(base64.urlsafe_b64encode(hashlib.sha256(who).digest()))
        self._key = f"octopia:token:{hashlib.sha256(settings.client_id.encode()).hexdigest()[:16]}"

    def access(self) -> str:
        kept = self._memory or self._unseal()
        if kept is None or kept.until <= self._context.clock() + _RENEW_BEFORE:
            kept = self._renew()
        self._memory = kept
        return kept.token

    def forget(self) -> None:
        """Octopia does not know this token any more: the next call takes a new one."""
        self._memory = None
        self._context.cache.set(self._key, b"", seconds=1)

    def _renew(self) -> _Kept:
        granted = self._ask()
        kept = _Kept(granted.access_token, self._context.clock() + timedelta(seconds=granted.expires_in))
        sealed = self._seal.encrypt(msgspec.json.encode(kept))
        self._context.cache.set(self._key, sealed, seconds=max(granted.expires_in, 1))
        return kept

    def _ask(self) -> _Granted:
        form = {
            "grant_type": "client_credentials",
            "client_id": self._settings.client_id,
            "client_secret": self._settings.client_secret,
        }
        try:
            answer = self._link.read(
                "token", self._settings.token_url, method="POST", data=form, limit=HOURLY_QUOTA
            )
        except UnexpectedAnswer as error:
            if error.code in _REFUSALS:
                raise ConfigurationError(error.message, code=error.code) from error
            raise
        return answer.json(_Granted)

    def _unseal(self) -> _Kept | None:
        sealed = self._context.cache.get(self._key)
        if not sealed:
            return None
        try:
            return msgspec.json.decode(self._seal.decrypt(sealed), type=_Kept)
        except (InvalidToken, msgspec.DecodeError):
            # Sealed with former credentials: of no use, and replaced by the next renewal.
            return None
