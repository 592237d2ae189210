"""Login with Amazon: the access token, kept sealed between runs and renewed before its end. All channels of
the account share it.

Source: documentation "Connect to the SP-API" (POST form, `Atza|` token of 3,600 s). Scopes are for the calls
that no account owns (notifications). No restricted data token is needed: see the README.
"""

from __future__ import annotations

import base64
import hashlib
from datetime import datetime, timedelta
from urllib.parse import urlencode

import msgspec
from cryptography.fernet import Fernet, InvalidToken

from comptoir.connectors.amazon.settings import AmazonSettings
from comptoir.sdk.connector import Context
from comptoir.sdk.errors import ConfigurationError, UnexpectedAnswer
from comptoir.sdk.http import HttpLink

NOTIFICATIONS_SCOPE = "sellingpartnerapi::notifications"
ROTATION_SCOPE = "sellingpartnerapi::client_credential:rotation"  # from memory, not verified
_RENEW_BEFORE = timedelta(minutes=5)
# RFC 6749 §5.2: what only a person can repair.
_REFUSALS = frozenset({"invalid_grant", "invalid_client", "unauthorized_client", "invalid_scope"})


class _Granted(msgspec.Struct):
    access_token: str
    expires_in: int = 3600


class _Kept(msgspec.Struct):
    token: str
    until: datetime


class Tokens:
    """Access tokens by scope; "" is the account's own."""

    def __init__(self, settings: AmazonSettings, context: Context, link: HttpLink) -> None:
        self._settings = settings
        self._context = context
        self._link = link
        self._cache = context.shared or context.cache
        self._memory: dict[str, _Kept] = {}
        key = hashlib.sha256(f"{settings.client_secret}\n{settings.refresh_token}".encode()).digest()
        self._seal = Fernet(base64.urlsafe_b64encode(key))
        # Channels of one account with other credentials must not push each other's token out.
        self._prefix = f"lwa:{hashlib.sha256(key).hexdigest()[:12]}"

    def access(self, scope: str = "") -> str:
        kept = self._memory.get(scope) or self._unseal(scope)
        if kept is None or kept.until <= self._context.clock() + _RENEW_BEFORE:
            kept = self._renew(scope)
        self._memory[scope] = kept
        return kept.token

    def forget(self, scope: str = "") -> None:
        """Amazon says that it does not know this token: the next call takes a new one."""
        self._memory.pop(scope, None)
        self._cache.set(self._key(scope), b"", seconds=1)

    def _renew(self, scope: str) -> _Kept:
        granted = self._ask(scope)
        until = self._context.clock() + timedelta(seconds=granted.expires_in)
        kept = _Kept(granted.access_token, until)
        sealed = self._seal.encrypt(msgspec.json.encode(kept))
        self._cache.set(self._key(scope), sealed, seconds=granted.expires_in)
        return kept

    def _ask(self, scope: str) -> _Granted:
        form = {"client_id": self._settings.client_id, "client_secret": self._settings.client_secret}
        if scope:
            form |= {"grant_type": "client_credentials", "scope": scope}
        else:
            form |= {"grant_type": "refresh_token", "refresh_token": self._settings.refresh_token}
        try:
            answer = self._link.read(
                "lwaToken",
                self._settings.lwa_url,
                method="POST",
                content=urlencode(form).encode(),
                headers={"content-type": "application/x-www-form-urlencoded;charset=UTF-8"},
            )
        except UnexpectedAnswer as error:
            if error.code in _REFUSALS:
                raise ConfigurationError(error.message, code=error.code) from error
            raise
        return answer.json(_Granted)

    def _unseal(self, scope: str) -> _Kept | None:
        sealed = self._cache.get(self._key(scope))
        if not sealed:
            return None
        try:
            return msgspec.json.decode(self._seal.decrypt(sealed), type=_Kept)
        except (InvalidToken, msgspec.DecodeError):
            # Sealed with former credentials: of no use, and replaced by the next renewal.
            return None

    def _key(self, scope: str) -> str:
        return f"{self._prefix}:{scope}"
