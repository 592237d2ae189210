"""HTTP to Fnac's XML API: one POST per service, a session token on every request."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from lxml import etree

from comptoir.connectors.fnac import replies, xml
from comptoir.connectors.fnac.fields import instant, text
from comptoir.connectors.fnac.settings import FnacSettings
from comptoir.sdk.connector import Context
from comptoir.sdk.errors import ConfigurationError, OutcomeUnknown, RejectedRecord, UnexpectedAnswer
from comptoir.sdk.http import Answer, HttpLink, Problem
from comptoir.sdk.records import Record

TOKEN_MARGIN = timedelta(minutes=2)
"""A token this near to its end is renewed before it is used."""
TOKEN_LIFE = timedelta(minutes=30)
"""Taken when the answer does not say how long the token lives."""
_HEADERS = {"Content-Type": "text/xml; charset=utf-8", "Accept": "text/xml"}


class Reply(Record, frozen=True, kw_only=True, gc=True):
    """A good answer: its elements, the same as plain dicts, and the server's hour."""

    root: Any
    content: Mapping[str, Any]
    received_at: datetime


class FnacClient:
    """One shop's connection. Thread-safe."""

    def __init__(self, settings: FnacSettings, context: Context) -> None:
        self._settings = settings
        self._clock = context.clock
        self._ahead = timedelta(0)
        self._lock = threading.Lock()
        self._token = ""
        self._token_ends: datetime | None = None
        self.version = ""
        self._link = HttpLink(
            settings.base_url,
            account=context.account,
            headers=lambda: _HEADERS,
            throttle=context.throttle,
            observe=context.observe,
            clock=context.clock,
            read_problem=_read_problem,
            allow_loopback=context.allow_loopback,
            timeout_s=context.timeout_s,
            secrets=[settings.key],
        )

    def close(self) -> None:
        self._link.close()

    def server_now(self) -> datetime:
        """Fnac's hour, known from its last answer: windows of dates are cut by it, not by our clock."""
        self._session()
        return self._clock() + self._ahead

    def read(self, request: etree._Element, *, items: str) -> Reply:
        """Ask; `items` names the children that a good answer is made of."""
        return self._call(request, items, writes=False)

    def write(self, request: etree._Element, *, items: str) -> Reply:
        """Send; OutcomeUnknown when no readable answer came, RejectedRecord when all of it is refused."""
        return self._call(request, items, writes=True)

    def _call(self, request: etree._Element, items: str, *, writes: bool) -> Reply:
        service = xml.local_name(request)
        for renewed in (False, True):
            token = self._session(renew=renewed)
            try:
                reply = self._send(request, token, writes=writes)
            except ConfigurationError:
                if renewed:
                    raise
                continue
            refusal = replies.refusal(reply.content, items)
            if refusal is None:
                return reply
            if renewed or not replies.may_be_the_token(refusal) or refusal.severity == "FATAL":
                raise replies.to_exception(service, refusal, writes=writes)
        raise AssertionError("the second turn returns or raises")

    def _send(self, request: etree._Element, token: str, *, writes: bool) -> Reply:
        service = xml.local_name(request)
        for name in ("partner_id", "shop_id"):
            request.set(name, getattr(self._settings, name))
        request.set("token", token)
        body = xml.to_bytes(request)
        if not writes:
            return self._understood(
                self._link.read(service, f"/{service}", method="POST", content=body), service
            )
        answer = self._link.write(service, "POST", f"/{service}", content=body)
        try:
            return self._understood(answer, service)
        except UnexpectedAnswer as error:
            raise OutcomeUnknown(error.message) from error

    def _understood(self, answer: Answer, service: str) -> Reply:
        received_at = answer.date or self._clock() + self._ahead
        self._ahead = received_at - self._clock()
        root = xml.parse_document(answer.body)
        if xml.local_name(root) != f"{service}_response":
            raise UnexpectedAnswer(f"{service}: the answer is a <{xml.local_name(root)}>.")
        return Reply(root=root, content=xml.to_dict(root), received_at=received_at)

    # --- session ----------------------------------------------------------------------------------------

    def _session(self, *, renew: bool = False) -> str:
        with self._lock:
            now = self._clock() + self._ahead
            if renew or not self._token or self._token_ends is None or now + TOKEN_MARGIN >= self._token_ends:
                self._sign_in()
            return self._token

    def _sign_in(self) -> None:
        request = xml.document("auth")
        for name in ("partner_id", "shop_id", "key"):
            xml.add(request, name, getattr(self._settings, name))
        answer = self._link.read("auth", "/auth", method="POST", content=xml.to_bytes(request))
        reply = self._understood(answer, "auth")
        token = text(reply.content, "token")
        if (refusal := replies.refusal(reply.content, "token")) is not None:
            raise ConfigurationError(f"auth: {refusal.code} {refusal.message}".strip(), code=refusal.code)
        if not token:
            raise UnexpectedAnswer("auth: the answer holds no token.")
        self._token, self._token_ends = token, _token_end(reply)
        self.version = text(reply.content, "version")


def _token_end(reply: Reply) -> datetime:
    try:
        ends = instant(reply.content, "validity")
    except RejectedRecord:
        ends = None
    # A validity already past is the sign of a clock that is wrong: the token is tried all the same.
    return ends if ends and ends > reply.received_at + TOKEN_MARGIN else reply.received_at + TOKEN_LIFE


def _read_problem(body: bytes) -> Problem:
    """The first error of a body that came with an HTTP error; ValueError when there is none."""
    try:
        content = xml.to_dict(xml.parse_document(body))
    except UnexpectedAnswer as error:
        raise ValueError(error.message) from error
    found = replies.errors_of(content)
    if not found:
        raise ValueError("no error element")
    return Problem(message=found[0].message, code=found[0].code)
