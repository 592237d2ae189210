"""Accepting, shipping, cancelling, refunding: looked at first, one verdict per item."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from lxml import etree

from comptoir.connectors.fnac import CONNECTOR
from comptoir.connectors.fnac.tests import answers
from comptoir.sdk.records import (
    Cancellation,
    LineAmount,
    OrderDecision,
    Outcome,
    Parcel,
    Refund,
    Shipment,
    ShippedLine,
    Verdict,
)
from comptoir.sdk.testing import ScriptedServer, context_for_tests

ORDER = "57BEAFDA828A8"


class Shop:
    """Answers with `orders`, and keeps every update it is sent."""

    def __init__(self) -> None:
        self.orders: list[str] = []
        self.updates: list[etree._Element] = []
        self.reply: Any = answers.orders_update

    def show(self, *lines: str, order_id: str = ORDER, state: str = "ToShip") -> None:
        self.orders.append(answers.order(order_id, state, lines))

    def query(self, request: etree._Element) -> str:
        wanted = {node.text for node in request.iter(f"{{{answers.NAMESPACE}}}order_fnac_id")}
        return answers.orders_page([o for o in self.orders if any(f">{i}<" in o for i in wanted)])

    def update(self, request: etree._Element) -> str:
        self.updates.append(request)
        return str(self.reply(request))


@pytest.fixture
def shop() -> Shop:
    return Shop()


@pytest.fixture
def connection(shop: Shop) -> Iterator[Any]:
    with ScriptedServer(answers.healthy(orders_query=shop.query, orders_update=shop.update)) as server:
        settings = CONNECTOR.settings.load(answers.settings(server.url))
        connection: Any = CONNECTOR.connect(settings, context_for_tests(timeout_s=5))
        yield connection
        connection.close()


def shipment(
    *line_ids: str, order_id: str = ORDER, carrier: str = "COLISSIMO", number: str = "6A1"
) -> Shipment:
    return Shipment(
        reference=f"S-{order_id}",
        order_id=order_id,
        parcel=Parcel(carrier=carrier, tracking_number=number, carrier_name=carrier.title()),
        lines=tuple(ShippedLine(line_id=i, sku="", quantity=2) for i in line_ids),
        shipped_at=datetime(2026, 11, 23, tzinfo=UTC),
        completes_order=True,
    )


def sent(update: etree._Element) -> list[tuple[str, ...]]:
    """(order, action of the order, line, action of the line) for each line of an update."""
    return [
        (*order.attrib.values(), answers.asked(detail, "order_detail_id"), answers.asked(detail, "action"))
        for order in update
        for detail in order
    ]


def test_each_line_is_accepted_or_refused(connection: Any, shop: Shop) -> None:
    shop.show(answers.line(1, "ToAccept"), answers.line(2, "ToAccept"), state="Created")
    [verdict] = connection.decide_orders([OrderDecision(order_id=ORDER, lines={"1": True, "2": False})])
    assert (verdict.key, verdict.outcome) == (ORDER, Outcome.DONE)
    assert sent(shop.updates[0]) == [
        (ORDER, "accept_order", "1", "Accepted"),
        (ORDER, "accept_order", "2", "Refused"),
    ]


def test_a_decision_repeated_is_done_and_sends_nothing(connection: Any, shop: Shop) -> None:
    shop.show(answers.line(1, "ToShip"), answers.line(2, "Refused"))
    [verdict] = connection.decide_orders([OrderDecision(order_id=ORDER, lines={"1": True, "2": False})])
    assert verdict.outcome is Outcome.DONE
    assert shop.updates == []


def test_a_line_without_a_decision_is_named(connection: Any, shop: Shop) -> None:
    shop.show(answers.line(1, "ToAccept"), answers.line(2, "ToAccept"), state="Created")
    [verdict] = connection.decide_orders([OrderDecision(order_id=ORDER, lines={"1": True})])
    assert (verdict.outcome, verdict.code) == (Outcome.REJECTED, "decision_missing")
    assert "2" in verdict.message


def test_a_decision_against_what_is_decided_is_refused(connection: Any, shop: Shop) -> None:
    shop.show(answers.line(1, "Cancelled"), state="Cancelled")
    [verdict] = connection.decide_orders([OrderDecision(order_id=ORDER, lines={"1": True})])
    assert (verdict.outcome, verdict.code) == (Outcome.REJECTED, "already_decided")


def test_a_parcel_says_its_number_and_fnac_s_code_of_the_carrier(connection: Any, shop: Shop) -> None:
    shop.show(answers.line(1))
    [verdict] = connection.confirm_shipments([shipment("1")])
    assert verdict.outcome is Outcome.DONE
    assert sent(shop.updates[0]) == [(ORDER, "confirm_to_send", "1", "Shipped")]
    assert answers.asked(shop.updates[0], "tracking_number") == "6A1"
    assert answers.asked(shop.updates[0], "tracking_company") == "SOCOLISSIMO"


def test_a_carrier_that_fnac_does_not_list_goes_by_its_name(connection: Any, shop: Shop) -> None:
    shop.show(answers.line(1))
    list(connection.confirm_shipments([shipment("1", carrier="PIGEON")]))
    assert answers.asked(shop.updates[0], "tracking_company") == "Pigeon"


def test_a_shipment_repeated_is_done_and_sends_nothing(connection: Any, shop: Shop) -> None:
    shop.show(answers.line(1, "Shipped"))
    [verdict] = connection.confirm_shipments([shipment("1")])
    assert verdict.outcome is Outcome.DONE
    assert shop.updates == []


def test_a_shipment_of_what_is_not_paid_yet_waits(connection: Any, shop: Shop) -> None:
    shop.show(answers.line(1, "Accepted"), state="Accepted")
    [verdict] = connection.confirm_shipments([shipment("1")])
    assert verdict.outcome is Outcome.RETRY
    assert shop.updates == []


def test_a_shipment_of_what_the_buyer_cancelled_is_refused(connection: Any, shop: Shop) -> None:
    shop.show(answers.line(1, "Cancelled"), state="Cancelled")
    [verdict] = connection.confirm_shipments([shipment("1")])
    assert (verdict.outcome, verdict.code) == (Outcome.REJECTED, "state")


def test_a_tracking_number_too_long_for_fnac_is_not_cut(connection: Any, shop: Shop) -> None:
    shop.show(answers.line(1))
    [verdict] = connection.confirm_shipments([shipment("1", number="6" * 33)])
    assert (verdict.outcome, verdict.code) == (Outcome.REJECTED, "tracking_number")


def test_twenty_five_orders_travel_in_one_request(connection: Any, shop: Shop) -> None:
    ids = [f"{number:013d}" for number in range(60)]
    for order_id in ids:
        shop.show(answers.line(1), order_id=order_id)
    verdicts = list(connection.confirm_shipments([shipment("1", order_id=order_id) for order_id in ids]))
    assert [len(update) for update in shop.updates] == [25, 25, 10]
    assert {v.key for v in verdicts if v.outcome is Outcome.DONE} == {f"S-{order_id}" for order_id in ids}


def test_two_parcels_of_one_order_travel_in_two_requests(connection: Any, shop: Shop) -> None:
    shop.show(answers.line(1), answers.line(2))
    list(connection.confirm_shipments([shipment("1"), shipment("2")]))
    assert [sent(update) for update in shop.updates] == [
        [(ORDER, "confirm_to_send", "1", "Shipped")],
        [(ORDER, "confirm_to_send", "2", "Shipped")],
    ]


def test_one_refused_order_disturbs_no_other(connection: Any, shop: Shop) -> None:
    def half(request: etree._Element) -> str:
        first, second = (str(node.get("order_id")) for node in request)
        refused = answers.error("ERR_109", "bad status")
        return answers.reply(
            "orders_update",
            f"<order><status>OK</status><order_id>{first}</order_id></order>"
            f"<order><status>ERROR</status><order_id>{second}</order_id>{refused}</order>",
            "ERROR",
        )

    shop.reply = half
    shop.show(answers.line(1), order_id="0000000000001")
    shop.show(answers.line(1), order_id="0000000000002")
    verdicts = connection.confirm_shipments(
        [shipment("1", order_id="0000000000001"), shipment("1", order_id="0000000000002")]
    )
    assert [(v.outcome, v.code) for v in verdicts] == [(Outcome.DONE, ""), (Outcome.REJECTED, "ERR_109")]


def test_a_refused_request_is_sent_again_order_by_order(connection: Any, shop: Shop) -> None:
    def strict(request: etree._Element) -> str:
        if any(node.get("order_id") == "0000000000002" for node in request):
            return answers.reply("orders_update", answers.error("ERR_096", "XML Validation failed"), "ERROR")
        return answers.orders_update(request)

    shop.reply = strict
    for number in (1, 2, 3):
        shop.show(answers.line(1), order_id=f"{number:013d}")
    verdicts: list[Verdict] = list(
        connection.confirm_shipments([shipment("1", order_id=f"{n:013d}") for n in (1, 2, 3)])
    )
    assert {v.key[-1]: v.outcome for v in verdicts} == {
        "1": Outcome.DONE,
        "2": Outcome.REJECTED,
        "3": Outcome.DONE,
    }


def test_an_order_the_answer_does_not_speak_of_has_an_unknown_outcome(connection: Any, shop: Shop) -> None:
    shop.reply = lambda _: answers.reply("orders_update", "")
    shop.show(answers.line(1))
    [verdict] = connection.confirm_shipments([shipment("1")])
    assert verdict.outcome is Outcome.UNKNOWN


def test_an_order_that_fnac_does_not_show_is_tried_again_later(connection: Any, shop: Shop) -> None:
    [verdict] = connection.confirm_shipments([shipment("1")])
    assert (verdict.outcome, verdict.code) == (Outcome.RETRY, "order_not_found")


def whole(line_id: str = "1") -> LineAmount:
    return LineAmount(line_id=line_id, quantity=2, amount=Decimal("20.00"), shipping_amount=Decimal("3.50"))


def test_a_refund_says_its_reason(connection: Any, shop: Shop) -> None:
    shop.show(answers.line(1, "Shipped"), state="Shipped")
    refund = Refund(reference="R-1", order_id=ORDER, lines=(whole(),), reason="damaged_article")
    [verdict] = connection.refund_orders([refund])
    assert verdict.outcome is Outcome.DONE
    assert sent(shop.updates[0]) == [(ORDER, "refund_order", "1", "Refunded")]
    assert answers.asked(shop.updates[0], "refund_reason") == "damaged_article"


def test_a_part_of_a_line_cannot_be_refunded(connection: Any, shop: Shop) -> None:
    shop.show(answers.line(1, "Shipped"), state="Shipped")
    part = LineAmount(line_id="1", quantity=1, amount=Decimal("10.00"))
    [verdict] = connection.refund_orders([Refund(reference="R-1", order_id=ORDER, lines=(part,))])
    assert (verdict.outcome, verdict.code) == (Outcome.REJECTED, "partial_line")
    assert shop.updates == []


def test_a_refund_repeated_is_done_and_sends_nothing(connection: Any, shop: Shop) -> None:
    shop.show(answers.line(1, "Refunded"), state="Refunded")
    [verdict] = connection.refund_orders([Refund(reference="R-1", order_id=ORDER, lines=(whole(),))])
    assert verdict.outcome is Outcome.DONE
    assert shop.updates == []


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("ToAccept", (ORDER, "accept_order", "1", "Refused")),
        ("ToShip", (ORDER, "refund_order", "1", "Refunded")),
    ],
)
def test_a_cancellation_refuses_what_waits_and_refunds_what_is_paid(
    connection: Any, shop: Shop, state: str, expected: tuple[str, ...]
) -> None:
    shop.show(answers.line(1, state), state="Created" if state == "ToAccept" else state)
    [verdict] = connection.cancel_orders([Cancellation(reference="C-1", order_id=ORDER, lines=())])
    assert verdict.outcome is Outcome.DONE
    assert sent(shop.updates[0]) == [expected]


@pytest.mark.parametrize(("state", "expected"), [("Accepted", Outcome.RETRY), ("Shipped", Outcome.REJECTED)])
def test_a_cancellation_waits_for_payment_and_comes_too_late_after_shipping(
    connection: Any, shop: Shop, state: str, expected: Outcome
) -> None:
    shop.show(answers.line(1, state), state=state)
    [verdict] = connection.cancel_orders([Cancellation(reference="C-1", order_id=ORDER, lines=())])
    assert verdict.outcome is expected
    assert shop.updates == []
