"""What is kept of a request: never a secret, even where a long body is cut through the middle of one."""

from __future__ import annotations

from datetime import UTC, datetime

from comptoir.journal.exchanges import KEPT_CHARACTERS, ExchangeRecorder
from comptoir.sdk.http import Exchange as Trace
from comptoir.sdk.redaction import Redactor

SECRET = "sk-" + "9a7b" * 40
BEGAN = datetime(2026, 3, 2, tzinfo=UTC)


def kept_body(body: str) -> str:
    recorder = ExchangeRecorder("shop", sample_rate=1.0)
    trace = Trace("OR11", "GET", "https://shop.example/orders", BEGAN, False, redactor=Redactor([SECRET]))
    trace.response_body = body.encode()
    recorder(trace)
    return recorder._kept[0].response_body


def test_a_short_body_is_kept_whole_however_much_of_it_is_hidden() -> None:
    told = kept_body('{"email": "a-very-long-address-of-a-buyer@example.org", "id": 7}')
    assert told == '{"email": "[redacted]", "id": 7}'


def test_a_secret_at_the_cut_is_not_shown_in_part() -> None:
    for shift in range(0, len(SECRET), 7):
        for place in (KEPT_CHARACTERS - shift, KEPT_CHARACTERS + 8_000 - shift):
            told = kept_body("x" * place + SECRET + "y" * 100_000)
            assert SECRET[:8] not in told
            assert len(told) < KEPT_CHARACTERS + 100


def test_an_address_at_the_cut_is_hidden_and_the_rest_is_counted() -> None:
    # So much is hidden before it that the first cut would fall within what is kept.
    many = '{"email": "' + "b" * 500 + '@example.org"}, '
    told = kept_body(many * 400 + "z" * 50_000)
    assert "bbb" not in told
    assert told.endswith(" more characters")
