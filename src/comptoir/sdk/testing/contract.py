"""What every connector promises, whatever its protocol.

    class TestMirakl(ConnectorContract):
        connector = CONNECTOR
        reads = {"orders": lambda c: list(c.order_pages(""))}
        writes = {"ship": lambda c: list(c.confirm_shipments([shipment()]))}
        external_statuses = ("STAGING", "SHIPPING", …)       # every code the protocol documents

        def settings(self, url): return {"base_url": url, "api_key": "k-123456"}
        def answer(self, request): return Scripted(body=…)    # a healthy server
        def translate_status(self, code): return order_status(code)
        def paged(self): return PagedRead(…)
        def parse_sample(self): return parse_order, sample

The suite then checks settings (round-trip, secrets masked), errors (401/403, 429 with its delay, 5xx,
time-outs on reads and on writes, answers that are no answer), pages read to the end, statuses total,
readers tolerant, secrets absent from traces.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlsplit

import pytest

from comptoir.sdk.connector import ConnectorType
from comptoir.sdk.errors import (
    ConfigurationError,
    ConnectorError,
    OutcomeUnknown,
    RateLimited,
    RejectedRecord,
    TransientError,
    UnexpectedAnswer,
)
from comptoir.sdk.http import Exchange
from comptoir.sdk.records import Outcome, Verdict
from comptoir.sdk.redaction import HIDDEN
from comptoir.sdk.rereading import ReadsAgain
from comptoir.sdk.settings import MASK, SettingsError
from comptoir.sdk.statuses import OrderStatus
from comptoir.sdk.testing.fakes import context_for_tests
from comptoir.sdk.testing.mutations import with_nulls, with_unknown_enums, with_unknown_fields
from comptoir.sdk.testing.server import DROP, HANG, Script, Scripted, ScriptedServer, SeenRequest

Call = Callable[[Any], object]


@dataclass(frozen=True)
class PagedRead:
    """A read that takes several pages: how the server serves them, how it is called, what must come out."""

    script: Script
    read: Callable[[Any], Sequence[str]]
    """Reads to the end and gives the ids."""
    expected: Sequence[str]


class ConnectorContract:
    """Subclass it in `connectors/<name>/tests/test_contract.py`."""

    connector: ClassVar[ConnectorType]
    reads: ClassVar[Mapping[str, Call]]
    writes: ClassVar[Mapping[str, Call]]
    external_statuses: ClassVar[Sequence[str]] = ()
    not_made_again: ClassVar[frozenset[str]] = frozenset()
    """Operations whose addresses hold for a moment alone."""
    unexpected_bodies: ClassVar[Sequence[bytes]] = (
        b"",
        b"{",
        b"<html>maintenance</html>",
        b"[1, 2",
        b"\xff\xfe",
    )

    # --- to be given by the connector -------------------------------------------------------------------

    def settings(self, url: str) -> dict[str, object]:
        """Valid settings for a server at `url`."""
        raise NotImplementedError

    def answer(self, request: SeenRequest) -> Scripted:
        """A healthy server."""
        raise NotImplementedError

    def translate_status(self, code: str) -> OrderStatus:
        raise NotImplementedError

    def paged(self) -> PagedRead:
        raise NotImplementedError

    def parse_sample(self) -> tuple[Callable[[Any], object], Any]:
        """The order parser and one complete payload, as decoded JSON."""
        raise NotImplementedError

    def is_business_call(self, request: SeenRequest) -> bool:
        """False for calls such as a token request: faults are not injected there."""
        return True

    def is_writing(self, request: SeenRequest) -> bool:
        """True for the calls of a write that change something; the others are what it reads first."""
        return request.method != "GET"

    # --- fixtures ---------------------------------------------------------------------------------------

    @pytest.fixture
    def server(self) -> Iterator[ScriptedServer]:
        with ScriptedServer(self.answer) as server:
            yield server

    @pytest.fixture
    def exchanges(self) -> list[Exchange]:
        return []

    @pytest.fixture
    def connection(self, server: ScriptedServer, exchanges: list[Exchange]) -> Iterator[Any]:
        settings = self.connector.settings.load(self.settings(server.url))
        connection: Any = self.connector.connect(settings, context_for_tests(exchanges=exchanges))
        yield connection
        if hasattr(connection, "close"):
            connection.close()

    def _faulty(self, fault: Scripted) -> Script:
        return lambda request: fault if self.is_business_call(request) else self.answer(request)

    def _calls(self) -> list[tuple[str, Call]]:
        return [*self.reads.items(), *self.writes.items()]

    # --- settings ---------------------------------------------------------------------------------------

    def test_settings_survive_a_round_trip(self) -> None:
        settings = self.connector.settings.load(self.settings("https://shop.example"))
        assert self.connector.settings.load(settings.dump()) == settings

    def test_secrets_are_masked_wherever_settings_are_shown(self) -> None:
        settings = self.connector.settings.load(self.settings("https://shop.example"))
        names = self.connector.settings.secret_names()
        assert names, "a connector without a secret is unlikely: mark it with Setting(secret=True)"
        for name in names:
            value = settings.dump()[name]
            if value:
                assert settings.masked()[name] == MASK
                assert str(value) not in repr(settings)

    def test_a_missing_setting_is_named(self) -> None:
        required = [field.name for field in self.connector.settings.fields() if field.required]
        assert required, "at least one setting is needed to reach an account"
        with pytest.raises(SettingsError) as caught:
            self.connector.settings.load({})
        assert set(required) <= set(caught.value.errors)

    # --- errors -----------------------------------------------------------------------------------------

    @pytest.mark.parametrize("status", [401, 403])
    def test_a_refused_key_is_a_configuration_error(
        self, status: int, server: ScriptedServer, connection: Any
    ) -> None:
        for name, call in self._calls():
            with server.answering(self._faulty(Scripted(status, {"message": "no"}))):
                _expect(ConfigurationError, name, call, connection)

    def test_too_many_requests_says_how_long_to_wait(self, server: ScriptedServer, connection: Any) -> None:
        for name, call in self._calls():
            with server.answering(self._faulty(Scripted(429, {"message": "slow"}, {"Retry-After": "17"}))):
                error = _expect(RateLimited, name, call, connection)
                assert error is None or error.retry_after == timedelta(seconds=17), name

    @pytest.mark.parametrize("status", [500, 503])
    def test_a_server_in_trouble_is_transient(
        self, status: int, server: ScriptedServer, connection: Any
    ) -> None:
        for name, call in self._calls():
            with server.answering(self._faulty(Scripted(status, {"message": "oops"}))):
                _expect(TransientError, name, call, connection, Outcome.RETRY)

    @pytest.mark.parametrize("fault", [HANG, DROP], ids=["time-out", "dropped"])
    def test_a_read_without_an_answer_is_transient(
        self, fault: Scripted, server: ScriptedServer, connection: Any
    ) -> None:
        for name, call in self.reads.items():
            with server.answering(self._faulty(fault)):
                _expect(TransientError, name, call, connection)

    @pytest.mark.parametrize("fault", [HANG, DROP, Scripted(504)], ids=["time-out", "dropped", "gateway"])
    def test_a_write_without_an_answer_has_an_unknown_outcome(
        self, fault: Scripted, server: ScriptedServer, connection: Any
    ) -> None:
        for name, call in self.writes.items():
            # What a write reads first is answered: only the writing itself loses its answer.
            def script(request: SeenRequest, fault: Scripted = fault) -> Scripted:
                lost = self.is_business_call(request) and self.is_writing(request)
                return fault if lost else self.answer(request)

            with server.answering(script):
                _expect(OutcomeUnknown, name, call, connection, Outcome.UNKNOWN)

    def test_an_answer_that_is_no_answer_stops_the_read(
        self, server: ScriptedServer, connection: Any
    ) -> None:
        for body in self.unexpected_bodies:
            for name, call in self.reads.items():
                with server.answering(self._faulty(Scripted(200, body))):
                    _expect(UnexpectedAnswer, f"{name} given {body!r}", call, connection)

    # --- reading ----------------------------------------------------------------------------------------

    def test_pages_are_read_to_the_end(self, server: ScriptedServer, connection: Any) -> None:
        case = self.paged()
        with server.answering(case.script):
            found = list(case.read(connection))
        assert sorted(set(found)) == sorted(case.expected)

    def test_every_documented_status_is_translated(self) -> None:
        assert self.external_statuses, "list the protocol's own status codes"
        untranslated = [c for c in self.external_statuses if self.translate_status(c) is OrderStatus.UNKNOWN]
        assert not untranslated

    def test_an_unknown_status_is_visible_not_fatal(self) -> None:
        assert self.translate_status("A_STATUS_FROM_TOMORROW") is OrderStatus.UNKNOWN

    @pytest.mark.parametrize("mutate", [with_nulls, with_unknown_fields, with_unknown_enums])
    def test_the_reader_is_tolerant(self, mutate: Callable[[Any], Iterator[tuple[str, Any]]]) -> None:
        parse, sample = self.parse_sample()
        parse(sample)
        for place, mutated in mutate(sample):
            try:
                parse(mutated)
            except RejectedRecord:
                continue  # one record set aside is tolerance too
            except Exception as error:
                pytest.fail(f"{mutate.__name__} at {place}: {type(error).__name__}: {error}")

    def test_a_kept_reading_is_made_again_to_the_letter_and_nowhere_else(
        self, server: ScriptedServer, connection: Any, exchanges: list[Exchange]
    ) -> None:
        if not isinstance(connection, ReadsAgain):
            pytest.skip("it makes no reading again: nothing of it is a GET with all it asks in its address")
        for call in self.reads.values():
            call(connection)
        own = [e for e in exchanges if e.method == "GET" and e.url.startswith(server.url)]
        kept = {e.operation: url for e in own if HIDDEN not in (url := e.redactor.url(e.url))}
        assert kept, "none of its readings is a GET: then it is no ReadsAgain"
        for operation in self.not_made_again:
            with pytest.raises(RejectedRecord):
                connection.read_again(operation, kept.pop(operation))
        for operation, url in kept.items():
            connection.read_again(operation, url)
            parts = urlsplit(url)
            asked = server.seen[-1]
            assert (asked.path, asked.query) == (parts.path, dict(parse_qsl(parts.query)))
            assert exchanges[-1].operation == operation
        before = len(server.seen)
        for address in ("https://elsewhere.example/", server.url.replace("http://", "http://x@")):
            with pytest.raises(RejectedRecord):
                connection.read_again(operation, f"{address}/orders")
        assert len(server.seen) == before

    # --- traces -----------------------------------------------------------------------------------------

    def test_no_secret_is_in_a_trace(
        self, server: ScriptedServer, connection: Any, exchanges: list[Exchange]
    ) -> None:
        settings = self.connector.settings.load(self.settings(server.url))
        secrets = [str(settings.dump()[name]) for name in self.connector.settings.secret_names()]
        for _, call in self._calls():
            call(connection)
        assert exchanges, "every request is traced through context.observe"
        for exchange in exchanges:
            kept = str(exchange.redactor.headers(exchange.request_headers))
            kept += exchange.redactor.url(exchange.url)
            kept += exchange.redactor.body(exchange.request_body.decode("utf-8", "replace"))
            kept += exchange.redactor.body(exchange.response_body.decode("utf-8", "replace"))
            assert not [s for s in secrets if s and s in kept], exchange.operation


def _expect(
    kind: type[ConnectorError], name: str, call: Call, connection: Any, outcome: Outcome | None = None
) -> Any:
    """The call raises `kind`, or (a write) gives verdicts with `outcome` where that is given."""
    try:
        result = call(connection)
    except kind as error:
        return error
    except Exception as error:
        pytest.fail(f"{name}: expected {kind.__name__}, got {type(error).__name__}: {error}")
    verdicts = [item for item in result if isinstance(item, Verdict)] if isinstance(result, list) else []
    if outcome is not None and verdicts and all(verdict.outcome is outcome for verdict in verdicts):
        return None
    pytest.fail(f"{name}: expected {kind.__name__}, got {result!r}")
