"""Answers that lie, are cut, or mean something else than they seem to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import jwt
import msgspec
import pytest

from comptoir.connectors.sage_x3 import CONNECTOR
from comptoir.connectors.sage_x3.connection import SageX3Connection
from comptoir.connectors.sage_x3.tests.answers import (
    ITEM,
    READ,
    SETTINGS,
    answer,
    fault,
    operation,
    settings,
    soap,
)
from comptoir.connectors.sage_x3.tests.test_contract import CANCELLED, SOLD, healthy, told
from comptoir.sdk.errors import (
    ConfigurationError,
    ConnectorError,
    OutcomeUnknown,
    TransientError,
    UnexpectedAnswer,
)
from comptoir.sdk.http import Exchange
from comptoir.sdk.records import Address, Buyer, Outcome
from comptoir.sdk.settings import SettingsError
from comptoir.sdk.testing import Scripted, SeenRequest, context_for_tests
from comptoir.sdk.testing.server import ScriptedServer

Script = Callable[[SeenRequest], Scripted]


@contextmanager
def connected(script: Script, exchanges: list[Exchange] | None = None, **changed: object) -> Iterator[Any]:
    with ScriptedServer(script) as server:
        context = context_for_tests(exchanges=exchanges if exchanges is not None else [])
        connection = CONNECTOR.connect(settings(server.url, **changed), context)
        assert isinstance(connection, SageX3Connection)
        yield connection
        connection.close()


def saving(reply: Scripted) -> Script:
    """Everything is well, but for what a write is answered."""

    def script(request: SeenRequest) -> Scripted:
        writes = request.method == "POST" and operation(request) in ("save", "modify", "deleteLines")
        return reply if writes else healthy(request)

    return script


@pytest.mark.parametrize(
    ("reply", "outcome", "code"),
    [
        (soap("save", "", 0, (1, "Ligne 1"), (3, "Article : MUG Fiche inexistante")), Outcome.REJECTED, "x3"),
        (soap("save", "", 0, (3, "Fiche en cours de modification par ADMIN")), Outcome.RETRY, "x3_locked"),
        (soap("save", "", 0, (3, "Record locked by user")), Outcome.RETRY, "x3_locked"),
        (soap("save", "", 0), Outcome.UNKNOWN, "no_message"),
        (soap("save", "<RESULT><GRP", 1), Outcome.UNKNOWN, ""),
        (soap("read", "<RESULT/>", 1), Outcome.UNKNOWN, ""),
        (soap("save", "", 7), Outcome.UNKNOWN, ""),
        (Scripted(body=b"<html>welcome</html>"), Outcome.UNKNOWN, ""),
        (
            Scripted(body=b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'),
            Outcome.UNKNOWN,
            "",
        ),
    ],
)
def test_what_a_write_is_answered_is_understood_or_unknown(
    reply: Scripted, outcome: Outcome, code: str
) -> None:
    with connected(saving(reply)) as connection:
        [verdict] = told(connection.submit_orders(1, [SOLD]))
    assert (verdict.outcome, verdict.code) == (outcome, code)


def test_the_error_stands_before_the_information() -> None:
    reply = soap("save", "", 0, (1, "Ligne 1"), (2, "prix"), (3, "Article inconnu"))
    with connected(saving(reply)) as connection:
        [verdict] = told(connection.submit_orders(1, [SOLD]))
    assert verdict.message == "YOSOH: Article inconnu / Ligne 1 / prix"


def test_a_warning_of_what_was_accepted_is_kept() -> None:
    saved = '<RESULT><GRP ID="SOH0_1"><FLD NAME="SOHNUM">SON7</FLD></GRP></RESULT>'
    with connected(saving(soap("save", saved, 1, (2, "Stock insuffisant")))) as connection:
        [verdict] = told(connection.submit_orders(1, [SOLD]))
    assert (verdict.outcome, verdict.external_id, verdict.message) == (
        Outcome.DONE,
        "SON7",
        "Stock insuffisant",
    )


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (fault("CAdxWSSException: No channel available in pool COMPTOIR"), TransientError),
        (fault("Pool alias NOPE not found"), ConfigurationError),
        (fault("java.lang.NullPointerException"), TransientError),
        (Scripted(500, {"$diagnoses": [{"$message": "No Web services accepted"}]}), TransientError),
        (soap("save", "", 0, (3, "Publication web service YOSOH inexistante")), ConfigurationError),
    ],
)
def test_trouble_of_the_server_is_told_from_a_refusal(reply: Scripted, kind: type[ConnectorError]) -> None:
    with connected(saving(reply)) as connection, pytest.raises(kind):
        connection.submit_orders(1, [SOLD])


def test_after_an_unclear_answer_nothing_is_written_again_until_it_settles() -> None:
    writes: list[SeenRequest] = []

    def script(request: SeenRequest) -> Scripted:
        if request.method == "POST" and operation(request) == "save":
            writes.append(request)
            return Scripted(504)
        return healthy(request)

    with connected(script) as connection:
        outcomes = [told(connection.submit_orders(number, [SOLD]))[0] for number in (1, 2, 3)]
    assert [verdict.outcome for verdict in outcomes] == [Outcome.UNKNOWN] * 3
    assert outcomes[1].code == "settling"
    assert len(writes) == 1


def test_a_pool_without_a_session_did_nothing_and_is_asked_again_at_once() -> None:
    writes: list[SeenRequest] = []

    def script(request: SeenRequest) -> Scripted:
        if request.method == "POST" and operation(request) == "save":
            writes.append(request)
            return fault("No channel available in pool") if len(writes) == 1 else healthy(request)
        return healthy(request)

    with connected(script) as connection:
        with pytest.raises(TransientError):
            connection.submit_orders(1, [SOLD])
        [verdict] = told(connection.submit_orders(2, [SOLD]))
    assert verdict.outcome is Outcome.DONE


def test_a_list_that_is_cut_or_goes_round_or_leads_elsewhere_is_no_list() -> None:
    def cut(request: SeenRequest) -> Scripted:
        return Scripted(body={"$resources": None})

    def round_and_round(request: SeenRequest) -> Scripted:
        following = f"http://{request.headers['host']}{request.path}?page=2"
        return Scripted(body={"$resources": [ITEM], "$links": {"$next": {"$url": following}}})

    def elsewhere(request: SeenRequest) -> Scripted:
        return Scripted(
            body={"$resources": [ITEM], "$links": {"$next": {"$url": "http://198.51.100.7/api1/x"}}}
        )

    for script, words in ((cut, "cannot be read"), (round_and_round, "circle"), (elsewhere, "198.51.100.7")):
        with connected(script) as connection, pytest.raises(UnexpectedAnswer, match=words):
            list(connection.product_keys())


def test_figures_that_are_none_set_the_article_aside() -> None:
    def script(request: SeenRequest) -> Scripted:
        if request.path.endswith("/ITMMASTER"):
            return Scripted(body={"$resources": [ITEM, {**ITEM, "ITMREF": "BAD", "ITMWEI": "heavy"}]})
        return answer(request)

    with connected(script) as connection:
        [batch] = connection.product_batches("")
    assert [product.sku for product in batch.products] == ["MUG"]
    assert [rejected.external_id for rejected in batch.rejected] == ["BAD"]


@pytest.mark.parametrize(("value", "word"), [("many", "no number"), ("NaN", "no number"), ("1e999", "")])
def test_a_count_that_is_no_number_stops_the_stock(value: str, word: str) -> None:
    def script(request: SeenRequest) -> Scripted:
        rows = [{"ITMREF": "MUG", "STOFCY": "FR012", "PHYSTO": value, "UPDDAT": "2026-11-23"}]
        return Scripted(body={"$resources": rows}) if request.path.endswith("/ITMMVT") else answer(request)

    with connected(script) as connection:
        if word:
            with pytest.raises(UnexpectedAnswer, match=word):
                list(connection.stock_batches(""))
        else:
            [batch] = connection.stock_batches("")
            assert batch.levels[0].quantity > 10**9, "the hub refuses so many units itself"


def test_a_cancellation_of_what_is_not_there_or_has_left_is_refused() -> None:
    other = msgspec.structs.replace(CANCELLED, sku="PLATE", left=1)
    untold = msgspec.structs.replace(CANCELLED, left=None)
    with connected(healthy) as connection:
        for item, code in ((other, "line"), (untold, "left")):
            [verdict] = told(connection.submit_cancellations(1, [item]))
            assert (verdict.outcome, verdict.code) == (Outcome.REJECTED, code)


def test_a_line_that_moved_while_it_was_read_is_not_taken_for_cancelled() -> None:
    """X3 says yes and shows that another line was changed."""
    with connected(saving(soap("modify", READ))) as connection:
        [verdict] = told(connection.submit_cancellations(1, [CANCELLED]))
    assert (verdict.outcome, verdict.code) == (Outcome.REJECTED, "not_shown")


def test_a_connection_test_of_many_calls_outlives_chance() -> None:
    """Every second call fails; what is down for good is still said so."""
    calls: list[str] = []

    def script(request: SeenRequest) -> Scripted:
        calls.append(request.path)
        return healthy(request) if len(calls) % 2 else Scripted(503)

    with connected(script) as connection:
        assert connection.check().account_id == "SEED/COMPTOIR"
    with connected(lambda request: Scripted(503)) as connection, pytest.raises(TransientError):
        connection.check()


def test_a_left_list_without_our_reference_is_found_by_the_connection_test() -> None:
    def script(request: SeenRequest) -> Scripted:
        if request.method == "POST" and operation(request) == "query":
            return soap("query", '<RESULT><LIN NUM="1"><FLD NAME="SOHNUM">SON1</FLD></LIN></RESULT>')
        return healthy(request)

    with connected(script) as connection, pytest.raises(ConfigurationError, match="narrowed by CUSORDREF"):
        connection.check()


def test_a_document_that_is_found_without_its_number_is_there() -> None:
    def script(request: SeenRequest) -> Scripted:
        if request.method == "POST" and operation(request) == "query":
            return soap(
                "query", '<RESULT><LIN NUM="1"><FLD NAME="CUSORDREF">CO-000000002</FLD></LIN></RESULT>'
            )
        return saving(Scripted(500))(request)

    with connected(script) as connection:
        [verdict] = told(connection.submit_orders(1, [SOLD]))
    assert (verdict.outcome, verdict.external_id) == (Outcome.DONE, "CO-000000002")


def test_personal_fields_are_masked_inside_envelopes_too() -> None:
    address = Address(name="Ana Noël", street_1="1 rue du Port", postcode="29200", city="Brest", country="FR")
    buyer = Buyer(name="Ana Noël", email="ana@example.com", phone="0611223344")
    sold = msgspec.structs.replace(
        SOLD, order=msgspec.structs.replace(SOLD.order, shipping_address=address, buyer=buyer)
    )
    exchanges: list[Exchange] = []
    mapping = "order.ship_phone=SOH0_1.YTEL, order.ship_email=SOH0_1.YMAIL"
    with connected(
        saving(soap("save", SAVED_JSON)), exchanges, mapping=mapping, customer_mode="buyer"
    ) as connection:
        told(connection.submit_orders(1, [sold]))
    bodies = [exchange.request_body.decode() + exchange.response_body.decode() for exchange in exchanges]
    assert any("Brest" in body for body in bodies)
    assert any("0611223344" in body for body in bodies)
    for exchange, body in zip(exchanges, bodies, strict=True):
        kept = exchange.redactor.body(body)
        for word in ("Ana", "rue du Port", "29200", "Brest", "ana@example.com", "0611223344"):
            assert word not in kept, (exchange.operation, word)


SAVED_JSON = '{"SOH0_1": {"SOHNUM": "SON1"}, "ADB2_1": {"BPRNAM": ["Ana Noël", ""], "CTY": "Brest"}}'


def test_a_token_that_the_servers_clock_refuses_is_written_again_by_that_clock() -> None:
    """The server is two hours ahead: its own answer says so."""
    secret, seen = "a-secret-of-at-least-thirty-two-bytes", []
    ahead = "Mon, 23 Nov 2026 11:00:00 GMT"

    def script(request: SeenRequest) -> Scripted:
        token = request.headers["authorization"].removeprefix("Bearer ")
        unchecked = {"verify_exp": False, "verify_iat": False, "verify_aud": False}
        claims = jwt.decode(token, secret, algorithms=["HS256"], options=unchecked)
        seen.append(claims)
        late = claims["iat"] < 1_795_431_600 - 60
        reply = Scripted(401, {"$diagnoses": [{"$message": "jwt expired"}]}) if late else answer(request)
        return Scripted(reply.status, reply.body, {"Date": ahead}, reply.content_type)

    jwt_settings = {"auth": "jwt", "client_id": "app", "client_secret": secret}
    with connected(script, **jwt_settings) as connection:
        try:
            assert list(connection.product_keys()) == [["MUG"]]
        except ConnectorError as error:
            pytest.fail(str(error))
    assert [(claims["iss"], claims["sub"], claims["aud"]) for claims in seen] == [("app", "COMPT", "")] * 2
    assert all(claims["exp"] - claims["iat"] == 60 for claims in seen)


def test_errors_of_a_customer_do_not_lose_the_order() -> None:
    """Made by the lost call or not: the order itself was not begun, and goes with the next delivery."""
    saves: list[str] = []

    def script(request: SeenRequest) -> Scripted:
        if request.method == "POST" and operation(request) == "save" and b"YOBPC" in request.body:
            saves.append("customer")
            return Scripted(504)
        if request.path.endswith("/BPCUSTOMER"):
            return Scripted(body={"$resources": []})
        return healthy(request)

    with (
        connected(script, customer_mode="buyer") as connection,
        pytest.raises((TransientError, OutcomeUnknown)),
    ):
        connection.submit_orders(1, [SOLD])
    assert saves == ["customer"]


def test_settings_that_make_no_sense_are_named() -> None:
    for changed, name in (
        ({"auth": "jwt"}, "client_secret"), ({"password": ""}, "password"), ({"mapping": "items.nothing=X"}, "mapping"),
        ({"mapping": "order.external=NOGROUP"}, "mapping"), ({"vat_rates": "NOR=twenty"}, "vat_rates"),
        ({"customer": "A" * 16}, "customer"), ({"customers": "shop"}, "customers"),
        ({"settle_minutes": 1}, "settle_minutes"), ({"reference_prefix": "'"}, "reference_prefix"),
    ):  # fmt: skip
        with pytest.raises(SettingsError) as caught:
            CONNECTOR.settings.load({**SETTINGS, "base_url": "https://x3.example", **changed})
        assert name in caught.value.errors
