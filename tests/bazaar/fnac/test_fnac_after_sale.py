"""Messages, incidents, comments and invoices: the buyers' side played, the hub's connector before it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from storefronts import Play, Seller, codes, texts

from comptoir.sdk.aftersales import MessageReply, ReviewReply
from comptoir.sdk.records import OrderDecision, Outcome, Parcel, Shipment, ShippedLine

Start = Callable[..., Play]


def ordered(play: Play) -> str:
    return play.party().place_by_hand([(next(iter(play.world.products)), 1)])


def shipped(play: Play) -> str:
    connection, order_id = play.connect(), ordered(play)
    list(connection.decide_orders([OrderDecision(order_id=order_id, lines={"1": True})]))
    play.advance(minutes=16)
    shipment = Shipment(
        reference="S-1",
        order_id=order_id,
        parcel=Parcel(carrier="UPS", tracking_number="1Z"),
        lines=(ShippedLine(line_id="1", sku="", quantity=1),),
        shipped_at=play.world.now(),
        completes_order=True,
    )
    assert [v.outcome for v in connection.confirm_shipments([shipment])] == [Outcome.DONE]
    return order_id


def test_a_buyer_s_question_is_read_and_answered(start: Start) -> None:
    play = start()
    connection, since, order_id = play.connect(), play.world.now(), ordered(play)
    message_id = play.party().write_message(order_id, "Question", "Où est mon colis ?")
    [[question]] = list(connection.messages_since(since))
    assert (question.external_id, question.order_id, question.sender) == (message_id, order_id, "buyer")
    assert not question.read
    [verdict] = connection.reply_to_messages([MessageReply(message_id=message_id, body="Il part demain.")])
    assert verdict.outcome is Outcome.DONE
    [messages] = list(connection.messages_since(since))
    assert [(m.sender, m.body, m.read) for m in messages] == [
        ("buyer", "Où est mon colis ?", True),
        ("seller", "Il part demain.", True),
    ]


def test_a_message_that_does_not_exist_cannot_be_answered(start: Start) -> None:
    connection = start().connect()
    [verdict] = connection.reply_to_messages([MessageReply(message_id="nope", body="Bonjour")])
    assert (verdict.outcome, verdict.code) == (Outcome.REJECTED, "ERR_050")


def test_messages_are_archived_and_found_again(seller: Seller) -> None:
    message_id = seller.play.party().write_message(ordered(seller.play), "Question", "?")
    seller.ask("messages_update", f'<message id="{message_id}" action="mark_as_read_and_archive"/>')
    archived = seller.ask("messages_query", "<message_archived>TRUE</message_archived>")
    assert texts(archived, "message_id") == [message_id]
    assert texts(seller.ask("messages_query", "<message_state>UNREAD</message_state>"), "message_id") == []


def test_an_incident_is_told_and_ends_with_the_money_given_back(start: Start) -> None:
    play = start()
    connection, since, order_id = play.connect(), play.world.now(), shipped(play)
    incident_id = play.party().open_incident(order_id, [1], "1", "Rien reçu")
    [[incident]] = list(connection.incidents_since(since))
    assert (incident.order_id, incident.open, incident.waits_for_seller) == (order_id, True, True)
    assert [(line.line_id, line.reason) for line in incident.lines] == [("1", "1")]
    assert play.party().shop.orders[order_id].lines[0].state == "NotReceived"

    seller = Seller(play)
    detail = "<order_detail><order_detail_id>1</order_detail_id></order_detail>"
    seller.ask("incidents_update", f'<order incident_id="{incident_id}" action="refund">{detail}</order>')
    seller.http.close()
    [[closed]] = list(connection.incidents_since(since))
    assert not closed.open
    assert closed.lines[0].refunded_amount == play.party().shop.orders[order_id].total
    assert [fact.order_id for fact in play.world.ledger.of_kind("order_refunded")] == [order_id]


def test_a_comment_is_read_and_its_reply_replaced(start: Start) -> None:
    play = start()
    connection, since = play.connect(), play.world.now()
    comment_id = play.party().write_comment(ordered(play), 4, "Rapide")
    for words in ("Merci !", "Merci beaucoup !"):
        [verdict] = connection.reply_to_reviews([ReviewReply(review_id=comment_id, body=words)])
        assert verdict.outcome is Outcome.DONE
    [[review]] = list(connection.reviews_since(since))
    assert (review.rating, review.best, review.comment, review.reply) == (4, 5, "Rapide", "Merci beaucoup !")


def test_a_comment_that_does_not_exist_has_its_own_code(start: Start) -> None:
    reply = ReviewReply(review_id="00000000-0000-0000-0000-000000000000", body="Merci")
    [verdict] = start().connect().reply_to_reviews([reply])
    assert (verdict.outcome, verdict.code) == (Outcome.REJECTED, "ERR_128")


def test_what_was_delivered_is_billed_once_and_adds_up(start: Start) -> None:
    play = start()
    connection, since, order_id = play.connect(), play.world.now(), shipped(play)
    play.advance(days=25)
    [[invoice]] = list(connection.channel_invoices_since(since))
    order = play.party().shop.orders[order_id]
    assert invoice.order_amount + invoice.shipping_amount == order.total
    assert invoice.commission_amount == (order.lines[0].fee * Decimal("1.2")).quantize(Decimal("0.01"))
    assert invoice.paid_amount == order.total - invoice.commission_amount


def test_billing_begins_once_whatever_the_stops(
    start: Start, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = str(tmp_path_factory.mktemp("world"))
    for _ in range(2):
        play = start(data=folder)
        waiting = [timer.action for timer in play.world.agenda.timers_of("fnac-1")]
        play.world.write_down()
        play.stop()
        play.stop = lambda: None  # type: ignore[method-assign]
    assert waiting == ["bill"]


def test_twenty_six_incidents_are_too_many(seller: Seller) -> None:
    one = '<order action="refund"><order_detail><order_detail_id>1</order_detail_id></order_detail></order>'
    assert codes(seller.ask("incidents_update", one * 26)) == ["ERR_105"]
