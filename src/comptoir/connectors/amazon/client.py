"""HTTP of the Selling Partner API: tokens, brakes, errors in Amazon's words, presigned documents.

Source: documentation "SP-API errors" for the bodies, "Usage Plans and Rate Limits" for 429. Amazon
answers 403 both to a role that is missing and to a token that it no longer knows; only the second
speaks of the access token in `details`, and is worth one more try with a new one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from comptoir.connectors.amazon.buckets import Buckets
from comptoir.connectors.amazon.settings import AmazonSettings
from comptoir.connectors.amazon.tokens import Tokens
from comptoir.sdk.connector import Context
from comptoir.sdk.errors import ConfigurationError, RateLimited, RejectedRecord, TransientError
from comptoir.sdk.http import Answer, HttpLink, Problem

Params = Mapping[str, str | int | bool | Sequence[str] | None]

NOT_FOUND_CODES = frozenset({"NotFound", "ResourceNotFound", "NOT_FOUND", "404"})
DOWNLOAD = "downloadDocument"
# A buyer's name is plainly `name` in an Amazon address.
_PERSONAL_NAMES = ("name", "companyName", "addressLine3", "buyerPurchaseOrderNumber")


class AmazonClient:
    """One seller account in one region. Thread-safe as its links are."""

    def __init__(self, settings: AmazonSettings, context: Context) -> None:
        self._context = context
        self._api = self._link(settings, context)
        self._bare = self._link(settings, context)
        self._tokens = Tokens(settings, context, self._bare)
        self._buckets = Buckets(context, settings.client_id)

    def close(self) -> None:
        self._api.close()
        self._bare.close()

    def get(self, operation: str, path: str, params: Params | None = None, *, scope: str = "") -> Answer:
        return self._guarded(
            operation,
            lambda headers: self._api.read(operation, path, params=csv(params), headers=headers),
            scope=scope,
        )

    def read_again(self, operation: str, url: str) -> Answer:
        """A GET as it was kept, with the seller's own token; a document's address is over by then."""
        if operation == DOWNLOAD:
            raise RejectedRecord(f"{operation}: its address is over.")
        return self._guarded(operation, lambda headers: self._api.read_again(operation, url, headers))

    def ask(self, operation: str, path: str, body: object) -> Answer:
        """A POST that changes nothing for anyone: safe to repeat."""
        return self._guarded(
            operation,
            lambda headers: self._api.read(
                operation, path, method="POST", content=_json(body), headers=headers | _JSON
            ),
        )

    def write(
        self,
        operation: str,
        method: str,
        path: str,
        *,
        params: Params | None = None,
        body: object = None,
        scope: str = "",
    ) -> Answer:
        request: dict[str, Any] = {"params": csv(params)}
        extra: dict[str, str] = {}
        if body is not None:
            request["content"], extra = _json(body), _JSON
        return self._guarded(
            operation,
            lambda headers: self._api.write(operation, method, path, headers=headers | extra, **request),
            scope=scope,
        )

    def pace(self, operation: str) -> None:
        """A limit that is none of one call: Amazon's on uploads of invoices, say."""
        self._buckets.take(operation)

    def upload(self, url: str, content: bytes, content_type: str) -> None:
        """To a presigned address, with the very Content-Type it was signed for; nothing happens until
        the document is used, so that sending it again is harmless."""
        self._presigned("uploadDocument", url, method="PUT", content=content, content_type=content_type)

    def download(self, url: str) -> bytes:
        return self._presigned(DOWNLOAD, url, method="GET").body

    def _presigned(
        self, operation: str, url: str, *, method: str, content: bytes = b"", content_type: str = ""
    ) -> Answer:
        headers = {"content-type": content_type} if content_type else {}
        request: dict[str, Any] = {"content": content} if content else {}
        try:
            return self._bare.read(operation, url, method=method, headers=headers, **request)
        except ConfigurationError as error:
            # S3 answers 403 once the address's five minutes are over: the next try gets a new address.
            raise TransientError(error.message, code=error.code) from error

    def _guarded(
        self,
        operation: str,
        send: Callable[[dict[str, str]], Answer],
        *,
        scope: str = "",
    ) -> Answer:
        self._buckets.take(operation)
        try:
            answer = send(self._headers(self._tokens.access(scope)))
        except RateLimited as error:
            self._buckets.refused(operation, error)
            raise
        except ConfigurationError as error:
            if "access token" not in error.message.lower():
                raise
            self._tokens.forget(scope)
            answer = send(self._headers(self._tokens.access(scope)))
        self._buckets.learn(operation, answer.headers)
        return answer

    def _headers(self, token: str) -> dict[str, str]:
        stamp = self._context.clock().astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
        return {"x-amz-access-token": token, "x-amz-date": stamp, "accept": "application/json"}

    @staticmethod
    def _link(settings: AmazonSettings, context: Context) -> HttpLink:
        return HttpLink(
            settings.api_url,
            account=context.account,
            headers=dict,
            throttle=context.throttle,
            observe=context.observe,
            clock=context.clock,
            read_problem=read_problem,
            allow_loopback=context.allow_loopback,
            timeout_s=context.timeout_s,
            secrets=(settings.client_secret, settings.refresh_token),
            personal_names=_PERSONAL_NAMES,
        )


_JSON = {"content-type": "application/json"}
_ENCODER = msgspec.json.Encoder(decimal_format="number")


def _json(body: object) -> bytes:
    return _ENCODER.encode(body)


def csv(params: Params | None) -> dict[str, str]:
    """Arrays are comma-separated (the Swagger 2.0 default); absent values are left out."""
    return {name: _text(value) for name, value in (params or {}).items() if value not in (None, "", (), [])}


def _text(value: str | int | bool | Sequence[str] | None) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, str | int) else ",".join(value or ())


def instant(moment: datetime) -> str:
    """ISO 8601 in UTC, to the second, as every query parameter wants it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read_problem(body: bytes) -> Problem:
    """`{"errors": [...]}`, a bare list (restrictions), `{"error", "error_description"}` (LWA), XML of S3."""
    found = msgspec.json.decode(body)
    if isinstance(found, dict) and "error" in found:
        return Problem(str(found.get("error_description") or found["error"]), str(found["error"]))
    errors = found.get("errors") if isinstance(found, dict) else found
    if not errors:
        return Problem(str(found.get("message", "")) if isinstance(found, dict) else "")
    first = errors[0]
    words = [str(first.get(name) or "") for name in ("message", "details")]
    return Problem(" ".join(word for word in words if word), str(first.get("code", "")))
