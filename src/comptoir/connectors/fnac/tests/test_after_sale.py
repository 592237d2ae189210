"""Messages, incidents, reviews and invoices: read by date, answered one by one."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from lxml import etree

from comptoir.connectors.fnac import CONNECTOR
from comptoir.connectors.fnac.tests import answers
from comptoir.sdk.aftersales import MessageReply, ReviewReply
from comptoir.sdk.records import Outcome, Verdict
from comptoir.sdk.testing import ScriptedServer, context_for_tests

SINCE = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def ask(call: Any, **script: Any) -> Any:
    with ScriptedServer(answers.healthy(**script)) as server:
        connection: Any = CONNECTOR.connect(
            CONNECTOR.settings.load(answers.settings(server.url)), context_for_tests(timeout_s=5)
        )
        try:
            return call(connection)
        finally:
            connection.close()


def test_every_page_is_read_from_an_hour_before() -> None:
    asked: list[tuple[str, str]] = []

    def page(request: etree._Element) -> str:
        asked.append((answers.asked(request, "paging"), answers.asked(request, "min")))
        return answers.reply("messages_query", "<total_paging>3</total_paging>" + answers.MESSAGE)

    pages = ask(lambda c: list(c.messages_since(SINCE)), messages_query=page)
    assert [number for number, _ in asked] == ["1", "2", "3"]
    assert {instant for _, instant in asked} == {"2026-11-23T08:00:00+00:00"}
    assert [message.body for page in pages for message in page] == ["Bonjour ?"] * 3


def test_a_review_tells_its_stars() -> None:
    [[review]] = ask(lambda c: list(c.reviews_since(SINCE)))
    assert (review.rating, review.best, review.comment, review.order_id) == (
        4,
        5,
        "Bien emballé",
        "57BEAFDA828A8",
    )


def test_an_invoice_adds_up_to_what_is_paid() -> None:
    [[invoice]] = ask(lambda c: list(c.channel_invoices_since(SINCE)))
    earned = invoice.order_amount + invoice.shipping_amount
    assert earned - invoice.commission_amount - invoice.subscription_amount == invoice.paid_amount
    assert invoice.paid_amount == Decimal("81.40")


REPLY = MessageReply(message_id=answers.BATCH, body="Oui")


@pytest.mark.parametrize(
    ("content", "status", "outcome", "code"),
    [
        (f'<message status="OK" id="{answers.BATCH}"/>', "OK", Outcome.DONE, ""),
        (
            f'<message status="ERROR" id="{answers.BATCH}">{answers.error("ERR_050")}</message>',
            "ERROR",
            Outcome.REJECTED,
            "ERR_050",
        ),
        ('<message status="OK" id="another"/>', "OK", Outcome.UNKNOWN, ""),
        (answers.error("ERR_096"), "ERROR", Outcome.REJECTED, "ERR_096"),
    ],
)
def test_each_reply_has_its_verdict(content: str, status: str, outcome: Outcome, code: str) -> None:
    body = answers.reply("messages_update", content, status)
    [verdict] = ask(lambda c: list(c.reply_to_messages([REPLY])), messages_update=lambda _: body)
    assert (verdict.key, verdict.outcome, verdict.code) == (answers.BATCH, outcome, code)


def test_the_comment_that_does_not_exist_is_refused_in_fnac_s_words() -> None:
    node = f'<comment status="ERROR" id="{answers.BATCH}">{answers.error("ERR_128", "Comment not found")}</comment>'
    body = answers.reply("client_order_comments_update", node, "ERROR")
    reply = ReviewReply(review_id=answers.BATCH, body="Merci")
    [verdict] = ask(lambda c: list(c.reply_to_reviews([reply])), client_order_comments_update=lambda _: body)
    assert (verdict.outcome, verdict.code, verdict.message) == (
        Outcome.REJECTED,
        "ERR_128",
        "Comment not found",
    )


def test_a_reply_to_a_review_is_never_cut() -> None:
    reply = ReviewReply(review_id=answers.BATCH, body="x" * 256)
    found: list[Verdict] = ask(lambda c: list(c.reply_to_reviews([reply])))
    assert [verdict.code for verdict in found] == ["too_long"]
