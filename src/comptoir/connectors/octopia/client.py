"""HTTP of the seller API v2: token, seller, pace, refusals in Octopia's words.

No page seen gives rate limits. The conservative reading: a few requests a second for the whole seller
account, whatever the operation, and `Retry-After` obeyed (settings `requests_per_second`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import quote_plus, urlsplit

import msgspec

from comptoir.connectors.octopia.settings import OctopiaSettings
from comptoir.connectors.octopia.tokens import Tokens
from comptoir.sdk.connector import Context
from comptoir.sdk.errors import ConfigurationError, RateLimited, UnexpectedAnswer
from comptoir.sdk.http import Answer, HttpLink, Limit, Problem

NOT_FOUND = "404"
UNAUTHORIZED = 401
_LONGEST_WAIT_S = 2.0
# `body` is what buyers and we write to each other.
_PERSONAL_NAMES = ("companyName", "addressLine3", "body")
# Decimal amounts leave as JSON numbers, digit for digit.
_ENCODER = msgspec.json.Encoder(decimal_format="number")
_JSON = {"content-type": "application/json"}


class OctopiaClient:
    """One seller account. Thread-safe as its link is."""

    def __init__(self, settings: OctopiaSettings, context: Context) -> None:
        self._context = context
        self._link = HttpLink(
            settings.base_url,
            account=context.account,
            headers=dict,
            throttle=context.throttle,
            observe=context.observe,
            clock=context.clock,
            read_problem=read_problem,
            allow_loopback=context.allow_loopback,
            timeout_s=context.timeout_s,
            secrets=(settings.client_secret, quote_plus(settings.client_secret)),
            personal_names=_PERSONAL_NAMES,
        )
        self._tokens = Tokens(settings, context, self._link)
        self._seller_id = settings.seller_id
        # The seller's, not the channel's: the sales channels of one account share one pace.
        self._pace_key = f"octopia:{urlsplit(settings.base_url).netloc}:{settings.seller_id}"
        self._limit = Limit(settings.requests_per_second, settings.requests_in_a_row)

    def close(self) -> None:
        self._link.close()

    def get(self, operation: str, path: str, params: Mapping[str, str] | None = None) -> Answer:
        return self._guarded(
            operation, lambda headers: self._link.read(operation, path, params=params, headers=headers)
        )

    def read_again(self, operation: str, url: str) -> Answer:
        """A GET as it was kept."""
        return self._guarded(operation, lambda headers: self._link.read_again(operation, url, headers))

    def find(self, operation: str, path: str, params: Mapping[str, str] | None = None) -> Answer | None:
        """As `get`; None when Octopia itself (not a proxy before it) says that there is no such thing."""
        try:
            return self.get(operation, path, params)
        except UnexpectedAnswer as error:
            if error.code == NOT_FOUND:
                return None
            raise

    def write(
        self,
        operation: str,
        method: str,
        path: str,
        body: object,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        content = _ENCODER.encode(body)
        extra = {**_JSON, **(headers or {})}
        return self._guarded(
            operation,
            lambda own: self._link.write(operation, method, path, content=content, headers=own | extra),
        )

    def upload(self, operation: str, path: str, name: str, content: bytes, content_type: str) -> Answer:
        """One file, as multipart/form-data."""
        files = {"file": (name, content, content_type)}
        return self._guarded(
            operation, lambda own: self._link.write(operation, "POST", path, files=files, headers=own)
        )

    def _guarded(self, operation: str, send: Callable[[dict[str, str]], Answer]) -> Answer:
        self._pace(operation)
        try:
            return self._send(send)
        except RateLimited as error:
            seconds = error.retry_after.total_seconds() if error.retry_after else 1.0
            self._context.throttle.drain(self._pace_key, self._limit, seconds)
            raise

    def _send(self, send: Callable[[dict[str, str]], Answer]) -> Answer:
        try:
            return send(self._headers())
        except ConfigurationError as error:
            # 401: the token is no longer known, and nothing was done. One new token, one more try.
            if error.status != UNAUTHORIZED:
                raise
            self._tokens.forget()
            return send(self._headers())

    def _pace(self, operation: str) -> None:
        """Wait for our turn, when it is a matter of a second or two."""
        if self._context.overrides.get("throttle") == "off":
            return
        waited = 0.0
        while (wait := self._context.throttle.take(self._pace_key, self._limit)) > 0:
            waited += wait
            if waited > _LONGEST_WAIT_S:
                raise RateLimited(f"{operation}: our own limit.", retry_after=timedelta(seconds=wait))
            self._context.sleep(wait)

    def _headers(self) -> dict[str, str]:
        return {
            "authorization": f"Bearer {self._tokens.access()}",
            "sellerid": self._seller_id,
            "accept": "application/json",
            "accept-language": "fr-FR",
        }


def read_problem(body: bytes) -> Problem:
    """problem+json `{title, status, detail, errors: {field: [words]}}`; `{error, …}` of the token server."""
    found: dict[str, Any] = msgspec.json.decode(body, type=dict[str, Any])
    if "error" in found:
        return Problem(str(found.get("error_description") or found["error"]), str(found["error"]))
    words = [str(found.get(name) or "") for name in ("title", "detail")]
    words += [f"{field}: {_joined(said)}" for field, said in (found.get("errors") or {}).items()]
    return Problem(". ".join(word for word in words if word), str(found.get("status") or ""))


def _joined(said: object) -> str:
    return ", ".join(map(str, said)) if isinstance(said, list) else str(said)
