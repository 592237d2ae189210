"""Money given back: what may be asked, told to the channel once, and to the ERP once whichever way it arose."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec
import pytest

from comptoir.channels.models import Channel
from comptoir.flows.policy import run_flow
from comptoir.journal.models import Change, Issue
from comptoir.orders.erp import export_again
from comptoir.orders.models import ErpExportItem, Order, OrderLine, Refund
from comptoir.orders.refunds import CannotRefund, refundable_lines, request_refund
from comptoir.sdk.errors import OutcomeUnknown, TransientError
from comptoir.sdk.records import Order as OrderRecord
from comptoir.sdk.records import Outcome
from comptoir.sdk.statuses import OrderStatus
from tests.domain.conftest import make_product
from tests.domain.records import Sold, order
from tests.flows.fakes import Erp, Market, became
from tests.flows.test_stock_counts import sell

Shop = tuple[Channel, Market]
Side = tuple[Channel, Erp]


@pytest.fixture
def sold(shop: Shop, erp: Side) -> Order:
    """Two mice at 49.90 and one keyboard, in the ERP, then shipped."""
    make_product("MOUSE", on_hand=9)
    make_product("KEYBOARD", on_hand=9)
    told = order("A", Sold("MOUSE", 2), Sold("KEYBOARD", 1, "80"))
    sell(shop, told)
    run_flow("export_orders_to_erp", "erp")
    run_flow("export_orders_to_erp", "erp")
    news(shop, became(told, OrderStatus.SHIPPED, at=later(told, 5)))
    return Order.objects.get()


def later(told: OrderRecord, minutes: int) -> Any:
    from datetime import timedelta

    return told.updated_at + timedelta(minutes=minutes)


def news(shop: Shop, told: OrderRecord) -> None:
    shop[1].orders = {told.external_id: told}
    run_flow("import_orders", shop[0].key)


def shows(shop: Shop, *, amount: str, quantity: int = 1) -> None:
    """The channel's own order now shows that much given back of its first line."""
    told = shop[1].orders["A"]
    first = msgspec.structs.replace(
        told.lines[0], refunded_amount=Decimal(amount), refunded_quantity=quantity
    )
    shop[1].orders["A"] = msgspec.structs.replace(
        told, lines=(first, *told.lines[1:]), updated_at=later(told, 5)
    )


def ask(sold: Order, amount: str = "49.90", units: int = 1, line: str = "A-1") -> Refund:
    return request_refund(
        sold.pk, lines={line: units}, amounts={line: Decimal(amount)}, reason="broken", actor="zoe"
    )


def told_to_erp(erp: Side) -> list[tuple[str, int, Decimal]]:
    for _ in range(2):
        run_flow("export_orders_to_erp", "erp")
    return [(item.line_id, item.quantity, item.amount) for item in erp[1].refunded]


def test_a_refund_is_told_to_the_channel_and_to_the_erp_once(shop: Shop, erp: Side, sold: Order) -> None:
    ask(sold)
    run_flow("refund_orders", "shop")
    run_flow("refund_orders", "shop")
    (sent,) = shop[1].refunds
    line = sent.lines[0]
    assert (sent.order_id, sent.reference, sent.reason) == ("A", f"{sold.reference}-R1", "broken")
    assert (line.line_id, line.quantity, line.amount, line.currency) == ("A-1", 1, Decimal("49.90"), "EUR")
    assert Refund.objects.get().state == "done"
    assert told_to_erp(erp) == [("A-1", 1, Decimal("49.90"))]
    assert told_to_erp(erp) == [("A-1", 1, Decimal("49.90"))]
    assert Change.objects.filter(action="order.refund", actor="zoe").count() == 1
    assert list(sold.events.values_list("kind", flat=True))[-2:] == ["refund_requested", "refunded"]


def test_what_the_channel_shows_of_our_refund_afterwards_is_not_told_to_the_erp_again(
    shop: Shop, erp: Side, sold: Order
) -> None:
    ask(sold)
    run_flow("refund_orders", "shop")
    assert len(told_to_erp(erp)) == 1
    shows(shop, amount="49.90")
    run_flow("import_orders", "shop")
    assert told_to_erp(erp) == [("A-1", 1, Decimal("49.90"))]


def test_refunds_of_both_ways_add_up_and_each_unit_is_told_once(shop: Shop, erp: Side, sold: Order) -> None:
    shows(shop, amount="10", quantity=0)
    run_flow("import_orders", "shop")
    ask(sold, "39.90")
    run_flow("refund_orders", "shop")
    assert told_to_erp(erp) == [("A-1", 1, Decimal("49.90"))]
    shows(shop, amount="99.80", quantity=2)
    run_flow("import_orders", "shop")
    assert told_to_erp(erp) == [("A-1", 1, Decimal("49.90")), ("A-1", 1, Decimal("49.90"))]


def test_a_lost_answer_is_looked_up_on_the_order_and_nothing_is_sent_twice(
    shop: Shop, erp: Side, sold: Order
) -> None:
    ask(sold)
    shop[1].verdict = Outcome.UNKNOWN
    run_flow("refund_orders", "shop")
    assert Refund.objects.get().state == "unknown"
    shows(shop, amount="49.90")
    shop[1].verdict = Outcome.DONE
    run_flow("refund_orders", "shop")
    assert len(shop[1].refunds) == 1
    assert Refund.objects.get().state == "done"
    assert told_to_erp(erp) == [("A-1", 1, Decimal("49.90"))]


@pytest.mark.parametrize("error", [OutcomeUnknown("no answer"), TransientError("502")])
def test_what_the_order_does_not_show_goes_again_under_the_same_reference(
    shop: Shop, erp: Side, sold: Order, error: OutcomeUnknown | TransientError
) -> None:
    ask(sold)
    shop[1].fail_next = [error]
    run_flow("refund_orders", "shop")
    assert Refund.objects.get().state == "unknown"
    run_flow("refund_orders", "shop")
    assert [refund.reference for refund in shop[1].refunds] == [f"{sold.reference}-R1"]
    assert told_to_erp(erp) == [("A-1", 1, Decimal("49.90"))]


def test_of_two_lost_refunds_of_one_line_the_channel_shows_one_and_only_the_other_is_sent_again(
    shop: Shop, erp: Side, sold: Order
) -> None:
    ask(sold, "10", units=0)
    ask(sold, "20", units=0)
    shop[1].verdict = Outcome.UNKNOWN
    run_flow("refund_orders", "shop")
    shows(shop, amount="10", quantity=0)
    shop[1].verdict, shop[1].refunds = Outcome.DONE, []
    run_flow("refund_orders", "shop")
    assert [refund.reference for refund in shop[1].refunds] == [f"{sold.reference}-R2"]
    assert told_to_erp(erp) == [("A-1", 0, Decimal("30"))]


def test_a_refused_refund_is_an_issue_gives_nothing_back_and_can_be_asked_again(
    shop: Shop, erp: Side, sold: Order
) -> None:
    ask(sold)
    shop[1].verdict = Outcome.REJECTED
    run_flow("refund_orders", "shop")
    issue = Issue.objects.get(flow="refund_orders")
    assert (issue.reason, issue.subject, issue.state) == ("rejected", "A", "open")
    assert told_to_erp(erp) == []
    shop[1].verdict = Outcome.DONE
    ask(sold)
    run_flow("refund_orders", "shop")
    issue.refresh_from_db()
    assert issue.state == "closed"
    assert Refund.objects.order_by("id").values_list("state", flat=True)[1] == "done"


def test_never_more_than_was_paid_open_requests_included(sold: Order) -> None:
    ask(sold, "60", units=1)
    assert refundable_lines(sold)["A-1"].amount == Decimal("39.80")
    for amount, units in (("39.81", 1), ("10", 2), ("0", 1), ("-5", 0)):
        with pytest.raises(CannotRefund):
            ask(sold, amount, units)
    with pytest.raises(CannotRefund):
        ask(sold, "5", line="Z-9")
    ask(sold, "39.80", units=1)
    with pytest.raises(CannotRefund):
        ask(sold, "0.01", units=0)


def test_a_form_sent_twice_gives_back_once(sold: Order) -> None:
    ask(sold, "10", units=0)
    with pytest.raises(CannotRefund, match="already asked"):
        ask(sold, "10", units=0)


def test_what_the_channel_gave_back_counts(shop: Shop, sold: Order) -> None:
    shows(shop, amount="99.80", quantity=2)
    run_flow("import_orders", "shop")
    with pytest.raises(CannotRefund):
        ask(sold, "1", units=0)


def test_what_has_not_left_is_cancelled_and_not_refunded(shop: Shop) -> None:
    make_product("MOUSE", on_hand=9)
    sell(shop, order("A", "MOUSE"))
    with pytest.raises(CannotRefund, match="has not left"):
        ask(Order.objects.get())


def test_lines_that_the_channel_ships_itself_are_not_ours_to_refund(shop: Shop, sold: Order) -> None:
    OrderLine.objects.update(fulfilled_by="channel")
    with pytest.raises(CannotRefund):
        ask(sold)


# --- our number on the channel's order ------------------------------------------------------------------


def test_our_number_is_written_once_on_each_order(shop: Shop) -> None:
    make_product("MOUSE", on_hand=9)
    references = sell(shop, order("A", "MOUSE"), order("B", "MOUSE"))
    run_flow("write_references", "shop")
    assert run_flow("write_references", "shop") is None
    assert sorted(shop[1].references.values()) == sorted(references)
    sell(shop, order("C", "MOUSE"))
    run_flow("write_references", "shop")
    assert shop[1].calls.count("write_references") == 2
    assert set(shop[1].references) == {"A", "B", "C"}


@pytest.mark.parametrize("outcome", [Outcome.UNKNOWN, Outcome.RETRY])
def test_a_number_whose_writing_is_not_known_is_written_again(shop: Shop, outcome: Outcome) -> None:
    make_product("MOUSE", on_hand=9)
    sell(shop, order("A", "MOUSE"))
    shop[1].verdict = outcome
    run_flow("write_references", "shop")
    shop[1].verdict = Outcome.DONE
    run_flow("write_references", "shop")
    assert list(shop[1].references) == ["A"]


def test_a_number_that_the_channel_refuses_is_named_and_the_others_are_written(shop: Shop) -> None:
    make_product("MOUSE", on_hand=9)
    sell(shop, order("A", "MOUSE"), order("B", "MOUSE"))
    shop[1].rejects = {"A": "closed"}
    run_flow("write_references", "shop")
    assert list(shop[1].references) == ["B"]
    assert Issue.objects.get().subject == "A"
    assert run_flow("write_references", "shop") is None


def test_orders_that_had_ended_before_we_knew_them_get_no_number(shop: Shop) -> None:
    make_product("MOUSE", on_hand=9)
    sell(shop, order("OLD", "MOUSE", status=OrderStatus.DELIVERED), order("NEW", "MOUSE"))
    run_flow("write_references", "shop")
    assert list(shop[1].references) == ["NEW"]
    assert run_flow("write_references", "shop") is None


def test_what_can_be_given_back_is_read_in_two_statements_however_many_lines_there_are(
    shop: Shop, erp: Side, django_assert_num_queries: Any
) -> None:
    for sku in ("A1", "A2", "A3", "A4", "A5"):
        make_product(sku, on_hand=9)
    told = order("B", *(Sold(sku, 1) for sku in ("A1", "A2", "A3", "A4", "A5")), shipping_amount=Decimal("0"))
    sell(shop, told)
    news(shop, became(told, OrderStatus.SHIPPED, at=later(told, 5)))
    sold = Order.objects.get()
    with django_assert_num_queries(2):
        left = refundable_lines(sold)
    assert len(left) == 5


def ten_euros_refused(shop: Shop, erp: Side) -> None:
    """The channel gave them back, and the ERP was told and said no."""
    shows(shop, amount="10", quantity=0)
    run_flow("import_orders", "shop")
    told_to_erp(erp)
    ErpExportItem.objects.filter(export__kind="refunds").update(outcome="rejected", message="closed period")


def test_what_the_erp_refused_is_told_again_under_an_id_that_no_other_refund_bore(
    shop: Shop, erp: Side, sold: Order
) -> None:
    ten_euros_refused(shop, erp)
    shows(shop, amount="30", quantity=0)
    run_flow("import_orders", "shop")
    assert told_to_erp(erp)[-1] == ("A-1", 0, Decimal("20"))
    export_again([sold.pk], actor="zoe")
    assert told_to_erp(erp)[-1] == ("A-1", 0, Decimal("10"))
    first, second, again = (refund.refund_id for refund in erp[1].refunded)
    assert len({first, second, again}) == 3


def test_a_refusal_told_again_with_nothing_in_between_bears_its_own_id(
    shop: Shop, erp: Side, sold: Order
) -> None:
    ten_euros_refused(shop, erp)
    export_again([sold.pk], actor="zoe")
    told_to_erp(erp)
    first, again = erp[1].refunded
    assert first.refund_id == again.refund_id
