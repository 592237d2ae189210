"""HTTP for connectors: time-outs, throttle, trace, and answers turned into our errors.

A connector's `client.py` builds one `HttpLink` and calls `read` or `write`. The difference matters:
a write that gets no answer raises `OutcomeUnknown`, a read `TransientError`.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Any, Protocol, TypeVar

import httpcore2
import httpx2
import msgspec

from comptoir.sdk.addresses import GuardedBackend
from comptoir.sdk.errors import (
    ConfigurationError,
    ConnectorError,
    OutcomeUnknown,
    RateLimited,
    RejectedRecord,
    TransientError,
    UnexpectedAnswer,
)
from comptoir.sdk.redaction import Redactor

T = TypeVar("T")

MAX_ANSWER_BYTES = 256 * 1024 * 1024
USER_AGENT = "Comptoir/0.1 (+https://comptoir.example)"


@dataclass(frozen=True)
class Limit:
    """A token bucket: `burst` calls at once, refilled at `rate` calls per second."""

    rate: float
    burst: int = 1


class Throttle(Protocol):
    def take(self, key: str, limit: Limit) -> float:
        """Take one token. 0.0: go. More: the seconds to wait before asking again (nothing was taken)."""
        ...

    def drain(self, key: str, limit: Limit, seconds: float) -> None:
        """The other side said 429: let nobody through for that long."""
        ...


@dataclass
class Exchange:
    """One request and its answer, as raw as they were; `redacted()` before it is kept."""

    operation: str
    method: str
    url: str
    started_at: datetime
    writes: bool
    request_headers: Mapping[str, str] = field(default_factory=dict)
    request_body: bytes = b""
    status: int | None = None
    response_headers: Mapping[str, str] = field(default_factory=dict)
    response_body: bytes = b""
    duration_ms: float = 0.0
    error: str = ""
    redactor: Redactor = field(default_factory=Redactor)

    @property
    def failed(self) -> bool:
        return bool(self.error) or self.status is None or self.status >= 400


Observe = Callable[[Exchange], None]


@dataclass(frozen=True)
class Problem:
    """What an error body says, in the channel's own words."""

    message: str
    code: str = ""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str

    def json(self, kind: type[T]) -> T:
        """Decode leniently (numbers in strings are numbers); UnexpectedAnswer when the shape is not there."""
        try:
            return msgspec.json.decode(self.body, type=kind, strict=False)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise UnexpectedAnswer(f"{self.url}: the answer cannot be read ({error}).") from error

    @property
    def date(self) -> datetime | None:
        """The server's clock, where it says it."""
        try:
            return parsedate_to_datetime(self.headers["date"]).astimezone(UTC)
        except (KeyError, ValueError, TypeError):
            return None


class HttpLink:
    """One account's connection. Thread-safe; keep it for as long as the run lasts, then `close`."""

    def __init__(
        self,
        base_url: str,
        *,
        account: str,
        headers: Callable[[], Mapping[str, str]],
        throttle: Throttle,
        observe: Observe,
        clock: Callable[[], datetime],
        read_problem: Callable[[bytes], Problem],
        allow_loopback: bool = False,
        allow_private: bool = False,
        timeout_s: float = 30.0,
        secrets: Sequence[str] = (),
        personal_names: Sequence[str] = (),
    ) -> None:
        self._base_url = base_url.rstrip("/")
        self._account = account
        self._headers = headers
        self._throttle = throttle
        self._observe = observe
        self._clock = clock
        self._read_problem = read_problem
        self.redactor = Redactor(secrets, personal_names)
        self._client = httpx2.Client(
            transport=_guarded_transport(allow_loopback=allow_loopback, allow_private=allow_private),
            timeout=httpx2.Timeout(timeout_s, connect=min(10.0, timeout_s)),
            headers={"User-Agent": USER_AGENT},
            follow_redirects=False,
            trust_env=False,
        )

    def close(self) -> None:
        self._client.close()

    def read(self, operation: str, path: str, *, limit: Limit | None = None, **request: Any) -> Answer:
        """GET (or another `method=` that changes nothing)."""
        return self._call(operation, request.pop("method", "GET"), path, limit, writes=False, request=request)

    def read_again(self, operation: str, url: str, headers: Mapping[str, str] | None = None) -> Answer:
        """A GET that was made before, whole address and all. Our credentials go to this account's own server alone."""
        if not url.startswith((f"{self._base_url}/", f"{self._base_url}?")):
            raise RejectedRecord(f"{operation}: {url} is no address of this account.")
        return self._call(operation, "GET", url, None, writes=False, request={"headers": dict(headers or {})})

    def write(
        self, operation: str, method: str, path: str, *, limit: Limit | None = None, **request: Any
    ) -> Answer:
        return self._call(operation, method, path, limit, writes=True, request=request)

    def _call(
        self,
        operation: str,
        method: str,
        path: str,
        limit: Limit | None,
        *,
        writes: bool,
        request: dict[str, Any],
    ) -> Answer:
        key = f"{self._account}:{operation}"
        if limit is not None and (wait := self._throttle.take(key, limit)) > 0:
            raise RateLimited(f"{operation}: our own limit.", retry_after=timedelta(seconds=wait))
        url = path if path.startswith(("http://", "https://")) else self._base_url + path
        exchange = Exchange(operation, method, url, self._clock(), writes, redactor=self.redactor)
        try:
            answer = self._send(exchange, request)
            self._raise_for(answer, operation, writes=writes)
        except ConnectorError as error:
            if isinstance(error, RateLimited) and limit is not None and error.retry_after is not None:
                self._throttle.drain(key, limit, error.retry_after.total_seconds())
            error.status = exchange.status
            exchange.error = error.message
            raise
        except Exception as error:
            exchange.error = str(error) or type(error).__name__
            raise
        finally:
            self._observe(exchange)
        return answer

    def _send(self, exchange: Exchange, request: dict[str, Any]) -> Answer:
        extra = request.pop("headers", {})
        built = self._client.build_request(
            exchange.method, exchange.url, headers={**self._headers(), **extra}, **request
        )
        exchange.url = str(built.url)
        exchange.request_headers = dict(built.headers)
        exchange.request_body = built.read()
        started = time.perf_counter()
        try:
            response = self._client.send(built, stream=True)
            body = _read_body(response)
        except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout) as error:
            # Nothing was sent: safe to repeat, even a write.
            raise TransientError(f"{exchange.operation}: no connection ({error}).") from error
        except httpx2.TransportError as error:
            reason = f"{exchange.operation}: no answer ({type(error).__name__})."
            raise (OutcomeUnknown(reason) if exchange.writes else TransientError(reason)) from error
        finally:
            exchange.duration_ms = (time.perf_counter() - started) * 1000
        exchange.status = response.status_code
        exchange.response_headers = dict(response.headers)
        exchange.response_body = body
        return Answer(response.status_code, response.headers, body, exchange.url)

    def _raise_for(self, answer: Answer, operation: str, *, writes: bool) -> None:
        status = answer.status
        if 200 <= status < 300:
            return
        problem = self._problem(answer.body)
        words = f"{operation}: {status} {problem.message}".strip()
        if status == 429:
            raise RateLimited(words, code=problem.code, retry_after=_retry_after(answer, self._clock()))
        if status in (401, 403):
            raise ConfigurationError(words, code=problem.code)
        if writes and status in (502, 504):
            # A gateway lost the answer of the server behind it, which may have done the work.
            raise OutcomeUnknown(words, code=problem.code)
        if status in (408, 425) or status >= 500:
            raise TransientError(words, code=problem.code, retry_after=_retry_after(answer, self._clock()))
        if status >= 400 and writes:
            raise RejectedRecord(words, code=problem.code)
        raise UnexpectedAnswer(words, code=problem.code)

    def _problem(self, body: bytes) -> Problem:
        try:
            return self._read_problem(body)
        except (msgspec.DecodeError, ValueError, LookupError, TypeError, AttributeError):
            # A proxy's HTML page, or half a body: its first words are better than nothing.
            return Problem(body[:200].decode("utf-8", "replace").strip())


def _read_body(response: httpx2.Response) -> bytes:
    try:
        chunks = bytearray()
        for chunk in response.iter_bytes():
            chunks += chunk
            if len(chunks) > MAX_ANSWER_BYTES:
                raise UnexpectedAnswer(f"{response.url}: the answer is larger than {MAX_ANSWER_BYTES} bytes.")
        return bytes(chunks)
    except httpx2.DecodingError as error:
        raise UnexpectedAnswer(f"{response.url}: the answer cannot be decompressed.") from error
    finally:
        response.close()


def _guarded_transport(*, allow_loopback: bool, allow_private: bool = False) -> httpx2.HTTPTransport:
    transport = httpx2.HTTPTransport(verify=_ssl_context())
    # httpx2 gives no way to choose the network backend of its pool; the pool is replaced whole.
    transport._pool = httpcore2.ConnectionPool(
        ssl_context=_ssl_context(),
        max_connections=20,
        max_keepalive_connections=10,
        keepalive_expiry=15.0,
        network_backend=GuardedBackend(allow_loopback=allow_loopback, allow_private=allow_private),
    )
    return transport


@cache
def _ssl_context() -> ssl.SSLContext:
    """One for the process: reading the certificate authorities takes 40 ms, as long as a whole short run."""
    return httpx2.create_ssl_context()


def _retry_after(answer: Answer, now: datetime) -> timedelta | None:
    """Seconds or an HTTP date (RFC 9110 §10.2.3); None when absent or unreadable."""
    value = answer.headers.get("retry-after", "").strip()
    if not value:
        return None
    if value.replace(".", "", 1).isdigit():
        return timedelta(seconds=float(value))
    try:
        return max(timedelta(0), parsedate_to_datetime(value).astimezone(UTC) - (answer.date or now))
    except ValueError:
        return None
