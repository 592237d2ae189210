"""Sessions, refusals inside HTTP 200, and XML as it should not be."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from lxml import etree

from comptoir.connectors.fnac import CONNECTOR
from comptoir.connectors.fnac.tests import answers
from comptoir.connectors.fnac.xml import MAX_BYTES, NAMESPACE, add, document, parse_document, to_dict
from comptoir.sdk.errors import ConfigurationError, OutcomeUnknown, TransientError, UnexpectedAnswer
from comptoir.sdk.http import Exchange
from comptoir.sdk.records import OfferDraft
from comptoir.sdk.settings import SettingsError
from comptoir.sdk.testing import FakeClock, Scripted, ScriptedServer, SeenRequest, context_for_tests
from comptoir.sdk.testing.server import Script

DELETION = OfferDraft(
    sku="A", ean="", price=Decimal(0), currency="EUR", floor=Decimal(0), quantity=0, delete=True
)


@contextmanager
def connected(script: Script, clock: FakeClock | None = None) -> Iterator[tuple[Any, ScriptedServer]]:
    with ScriptedServer(script) as server:
        settings = CONNECTOR.settings.load(answers.settings(server.url))
        connection: Any = CONNECTOR.connect(settings, context_for_tests(timeout_s=5, clock=clock))
        yield connection, server
        connection.close()


def calls(server: ScriptedServer, service: str) -> int:
    return sum(answers.service_of(request) == service for request in server.seen)


def token_of(request: SeenRequest) -> str | None:
    return etree.fromstring(request.body).get("token")


class Sessions:
    """Gives T-1, T-2… and takes only the last one it gave."""

    def __init__(self, minutes: int = 30) -> None:
        self.given = 0
        self.minutes = minutes
        self.refuse: set[str] = set()

    def auth(self, _: etree._Element) -> str:
        self.given += 1
        return answers.reply("auth", f"<token>T-{self.given}</token>")

    def carriers(self, request: etree._Element) -> str:
        if request.get("token") in self.refuse:
            return answers.reply("carriers_query", answers.error("ERR_XXX", "Session expired"), "ERROR")
        return answers.reply("carriers_query", "")


def test_one_session_serves_many_requests() -> None:
    with connected(answers.healthy()) as (connection, server):
        connection.check()
        connection.check()
        assert (calls(server, "auth"), calls(server, "carriers_query")) == (1, 2)


def test_a_session_is_renewed_before_its_end() -> None:
    clock = FakeClock()
    sessions = Sessions()
    with connected(answers.healthy(auth=sessions.auth, carriers_query=sessions.carriers), clock) as (
        c,
        server,
    ):
        c.check()
        clock.advance(minutes=29)
        c.check()
        assert [token_of(r) for r in server.seen if answers.service_of(r) != "auth"] == ["T-1", "T-2"]


def test_a_refused_session_is_renewed_once_and_the_request_sent_again() -> None:
    sessions = Sessions()
    sessions.refuse = {"T-1"}
    with connected(answers.healthy(auth=sessions.auth, carriers_query=sessions.carriers)) as (c, _):
        c.check()
        assert sessions.given == 2


def test_a_session_refused_twice_stops_the_call() -> None:
    sessions = Sessions()
    sessions.refuse = {"T-1", "T-2"}
    with connected(answers.healthy(auth=sessions.auth, carriers_query=sessions.carriers)) as (c, _):
        with pytest.raises(UnexpectedAnswer, match="Session expired"):
            c.check()
        assert sessions.given == 2


def test_a_wrong_key_is_a_matter_of_configuration() -> None:
    refusal = answers.reply("auth", answers.error("ERR_001", "Authentication failed"), "ERROR")
    with (
        connected(answers.healthy(auth=lambda _: refusal)) as (connection, _),
        pytest.raises(ConfigurationError, match="Authentication failed"),
    ):
        connection.check()


def test_a_known_refusal_asks_for_no_other_session() -> None:
    refusal = answers.reply("pricing_query", answers.error("ERR_105", "too many"), "ERROR")
    with connected(answers.healthy(pricing_query=lambda _: refusal)) as (connection, server):
        with pytest.raises(UnexpectedAnswer, match="ERR_105"):
            list(connection.competing_offers(["0711719247159"]))
        assert calls(server, "auth") == 1


def test_a_fatal_error_on_a_read_is_tried_again_later() -> None:
    fatal = answers.reply("offers_query", answers.error("ERR_999", "boom", "FATAL"), "FATAL")
    with (
        connected(answers.healthy(offers_query=lambda _: fatal)) as (connection, _),
        pytest.raises(TransientError, match="boom"),
    ):
        list(connection.listed_offers())


@pytest.mark.parametrize(
    "body",
    [
        answers.reply("offers_update", answers.error("ERR_999", "boom", "FATAL"), "FATAL").encode(),
        b"",
        b"<offers_update_response",
        b"<html/>",
    ],
)
def test_a_write_answered_by_nothing_that_can_be_read_has_an_unknown_outcome(body: bytes) -> None:
    def script(request: SeenRequest) -> Scripted:
        if answers.service_of(request) == "offers_update":
            return Scripted(body=body, content_type="text/xml")
        return answers.healthy()(request)

    with connected(script) as (connection, _), pytest.raises(OutcomeUnknown):
        connection.submit_offers([DELETION])


def test_the_server_s_clock_cuts_the_windows_of_dates() -> None:
    clock = FakeClock()
    clock.advance(days=-3650)  # our own clock is ten years late
    asked: list[str] = []

    def query(request: etree._Element) -> str:
        asked.append(answers.asked(request, "max"))
        return answers.orders_page([])

    with connected(answers.healthy(orders_query=query), clock) as (connection, _):
        list(connection.order_pages(""))
    assert answers.instant(asked[-1]) > clock() + timedelta(days=300)


def test_traces_hide_who_the_buyer_is() -> None:
    exchanges: list[Exchange] = []
    with ScriptedServer(answers.healthy()) as server:
        settings = CONNECTOR.settings.load(answers.settings(server.url))
        connection: Any = CONNECTOR.connect(settings, context_for_tests(exchanges=exchanges, timeout_s=5))
        list(connection.orders_by_id(["57BEAFDA828A8"]))
        list(connection.messages_since(FakeClock()()))
        connection.close()
    bodies = [exchange.redactor.body(exchange.response_body.decode()) for exchange in exchanges]
    assert any("57BEAFDA828A8" in body for body in bodies)
    for personal in ("Zoé", "L'Hermitte", "1 rue de la Paix", "0102030405", answers.TOKEN):
        assert not [body for body in bodies if personal in body], personal


# --- settings ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [{"shop_id": "12"}, {"carriers": "DHL"}, {"page_size": 0}, {"market": "US"}, {"cancel_reason": "why"}],
)
def test_settings_that_cannot_work_are_named(change: dict[str, object]) -> None:
    with pytest.raises(SettingsError) as caught:
        CONNECTOR.settings.load(answers.settings("https://vendeur.fnac.com/api.php", **change))
    assert set(caught.value.errors) == set(change)


# --- XML --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        b"\xef\xbb\xbf<a>caf\xc3\xa9</a>",
        b'\n  <?xml version="1.0" encoding="utf-8"?><a>caf\xc3\xa9</a>',
        b'<?xml version="1.0" encoding="utf-8"?><a>caf\xe9</a>',
        b"<a>caf\xc3\xa9\x0b</a>",
        b"<a>caf\xc3\xa9&#x1;</a>",
        b"<a><![CDATA[caf\xc3\xa9]]></a>",
    ],
)
def test_encoding_oddities_are_forgiven(body: bytes) -> None:
    assert parse_document(body).text == "café"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"   ",
        b"not xml",
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'.encode("utf-16"),
        b'<!DOCTYPE a [<!ENTITY x "y"><!ENTITY z "&x;&x;&x;&x;">]><a>&z;</a>',
        b'<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd"><a/>',
        b"<a>" * 300 + b"</a>" * 300,
        b" " * MAX_BYTES + b"<a/>",
    ],
    ids=["empty", "blank", "text", "file", "utf-16", "bomb", "network", "deep", "large"],
)
def test_dangerous_or_broken_xml_is_refused(body: bytes) -> None:
    with pytest.raises(UnexpectedAnswer):
        parse_document(body)


def test_characters_that_xml_cannot_carry_are_left_out_of_what_we_send() -> None:
    root = document("offer")
    add(root, "description", "a\x00b\x0bc")
    assert answers.asked(root, "description") == "abc"


def test_an_element_becomes_a_dict_with_its_attributes_and_lists() -> None:
    root = etree.fromstring(f'<r xmlns="{NAMESPACE}" status="OK"><error code="E">x</error><page>1</page></r>')
    assert to_dict(root) == {"@status": "OK", "error": [{"@code": "E", "#text": "x"}], "page": "1"}
