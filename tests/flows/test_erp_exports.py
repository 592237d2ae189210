"""Orders, cancellations and refunds on their way to the ERP: each told, once, and what it refuses is named."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from comptoir.channels.models import Channel
from comptoir.core.bulk import execute, fetch
from comptoir.flows.policy import run_flow
from comptoir.journal.models import Change, Issue, Run
from comptoir.orders.erp import READY, export_again
from comptoir.orders.models import ErpExport, Order, OrderLine
from comptoir.sdk import records as r
from comptoir.sdk.errors import OutcomeUnknown, RejectedRecord
from comptoir.sdk.statuses import ImportState, OrderStatus
from tests.domain.conftest import NOW, make_product
from tests.domain.records import Sold, order
from tests.flows.fakes import Erp, FakeErpConnection, Market
from tests.flows.test_stock_counts import sell

Shop = tuple[Channel, Market]
Side = tuple[Channel, Erp]


def export() -> Run | None:
    return run_flow("export_orders_to_erp", "erp")


def states() -> list[str]:
    return list(Order.objects.order_by("external_id").values_list("erp_state", flat=True))


@pytest.fixture(autouse=True)
def mice(db: None) -> None:
    make_product("MOUSE", on_hand=99)


def test_deliveries_are_numbered_one_after_the_other_and_confirmed_by_their_receipt(
    shop: Shop, erp: Side
) -> None:
    sell(shop, order("A", "MOUSE"))
    export()
    sell(shop, order("B", "MOUSE"))
    export()
    export()
    assert erp[1].sent == [1, 2]
    assert states() == ["confirmed", "confirmed"]
    assert export() is None


def test_a_death_between_the_erps_taking_and_our_noting_makes_exactly_one_document(
    shop: Shop, erp: Side
) -> None:
    (reference,) = sell(shop, order("A", "MOUSE"))
    erp[1].die_after_taking = True
    with pytest.raises(KeyboardInterrupt):
        export()
    sell(shop, order("B", "MOUSE"))
    export()
    export()
    assert erp[1].sent == [1, 1, 2]
    assert reference in erp[1].documents
    assert len(erp[1].documents) == 2
    assert states() == ["confirmed", "confirmed"]


def test_a_delivery_without_an_answer_goes_again_under_its_number(
    shop: Shop, erp: Side, monkeypatch: pytest.MonkeyPatch
) -> None:
    sell(shop, order("A", "MOUSE"))
    with monkeypatch.context() as patch:
        patch.setattr(FakeErpConnection, "submit_orders", _raises(OutcomeUnknown("time-out")))
        export()
    assert ErpExport.objects.get().state == "open"
    export()
    assert erp[1].sent == [1]


def test_a_rejected_order_is_an_issue_and_goes_again_when_somebody_asks_by_name(
    shop: Shop, erp: Side
) -> None:
    (reference,) = sell(shop, order("A", "MOUSE"))
    erp[1].refused = {reference: "unknown customer"}
    export()
    export()
    assert states() == ["rejected"]
    issue = Issue.objects.get()
    assert (issue.channel, issue.subject, issue.action) == ("shop", "A", "export_again")
    assert "unknown customer" in issue.message

    erp[1].refused = {}
    assert export_again([Order.objects.get().pk], actor="zoe") == 1
    assert Change.objects.get(action="order.export_again").actor == "zoe"
    export()
    export()
    assert states() == ["confirmed"]
    assert Issue.objects.get().state == "closed"


def test_asking_again_for_an_order_that_was_not_rejected_does_nothing(shop: Shop, erp: Side) -> None:
    sell(shop, order("A", "MOUSE"))
    export()
    assert export_again([Order.objects.get().pk], actor="zoe") == 0
    assert states() == ["sent"]
    assert not Change.objects.filter(action="order.export_again").exists()


def test_orders_of_the_same_id_on_two_channels_do_not_close_each_others_issues(
    shop: Shop, other_shop: Shop, erp: Side
) -> None:
    (reference,) = sell(shop, order("A", "MOUSE"))
    erp[1].refused = {reference: "no"}
    export()
    export()
    other_shop[1].orders = {"A": order("A", "MOUSE")}
    run_flow("import_orders", "other")
    export()
    export()
    assert Issue.objects.get().state == "open"


def test_an_order_that_cannot_be_written_is_named_and_the_others_leave_under_the_same_number(
    shop: Shop, erp: Side, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, _ = sell(shop, order("A", "MOUSE"), order("B", "MOUSE"))
    honest = FakeErpConnection.submit_orders

    def strict(self: FakeErpConnection, number: int, orders: Any) -> r.Receipt:
        if any(one.reference == bad for one in orders):
            raise RejectedRecord("a title with a line break", record_id=bad)
        return honest(self, number, orders)

    monkeypatch.setattr(FakeErpConnection, "submit_orders", strict)
    run = export()
    assert run is not None
    assert run.outcome == Run.Outcome.PARTIAL
    export()
    assert states() == ["rejected", "confirmed"]
    assert erp[1].sent == [1]
    assert "line break" in Issue.objects.get(reason="rejected").message


def test_the_only_order_of_a_delivery_that_cannot_be_written_leaves_no_hole_in_the_numbers(
    shop: Shop, erp: Side, monkeypatch: pytest.MonkeyPatch
) -> None:
    (bad,) = sell(shop, order("A", "MOUSE"))
    with monkeypatch.context() as patch:
        patch.setattr(FakeErpConnection, "submit_orders", _raises(RejectedRecord("no", record_id=bad)))
        export()
    sell(shop, order("B", "MOUSE"))
    export()
    assert erp[1].sent == [1]


def test_an_item_that_the_erp_wants_later_is_told_again(
    shop: Shop, erp: Side, monkeypatch: pytest.MonkeyPatch
) -> None:
    (reference,) = sell(shop, order("A", "MOUSE"))
    later = r.SubmissionReport(
        state=ImportState.COMPLETE, verdicts=(r.Verdict(key=reference, outcome=r.Outcome.RETRY),)
    )
    export()
    with monkeypatch.context() as patch:
        patch.setattr(FakeErpConnection, "read_export", lambda *_: later)
        export()
    export()
    assert states() == ["confirmed"]
    assert erp[1].sent == [1, 2]


def test_units_cancelled_after_the_export_are_told_once(shop: Shop, erp: Side) -> None:
    sell(shop, order("A", Sold("MOUSE", 3)))
    export()
    export()
    sell(shop, order("A", Sold("MOUSE", 3, cancelled=1), after=5))
    for _ in range(3):
        export()
    sell(shop, order("A", Sold("MOUSE", 3, cancelled=3), status=OrderStatus.CANCELLED, after=6))
    for _ in range(3):
        export()
    assert [(c.line_id, c.quantity) for c in erp[1].cancelled] == [("A-1", 1), ("A-1", 2)]
    assert len({c.cancellation_id for c in erp[1].cancelled}) == 2


def test_an_order_cancelled_before_the_erp_had_it_is_never_told(shop: Shop, erp: Side) -> None:
    sell(shop, order("A", "MOUSE"))
    sell(shop, order("A", Sold("MOUSE", 1, cancelled=1), status=OrderStatus.CANCELLED, after=5))
    assert export() is None
    assert (erp[1].documents, erp[1].cancelled) == ({}, [])


def test_an_order_cancelled_while_its_receipt_is_awaited_is_cancelled_once_confirmed(
    shop: Shop, erp: Side
) -> None:
    sell(shop, order("A", "MOUSE"))
    export()
    sell(shop, order("A", "MOUSE", status=OrderStatus.CANCELLED, after=5))
    export()
    export()
    assert [c.quantity for c in erp[1].cancelled] == [1]


def test_each_refund_is_told_once_for_what_it_adds(shop: Shop, erp: Side) -> None:
    def refunded(amount: str, after: int) -> r.Order:
        told = order("A", "MOUSE", status=OrderStatus.SHIPPED, after=after)
        line = msgspec.structs.replace(told.lines[0], refunded_amount=Decimal(amount), refunded_quantity=1)
        return msgspec.structs.replace(told, lines=(line,))

    sell(shop, order("A", "MOUSE"))
    export()
    export()
    for amount, after in (("10", 5), ("10", 6), ("49.90", 7)):
        sell(shop, refunded(amount, after))
        export()
        export()
    assert [refund.amount for refund in erp[1].refunded] == [Decimal("10"), Decimal("39.90")]


def test_an_order_waits_for_its_address_its_products_and_its_release(shop: Shop, erp: Side) -> None:
    sell(
        shop,
        order("A", "MOUSE", shipping_address=None),
        order("B", "NOBODY"),
        order("C", "MOUSE", total_amount=Decimal(1)),
        order("D", "MOUSE", status=OrderStatus.TO_ACCEPT),
        order("E", "MOUSE", test=True),
    )
    assert export() is None


def _raises(error: Exception) -> Any:
    def raising(*_: object) -> r.Receipt:
        raise error

    return raising


def state(reference: str, status: Any, message: str = "") -> r.ErpOrderState:
    return r.ErpOrderState(
        order_reference=reference, document="FA-1", status=status, changed_at=NOW, message=message, line=2
    )


def test_an_erp_that_speaks_of_an_order_has_it_though_its_receipt_was_lost(shop: Shop, erp: Side) -> None:
    (reference,) = sell(shop, order("A", "MOUSE"))
    export()
    told = (state(reference, "preparing"), state("CO-NOBODY", "preparing"))
    erp[1].states = [r.OrderStateBatch(key="states-1", cursor="1", states=told)]
    run_flow("import_shipments_from_erp", "erp")
    stored = Order.objects.get()
    assert (stored.erp_state, stored.erp_document, stored.erp_status) == ("confirmed", "FA-1", "preparing")
    assert Issue.objects.get().subject == "CO-NOBODY"


@pytest.mark.parametrize(("status", "reason"), [("rejected", "rejected"), ("cancelled", "divergence")])
def test_an_order_that_the_erp_gives_up_later_is_an_issue(
    shop: Shop, erp: Side, status: str, reason: str
) -> None:
    (reference,) = sell(shop, order("A", "MOUSE"))
    export()
    export()
    told = (state(reference, status, "no such customer\x00"),)
    erp[1].states = [r.OrderStateBatch(key="states-1", cursor="1", states=told)]
    run_flow("import_shipments_from_erp", "erp")
    issue = Issue.objects.get()
    assert (issue.reason, issue.subject) == (reason, "A")


def test_an_order_that_left_before_the_erp_had_it_is_named_by_the_daily_comparison(
    shop: Shop, erp: Side, time: Any
) -> None:
    sell(shop, order("A", "MOUSE"))
    sell(shop, order("A", "MOUSE", status=OrderStatus.SHIPPED, after=5))
    assert export() is None
    time.advance(hours=6)
    run_flow("reconcile_orders", "shop")
    assert Issue.objects.get(reason="missing").subject == "A"
    assert OrderLine.objects.get().shipped_quantity == 1
    assert time.now - NOW == timedelta(hours=6)


@pytest.mark.parametrize(
    ("kind", "index"), [("cancellations", "orders_line_to_cancel"), ("refunds", "orders_line_to_refund")]
)
def test_what_the_erp_does_not_know_yet_is_found_without_reading_every_line_ever_sold(
    shop: Shop, erp: Side, kind: str, index: str
) -> None:
    sell(shop, order("A", "MOUSE"))
    copied = [
        f.column
        for f in OrderLine._meta.concrete_fields
        if f.name not in ("id", "external_id", "line_number")
    ]
    names = ", ".join(copied)
    execute(f"""INSERT INTO orders_orderline ({names}, external_id, line_number)
                SELECT {names}, 'L' || n, n FROM orders_orderline, generate_series(2, 5000) n""")
    execute("ANALYZE orders_orderline, orders_order")
    try:
        assert index in "\n".join(row[0] for row in fetch("EXPLAIN " + READY[kind], [500]))
    finally:
        OrderLine.objects.filter(line_number__gt=1).delete()
