"""HTTP with one Mirakl marketplace: the key, the shop, our limits, the two shapes of an error body.

Rules from Mirakl's general notes: the key stands alone in `Authorization` (no "Bearer"), `shop_id` is a
query parameter of every operation, instants are ISO 8601 in UTC.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

import msgspec

from comptoir.connectors.mirakl.operations import OPERATIONS, Operation
from comptoir.connectors.mirakl.settings import MiraklSettings
from comptoir.sdk.connector import Context
from comptoir.sdk.http import Answer, HttpLink, Limit, Problem

JSON = msgspec.json.Encoder(decimal_format="number")


class MiraklClient:
    """One shop's connection. An operation is called by its code; `{}` of its path are given by name."""

    def __init__(self, settings: MiraklSettings, context: Context) -> None:
        self._settings = settings
        self._throttled = context.overrides.get("throttle") != "off"
        self._link = self._open(context, {"Authorization": settings.api_key, "Accept": "application/json"})
        # Files of an export may be stored at another company: the key is not shown there.
        self._files = self._open(context, {})

    def _open(self, context: Context, headers: Mapping[str, str]) -> HttpLink:
        return HttpLink(
            self._settings.base_url,
            account=context.account,
            headers=lambda: headers,
            throttle=context.throttle,
            observe=context.observe,
            clock=context.clock,
            read_problem=read_problem,
            allow_loopback=context.allow_loopback,
            timeout_s=context.timeout_s,
            secrets=(self._settings.api_key,),
        )

    def close(self) -> None:
        self._link.close()
        self._files.close()

    def get(
        self, code: str, query: Mapping[str, object] | None = None, *, throttled: bool = True, **path: str
    ) -> Answer:
        """Read. `throttled=False`: the next page of one reading, or a person waiting before a screen."""
        operation = OPERATIONS[code]
        return self._link.read(
            code,
            _path(operation, path),
            limit=self._limit(operation, throttled),
            params=self._query(query),
        )

    def send(self, code: str, body: object = None, **path: str) -> Answer:
        """Write JSON, or nothing where the address says it all."""
        operation = OPERATIONS[code]
        request: dict[str, Any] = {"params": self._query(None)}
        if body is not None:
            request |= {"content": JSON.encode(body), "headers": {"Content-Type": "application/json"}}
        return self._write(operation, path, request)

    def upload(self, code: str, name: str, content: bytes) -> Answer:
        """Write a CSV file as the part `file` of a multipart form."""
        request = {"params": self._query(None), "files": {"file": (name, content, "text/csv")}}
        return self._write(OPERATIONS[code], {}, request)

    def fetch(self, code: str, url: str) -> Answer:
        """Read a file whose address the marketplace gave; our key goes to the marketplace alone."""
        base = urlsplit(self._settings.base_url)
        parts = urlsplit(url)
        if parts.netloc != base.netloc:
            return self._files.read(code, url)
        # Mirakl writes `http://` here: the key keeps to the scheme of the settings.
        return self._link.read(code, urlunsplit(parts._replace(scheme=base.scheme)))

    def read_again(self, code: str, url: str) -> Answer:
        """A GET as it was kept, now: a person waits before a screen."""
        return self._link.read_again(code, url)

    def _write(self, operation: Operation, path: Mapping[str, str], request: dict[str, Any]) -> Answer:
        limit = self._limit(operation, True)
        return self._link.write(
            operation.code, operation.method, _path(operation, path), limit=limit, **request
        )

    def _limit(self, operation: Operation, throttled: bool) -> Limit | None:
        return operation.limit if throttled and self._throttled else None

    def _query(self, query: Mapping[str, object] | None) -> dict[str, object]:
        shop = {} if self._settings.shop_id is None else {"shop_id": self._settings.shop_id}
        return {**(query or {}), **shop}


def stamp(instant: datetime) -> str:
    """As Mirakl writes instants: seconds, UTC, `Z`."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _path(operation: Operation, values: Mapping[str, str]) -> str:
    return operation.path.format(**{name: quote(value, safe="") for name, value in values.items()})


class _ErrorItem(msgspec.Struct):
    code: str | int | None = None
    field: str | None = None
    message: str | None = None


class _ErrorBody(msgspec.Struct):
    message: str | None = None
    errors: list[_ErrorItem] | None = None


def read_problem(body: bytes) -> Problem:
    """`{"message"}` on older operations, `{"errors": [{"code", "field", "message"}]}` on newer ones."""
    error = msgspec.json.decode(body, type=_ErrorBody, strict=False)
    items = error.errors or []
    words = [f"{item.field}: {item.message}" if item.field else item.message or "" for item in items]
    code = next((str(item.code) for item in items if item.code is not None), "")
    return Problem(error.message or "; ".join(filter(None, words)), code=code)
