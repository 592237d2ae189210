"""Documents of the ERP on their orders, and its credit notes in the buyer's hands: once, and never more than owed."""

# ruff: noqa: F811 - a fixture of another file
from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec
import pytest

from comptoir.channels.models import Channel
from comptoir.finance.credit_notes import AlreadyDecided, decide_credit_note, set_rule
from comptoir.finance.documents import chain_of
from comptoir.finance.models import ErpDocument
from comptoir.flows.policy import run_flow
from comptoir.journal.models import Issue
from comptoir.orders.models import Order, OrderLine, Refund
from comptoir.sdk.documents import DocumentBatch, DocumentKind, ErpDocumentLine
from comptoir.sdk.documents import ErpDocument as Told
from comptoir.sdk.records import Outcome
from tests.flows.fakes import Erp, Market
from tests.flows.test_refunds import shows, sold, told_to_erp  # noqa: F401

Shop = tuple[Channel, Market]
Side = tuple[Channel, Erp]


def credit(order: Order, amount: str = "49.90", number: str = "AV1", **more: object) -> Told:
    lines = more.pop("lines", (ErpDocumentLine(sku="MOUSE", quantity=1, amount=Decimal(amount)),))
    return Told(
        order_reference=order.reference, kind=DocumentKind.CREDIT_NOTE, number=number,
        document_date=date(2026, 11, 24), total_amount=Decimal(amount), lines=lines, **more,
    )  # fmt: skip


def arrives(erp: Side, *documents: Told) -> None:
    place = len(erp[1].papers) + 1
    erp[1].papers.append(DocumentBatch(key=f"d-{place}", cursor=f"{place:03d}", documents=documents))
    run_flow("import_documents_from_erp", "erp")


def given(order: Order) -> Decimal:
    return sum((line.given_back_amount for line in order.lines.all()), Decimal(0))


@pytest.fixture
def automatic(shop: Shop) -> None:
    set_rule(shop[0].pk, automatic=True, actor="zoe")


def test_the_chain_is_stored_in_the_order_of_its_life_and_told_again_changes_nothing(
    erp: Side, sold: Order
) -> None:  # fmt: skip
    def one(kind: DocumentKind, number: str, origin: str = "") -> Told:
        return Told(order_reference=sold.reference, kind=kind, number=number, origin=origin,
                    document_date=date(2026, 11, 24), total_amount=Decimal("179.80"))  # fmt: skip

    chain = (
        one(DocumentKind.INVOICE, "FA1", "BL1"),
        one(DocumentKind.ORDER, "BC1"),
        one(DocumentKind.DELIVERY, "BL1", "BC1"),
    )
    arrives(erp, *chain)
    arrives(erp, *chain)
    assert [(d.kind, d.number, d.origin) for d in chain_of(sold)] == [
        ("order", "BC1", ""), ("delivery", "BL1", "BC1"), ("invoice", "FA1", "BL1"),
    ]  # fmt: skip
    assert sold.events.filter(kind="erp_invoice").count() == 1
    assert not Refund.objects.exists()


def test_by_the_rule_a_credit_note_refunds_the_buyer_once_and_the_erp_hears_nothing_of_it(
    shop: Shop, erp: Side, sold: Order, automatic: None
) -> None:
    arrives(erp, credit(sold))
    for _ in range(2):
        run_flow("refund_credit_notes")
        run_flow("refund_orders", "shop")
        arrives(erp, credit(sold))
    (sent,) = shop[1].refunds
    assert [(line.line_id, line.quantity, line.amount) for line in sent.lines] == [
        ("A-1", 1, Decimal("49.90"))
    ]
    assert told_to_erp(erp) == []
    assert ErpDocument.objects.get().refunding == "asked"
    assert given(sold) == Decimal("49.90")


def test_without_a_rule_a_person_decides_and_only_once(shop: Shop, erp: Side, sold: Order) -> None:
    arrives(erp, credit(sold))
    run_flow("refund_credit_notes")
    assert not Refund.objects.exists()
    issue = Issue.objects.get(subject_kind="credit_note", state="open")
    assert issue.reason == "to_decide"
    document = ErpDocument.objects.get()
    decide_credit_note(document.pk, "refund", actor="zoe")
    run_flow("refund_credit_notes")
    run_flow("refund_orders", "shop")
    assert Refund.objects.get().state == "done"
    issue.refresh_from_db()
    assert issue.state == "closed"
    with pytest.raises(AlreadyDecided):
        decide_credit_note(document.pk, "refund", actor="zoe")


def test_what_the_channel_gave_back_already_is_not_given_back_again(
    shop: Shop, erp: Side, sold: Order, automatic: None
) -> None:
    shows(shop, amount="49.90")
    run_flow("import_orders", "shop")
    arrives(erp, credit(sold))
    run_flow("refund_credit_notes")
    assert not Refund.objects.exists()
    assert ErpDocument.objects.get().refunding == "already"
    assert told_to_erp(erp) == []  # the credit note is the ERP's own word of that very money


def test_a_credit_note_that_we_asked_for_drives_nothing(
    shop: Shop, erp: Side, sold: Order, automatic: None
) -> None:
    shows(shop, amount="49.90")
    run_flow("import_orders", "shop")
    assert len(told_to_erp(erp)) == 1
    arrives(erp, credit(sold, refund_id=erp[1].refunded[0].refund_id))
    run_flow("refund_credit_notes")
    assert not Refund.objects.exists()
    assert ErpDocument.objects.get().refunding == ""


def test_more_than_can_be_refunded_is_an_issue_and_no_money_moves(
    shop: Shop, erp: Side, sold: Order, automatic: None
) -> None:
    arrives(erp, credit(sold, "500"))
    run_flow("refund_credit_notes")
    assert Issue.objects.filter(subject_kind="credit_note", state="open").count() == 1
    assert ErpDocument.objects.get().refunding == "to_decide"
    assert not Refund.objects.exists()


def test_a_credit_note_of_what_has_not_left_waits_and_says_so(
    shop: Shop, erp: Side, sold: Order, automatic: None
) -> None:
    OrderLine.objects.update(status="to_ship", shipped_quantity=0)
    arrives(erp, credit(sold))
    run_flow("refund_credit_notes")
    run_flow("refund_credit_notes")
    document = ErpDocument.objects.get()
    assert (document.refunding, Refund.objects.count()) == ("wanted", 0)
    assert "has not left" in document.message
    assert Issue.objects.get(subject_kind="credit_note", state="open").occurrences == 2
    OrderLine.objects.update(status="shipped")
    run_flow("refund_credit_notes")
    assert Refund.objects.count() == 1
    assert not Issue.objects.filter(subject_kind="credit_note", state="open").exists()


def test_two_credit_notes_of_one_order_are_two_refunds_and_no_more(
    shop: Shop, erp: Side, sold: Order, automatic: None
) -> None:
    arrives(erp, credit(sold, number="AV1"), credit(sold, number="AV2"))
    for _ in range(3):
        run_flow("refund_credit_notes")
        run_flow("refund_orders", "shop")
    assert given(sold) == Decimal("99.80")
    assert sum(line.quantity for refund in shop[1].refunds for line in refund.lines) == 2
    assert told_to_erp(erp) == []


def test_a_refused_refund_is_for_a_person_to_decide_again(
    shop: Shop, erp: Side, sold: Order, automatic: None
) -> None:
    arrives(erp, credit(sold))
    run_flow("refund_credit_notes")
    shop[1].verdict = Outcome.REJECTED
    run_flow("refund_orders", "shop")
    run_flow("refund_credit_notes")
    assert Issue.objects.filter(state="open", flow="refund_orders").count() == 1
    document = ErpDocument.objects.get()
    shop[1].verdict = Outcome.DONE
    decide_credit_note(document.pk, "refund", actor="zoe")
    run_flow("refund_credit_notes")
    run_flow("refund_orders", "shop")
    assert sorted(Refund.objects.values_list("state", flat=True)) == ["done", "rejected"]
    assert given(sold) == Decimal("49.90")


@pytest.mark.parametrize(("shown", "left"), [("20", ["29.90"]), ("49.90", []), ("60", [])])
def test_what_the_channel_gave_back_meanwhile_is_taken_off_a_refused_refund(
    shop: Shop, erp: Side, sold: Order, automatic: None, shown: str, left: list[str]
) -> None:
    """The buyer sends an article back between our reading of the order and our refund, which is then too much."""
    arrives(erp, credit(sold))
    run_flow("refund_credit_notes")
    shows(shop, amount=shown, quantity=1 if left else 2)
    shop[1].verdict = Outcome.REJECTED
    run_flow("refund_orders", "shop")
    assert not Issue.objects.filter(state="open", flow="refund_orders").exists()
    shop[1].refunds.clear()
    shop[1].verdict = Outcome.DONE
    run_flow("refund_credit_notes")
    run_flow("refund_orders", "shop")
    assert [str(line.amount) for refund in shop[1].refunds for line in refund.lines] == left
    assert ErpDocument.objects.get().refunding == ("asked" if left else "already")
    line = sold.lines.get(external_id="A-1")
    assert max(line.given_back_amount, line.refunded_amount) == max(Decimal("49.90"), Decimal(shown))
    over = [("A-1", 1, Decimal("10.10"))] if shown == "60" else []
    assert told_to_erp(erp) == over, "the ERP knows what its own note says"


def test_declined_it_hides_no_later_refund_from_the_erp(shop: Shop, erp: Side, sold: Order) -> None:
    arrives(erp, credit(sold))
    decide_credit_note(ErpDocument.objects.get().pk, "decline", actor="zoe")
    shows(shop, amount="10", quantity=0)
    run_flow("import_orders", "shop")
    assert told_to_erp(erp) == [("A-1", 0, Decimal("10"))]


def test_what_a_declined_note_counted_is_told_under_an_id_of_its_own(
    shop: Shop, erp: Side, sold: Order
) -> None:
    """The ERP makes nothing twice of one id: the same sum reached twice must not bear the same."""
    arrives(erp, credit(sold))
    shows(shop, amount="54.80")
    run_flow("import_orders", "shop")
    assert told_to_erp(erp) == [("A-1", 0, Decimal("4.90"))]
    decide_credit_note(ErpDocument.objects.get().pk, "decline", actor="zoe")
    assert told_to_erp(erp) == [("A-1", 0, Decimal("4.90")), ("A-1", 1, Decimal("49.90"))]
    assert len({refund.refund_id for refund in erp[1].refunded}) == 2


def test_money_without_an_article_goes_to_the_lines_that_were_paid(
    shop: Shop, erp: Side, sold: Order, automatic: None
) -> None:
    arrives(erp, credit(sold, "5", lines=(ErpDocumentLine(sku="", quantity=1, amount=Decimal(5)),)))
    run_flow("refund_credit_notes")
    run_flow("refund_orders", "shop")
    assert given(sold) == Decimal(5)
    assert sum(line.quantity for line in shop[1].refunds[0].lines) == 0


def test_a_document_of_a_stranger_is_set_aside_and_the_others_are_taken(erp: Side, sold: Order) -> None:
    stranger = credit(sold)
    arrives(erp, msgspec.structs.replace(stranger, order_reference="CO-NOBODY"), credit(sold, number="AV2"))
    assert ErpDocument.objects.get().number == "AV2"
    assert Issue.objects.filter(subject_kind="documents", reason="unreadable").count() == 1


def test_a_note_that_may_be_the_one_we_asked_for_is_for_a_person(
    shop: Shop, erp: Side, sold: Order, automatic: None
) -> None:
    """An ERP that leaves our refund's id out must not make the rule pay a second time."""
    shows(shop, amount="49.90")
    run_flow("import_orders", "shop")
    assert len(told_to_erp(erp)) == 1
    arrives(erp, credit(sold))
    run_flow("refund_credit_notes")
    assert (ErpDocument.objects.get().refunding, Refund.objects.count()) == ("to_decide", 0)
    decide_credit_note(ErpDocument.objects.get().pk, "decline", actor="zoe")
    shows(shop, amount="59.90", quantity=1)
    run_flow("import_orders", "shop")
    assert told_to_erp(erp)[-1] == ("A-1", 0, Decimal("10.00"))


def test_ours_and_the_erps_own_of_one_batch_are_told_apart_whatever_their_order(
    shop: Shop, erp: Side, sold: Order, automatic: None
) -> None:
    shows(shop, amount="49.90")
    run_flow("import_orders", "shop")
    told_to_erp(erp)
    arrives(
        erp, credit(sold, number="AV2"), credit(sold, number="AV1", refund_id=erp[1].refunded[0].refund_id)
    )
    run_flow("refund_credit_notes")
    assert dict(ErpDocument.objects.values_list("number", "refunding")) == {"AV1": "", "AV2": "asked"}
