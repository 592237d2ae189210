"""Orders to suppliers: sent once whatever happens on the way, and followed by the ERP's own word."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from comptoir.catalog.models import PurchasePrice, Supplier
from comptoir.channels.models import Channel
from comptoir.core import clock
from comptoir.finance.models import PurchaseDelivery, PurchaseOrder
from comptoir.finance.purchase_orders import (
    CannotOrder,
    Wanted,
    cancel_purchase_order,
    create_purchase_order,
    send_purchase_order,
)
from comptoir.flows.policy import run_flow
from comptoir.journal.models import Change, Issue
from comptoir.sdk.errors import OutcomeUnknown, RejectedRecord
from comptoir.sdk.purchasing import ErpPurchaseState, PurchaseStateBatch
from comptoir.sdk.records import Outcome, SubmissionReport, Verdict
from comptoir.sdk.statuses import ImportState
from tests.domain.conftest import make_product
from tests.flows.fakes import Erp

Side = tuple[Channel, Erp]
EXPORT = "export_purchase_orders_to_erp"


@pytest.fixture
def draft(db: None) -> PurchaseOrder:
    mouse, keyboard = make_product("MOUSE"), make_product("KEYBOARD")
    PurchasePrice.objects.filter(product=mouse).delete()
    for days, price in ((9, "11"), (1, "12.50")):
        PurchasePrice.objects.create(
            product=mouse, price=Decimal(price), valid_from=clock.now() - timedelta(days=days)
        )
    return create_purchase_order(
        supplier=Supplier.objects.get_or_create(name="Logi")[0], actor="zoe",
        lines=[Wanted(mouse, 10), Wanted(keyboard, 2, Decimal("30"))],
    )  # fmt: skip


def state(order: PurchaseOrder) -> str:
    order.refresh_from_db()
    return str(order.state)


def said(erp: Side, order: PurchaseOrder, status: str, hours: int = 1, **received: int) -> None:
    place = len(erp[1].purchase_states) + 1
    told = ErpPurchaseState(
        order_reference=order.reference,
        document="CF1",
        status=status,
        received=received,  # type: ignore[arg-type]
        changed_at=clock.now() + timedelta(hours=hours),
    )
    erp[1].purchase_states.append(PurchaseStateBatch(key=f"p-{place}", cursor=f"{place:03d}", states=(told,)))
    run_flow("import_receipts_from_erp", "erp")


def test_a_draft_leaves_when_a_person_sends_it_and_once(erp: Side, draft: PurchaseOrder) -> None:
    run_flow(EXPORT, "erp")
    assert erp[1].purchase_calls == []
    send_purchase_order(draft.pk, actor="zoe")
    for _ in range(3):
        run_flow(EXPORT, "erp")
    assert erp[1].purchase_calls == [(1, [draft.reference])]
    sent = erp[1].purchases[draft.reference]
    assert [(line.sku, line.quantity, line.unit_price) for line in sent.lines] == [
        ("MOUSE", 10, Decimal("12.50")), ("KEYBOARD", 2, Decimal("30")),
    ]  # fmt: skip
    assert state(draft) == "ordered"
    assert Change.objects.filter(action="purchase_order.sent", actor="zoe").count() == 1


def test_a_lost_answer_is_asked_for_under_the_same_number(erp: Side, draft: PurchaseOrder) -> None:
    send_purchase_order(draft.pk, actor="zoe")
    erp[1].purchase_answers = [OutcomeUnknown("silence")]
    run_flow(EXPORT, "erp")
    assert state(draft) == "sent"
    run_flow(EXPORT, "erp")
    assert erp[1].purchase_calls == [(1, [draft.reference])] * 2
    assert (state(draft), len(erp[1].purchases)) == ("ordered", 1)


def test_killed_between_the_erps_commit_and_ours_the_same_number_goes_again(
    erp: Side, draft: PurchaseOrder
) -> None:
    send_purchase_order(draft.pk, actor="zoe")
    erp[1].purchase_answers = [KeyboardInterrupt()]
    with pytest.raises(KeyboardInterrupt):
        run_flow(EXPORT, "erp")
    assert PurchaseDelivery.objects.get().state == "open"
    run_flow(EXPORT, "erp")
    assert [number for number, _ in erp[1].purchase_calls] == [1, 1]
    assert state(draft) == "ordered"


def test_unknown_is_looked_for_by_the_next_delivery_and_refused_is_an_issue(
    erp: Side, draft: PurchaseOrder
) -> None:
    def report(outcome: Outcome) -> SubmissionReport:
        verdict = Verdict(key=draft.reference, outcome=outcome, message="no active supplier")
        return SubmissionReport(state=ImportState.COMPLETE, verdicts=(verdict,))

    send_purchase_order(draft.pk, actor="zoe")
    erp[1].purchase_answers = [report(Outcome.UNKNOWN), report(Outcome.REJECTED)]
    run_flow(EXPORT, "erp")
    assert state(draft) == "to_send"
    run_flow(EXPORT, "erp")
    assert state(draft) == "rejected"
    assert Issue.objects.get(subject_kind="purchase_order", state="open").subject == draft.reference
    send_purchase_order(draft.pk, actor="zoe")
    run_flow(EXPORT, "erp")
    assert state(draft) == "ordered"
    assert not Issue.objects.filter(subject_kind="purchase_order", state="open").exists()


def test_one_that_cannot_be_written_leaves_the_others(erp: Side, draft: PurchaseOrder) -> None:
    other = create_purchase_order(
        supplier=draft.supplier, actor="zoe", lines=[Wanted(draft.lines.all()[0].product, 1)]
    )
    for order in (draft, other):
        send_purchase_order(order.pk, actor="zoe")
    erp[1].purchase_answers = [RejectedRecord("no supplier", record_id=draft.reference)]
    run_flow(EXPORT, "erp")
    assert (state(draft), state(other)) == ("rejected", "ordered")


def test_receipts_are_cumulative_and_older_news_takes_nothing_back(erp: Side, draft: PurchaseOrder) -> None:
    send_purchase_order(draft.pk, actor="zoe")
    run_flow(EXPORT, "erp")
    said(erp, draft, "partially_received", MOUSE=4)
    said(erp, draft, "ordered", 2, MOUSE=0)
    assert state(draft) == "partially_received"
    said(erp, draft, "received", 3, MOUSE=10, KEYBOARD=2)
    said(erp, draft, "partially_received", 4, MOUSE=4)
    assert state(draft) == "received"
    assert [line.received_quantity for line in draft.lines.all()] == [10, 2]
    said(erp, draft, "received", 5, MOUSE=11, KEYBOARD=2)
    assert Issue.objects.filter(subject_kind="purchase_order", reason="divergence").count() == 1


def test_what_makes_no_sense_is_not_written(db: None, draft: PurchaseOrder) -> None:
    mouse = draft.lines.all()[0].product
    for lines in (
        [],
        [Wanted(mouse, 0)],
        [Wanted(mouse, 1), Wanted(mouse, 2)],
        [Wanted(mouse, 1, Decimal(-1))],
    ):
        with pytest.raises(CannotOrder):
            create_purchase_order(supplier=draft.supplier, actor="zoe", lines=lines)
    assert PurchaseOrder.objects.count() == 1


def test_what_the_erp_has_is_not_cancelled_from_here(erp: Side, draft: PurchaseOrder) -> None:
    send_purchase_order(draft.pk, actor="zoe")
    run_flow(EXPORT, "erp")
    with pytest.raises(CannotOrder):
        cancel_purchase_order(draft.pk, actor="zoe")
