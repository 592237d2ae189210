"""One Syracuse server: every call goes through here, REST and SOAP, and its troubles become ours."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Final

import msgspec

from comptoir.connectors.sage_x3.credentials import Credentials
from comptoir.connectors.sage_x3.redaction import FieldRedactor
from comptoir.connectors.sage_x3.settings import SageX3Settings
from comptoir.connectors.sage_x3.soap import fault_of
from comptoir.connectors.sage_x3.xml import parse
from comptoir.sdk.connector import Context
from comptoir.sdk.errors import ConfigurationError, TransientError, UnexpectedAnswer
from comptoir.sdk.http import Answer, Exchange, HttpLink, Problem

SOAP_PATH: Final = "/soap-generic/syracuse/collaboration/syracuse/CAdxWebServiceXmlCC"
BUSY: Final = "x3_busy"
"""No session of the pool was free: nothing was begun."""
_PATIENCE: Final = 6
_SHORT: Final = timedelta(seconds=2)
_BUSY_WORDS: Final = re.compile(
    r"no (?:channel|session|worker|entry)s?\b.*(?:available|free)|pool.*(?:busy|full)|no web services accepted"
    r"|queue.*full|aucune (?:session|entr[ée]e).*(?:disponible|libre)",
    re.IGNORECASE,
)
_WRONG_SETUP: Final = re.compile(
    r"pool.*(?:not found|unknown|does not exist|inexistant|inconnu)|endpoint.*(?:not found|unknown)"
    r"|(?:unknown|inconnue?).*(?:property|propri[ée]t[ée])|(?:property|propri[ée]t[ée]).*(?:unknown|inconnue?)"
    r"|(?:representation|class).*(?:not found|unknown|inconnue?)",
    re.IGNORECASE,
)


class _Diagnosis(msgspec.Struct, rename={"message": "$message"}):
    message: str = ""


class _Diagnoses(msgspec.Struct, rename={"diagnoses": "$diagnoses"}):
    diagnoses: list[_Diagnosis] = []
    message: str = ""


class Client:
    def __init__(self, settings: SageX3Settings, context: Context) -> None:
        self._credentials = Credentials(settings, context)
        self._observe = context.observe
        self._sleep = context.sleep
        self._attempts = 1
        self._learned = False
        secrets = [one for one in (settings.password, settings.client_secret) if one]
        self._link = HttpLink(
            settings.base_url, account=context.account, throttle=context.throttle, observe=self._seen,
            headers=lambda: {"Authorization": self._credentials.header()}, clock=context.clock,
            read_problem=_read_problem, allow_loopback=context.allow_loopback, allow_private=True,
            timeout_s=context.timeout_s,
        )  # fmt: skip
        self._link.redactor = FieldRedactor(secrets, settings.mapped())

    def close(self) -> None:
        self._link.close()

    @contextmanager
    def patient(self) -> Iterator[None]:
        """A connection test asks some twenty things: one that fails by chance is asked again, or a suspended
        channel would wait for a test in which none does."""
        self._attempts = _PATIENCE
        try:
            yield
        finally:
            self._attempts = 1

    def get(self, operation: str, path: str, params: Mapping[str, str] | None = None) -> Answer:
        return self._read(lambda: self._link.read(operation, path, params=params))

    def read_again(self, operation: str, url: str) -> Answer:
        """A GET as it was kept."""
        return self._read(lambda: self._link.read_again(operation, url))

    def post(self, operation: str, body: bytes, *, writes: bool) -> Answer:
        """SOAP. Without the `SOAPAction` header, empty as it is, Syracuse refuses the call."""
        headers = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": '""'}
        asked: dict[str, Any] = {"content": body, "headers": headers}
        if writes:
            return self._trusted(lambda: self._link.write(operation, "POST", SOAP_PATH, **asked))
        return self._read(lambda: self._link.read(operation, SOAP_PATH, method="POST", **asked))

    def _read(self, call: Callable[[], Answer]) -> Answer:
        for _ in range(self._attempts - 1):
            try:
                return self._trusted(call)
            except TransientError as error:
                if error.retry_after is not None:
                    if error.retry_after > _SHORT:
                        raise
                    self._sleep(error.retry_after.total_seconds())
        return self._trusted(call)

    def _trusted(self, call: Callable[[], Answer]) -> Answer:
        """A token that another clock calls too old or too young is written again, once: a 401 did nothing."""
        self._learned = False
        try:
            try:
                return call()
            except ConfigurationError as error:
                if error.status != 401 or not self._learned:
                    raise
                return call()
        except TransientError as error:
            if error.code == "x3_setup":
                raise ConfigurationError(error.message, code=error.code) from error
            raise
        except UnexpectedAnswer as error:
            if error.status == 404:
                # Also what is said of a folder on which the user has no right.
                raise ConfigurationError(error.message, code="not_found") from error
            raise

    def _seen(self, exchange: Exchange) -> None:
        self._learned |= self._credentials.learn(exchange)
        self._observe(exchange)


def _read_problem(body: bytes) -> Problem:
    """A SOAP fault, or Syracuse's own `$diagnoses`; the code says what kind of trouble it is."""
    if body.lstrip()[:1] == b"<":
        words = fault_of(parse(body))
        if not words:
            raise ValueError("no fault")
    else:
        told = msgspec.json.decode(body, type=_Diagnoses)
        words = " ".join(filter(None, [*(one.message for one in told.diagnoses), told.message]))
    code = BUSY if _BUSY_WORDS.search(words) else "x3_setup" if _WRONG_SETUP.search(words) else ""
    return Problem(words, code)
