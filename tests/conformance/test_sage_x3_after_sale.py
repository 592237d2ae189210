"""Cancellations, credit notes, invoices and orders to suppliers with a Sage X3 over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from comptoir.sdk.errors import RejectedRecord
from comptoir.sdk.purchasing import ErpPurchaseLine, ErpPurchaseOrder
from comptoir.sdk.records import ErpCancellation, ErpRefund, Outcome
from tests.conformance.x3 import START, X3, order, running_x3, shipped, stock, verdicts, well_stocked


@pytest.fixture(params=["XML", "JSON"])
def x3(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[X3]:
    """Both forms of result, and both ways to sign in."""
    auth = "jwt" if request.param == "XML" else "basic"
    with running_x3(tmp_path, f'result_format = "{request.param}"\nauth = "{auth}"') as running:
        yield running


def cancellation(own_id: str, sku: str, quantity: int, left: int, line: int = 1) -> ErpCancellation:
    return ErpCancellation(cancellation_id=own_id, order_reference="CO-000000001", line_id="x", line_number=line,
                           sku=sku, quantity=quantity, reason="buyer", cancelled_at=START, left=left)  # fmt: skip


def refund(own_id: str, sku: str, quantity: int, amount: str) -> ErpRefund:
    return ErpRefund(refund_id=own_id, order_reference="CO-000000001", line_id="x", line_number=1, sku=sku,
                     quantity=quantity, amount=Decimal(amount), currency="EUR", reason="broken",
                     refunded_at=START)  # fmt: skip


def purchase(reference: str, supplier: str, sku: str, units: int) -> ErpPurchaseOrder:
    line = ErpPurchaseLine(line_number=1, sku=sku, quantity=units, unit_price=Decimal("4.25"))
    return ErpPurchaseOrder(reference=reference, supplier=supplier, supplier_code="", warehouse="",
                            ordered_on=START.date(), lines=(line,))  # fmt: skip


def test_cancelled_units_come_off_once_and_what_has_left_stays(x3: X3) -> None:
    connection = x3.connect()
    one, two = well_stocked(connection)[:2]
    connection.submit_orders(1, [order("CO-000000001", (one, 3, "30.00"), (two, 1, "5.00"), shipping="2.00")])
    for number in (1, 2):  # the same delivery twice: a lost answer
        told = verdicts(connection.submit_cancellations(number, [cancellation("C1-1", one, 1, left=2)]))
        assert told["C1-1"].outcome is Outcome.DONE
    assert [line["quantity"] for line in x3.documents()[0]["lines"]] == [2, 1, 1]
    for number in (3, 4):
        told = verdicts(
            connection.submit_cancellations(number, [cancellation("C2-1", two, 1, left=0, line=2)])
        )
        assert told["C2-1"].outcome is Outcome.DONE
    assert [line["article"] for line in x3.documents()[0]["lines"]] == [one, "PORT"]
    assert Decimal(x3.documents()[0]["total"]) == Decimal("37.00"), "what was taken off is still told"
    x3.advance(hours=5)
    late = verdicts(connection.submit_cancellations(5, [cancellation("C1-3", one, 2, left=0)]))["C1-3"]
    assert (late.outcome, late.code) == (Outcome.REJECTED, "already_shipped")


def test_the_last_units_of_an_order_close_it(x3: X3) -> None:
    connection = x3.connect()
    article = well_stocked(connection)[0]
    connection.submit_orders(1, [order("CO-000000001", (article, 2, "20.00"), shipping="2.00")])
    for number in (1, 2):
        told = verdicts(connection.submit_cancellations(number, [cancellation("C1-2", article, 2, left=0)]))
        assert told["C1-2"].outcome is Outcome.DONE
    assert x3.documents()[0]["state"] == "cancelled"
    [state] = next(connection.order_state_batches("")).states
    assert state.status == "cancelled"
    x3.advance(hours=6)
    assert shipped(connection) == []


def test_refunds_become_credit_notes_once(x3: X3) -> None:
    connection = x3.connect()
    article = well_stocked(connection)[0]
    before = stock(connection)[article]
    connection.submit_orders(1, [order("CO-000000001", (article, 3, "30.00"))])
    x3.advance(hours=5)
    given = [
        refund("R1-1000", article, 1, "10.00"),
        refund("R1-1250-and-a-very-long-name", article, 0, "2.50"),
    ]
    for number in (1, 2):
        told = verdicts(connection.submit_refunds(number, given))
        assert {verdict.outcome for verdict in told.values()} == {Outcome.DONE}
    notes = [(fact["quantity"], Decimal(fact["amount"])) for fact in x3.facts("erp_refund_created")]
    assert notes == [(1, Decimal("10.00")), (0, Decimal("2.50"))]
    x3.advance(hours=50)
    assert stock(connection)[article] == before - 3 + 1, "the one at its whole price came back"


def test_invoices_and_credit_notes_come_back_on_their_orders(x3: X3) -> None:
    connection = x3.connect()
    one, two = well_stocked(connection)[:2]
    connection.submit_orders(1, [order("CO-000000001", (one, 2, "20.00"), (two, 1, "5.00"), shipping="4.90")])
    x3.connect(reference_prefix="SHOP").submit_orders(1, [order("SHOP-1", (one, 1, "10.00"))])
    x3.advance(hours=16)
    connection.submit_refunds(1, [refund("R1-1000", one, 1, "10.00")])
    x3.advance(minutes=1)
    [batch] = connection.document_batches("")
    invoice, *notes = sorted(batch.documents, key=lambda document: document.kind != "invoice")
    assert (invoice.order_reference, invoice.kind, invoice.total_amount) == (
        "CO-000000001",
        "invoice",
        Decimal("29.90"),
    )
    assert sum(line.amount for line in invoice.lines) == invoice.total_amount
    assert {line.sku for line in invoice.lines} == {one, two, ""}
    assert invoice.tax_amount
    assert invoice.origin.startswith("FR011SDH")
    [asked] = [document for document in notes if document.refund_id]
    assert (asked.order_reference, asked.kind, asked.total_amount) == (
        "CO-000000001",
        "credit_note",
        Decimal("10.00"),
    )
    assert asked.refund_id == "R1-1000"
    cursor = batch.cursor
    for again in connection.document_batches(cursor):
        cursor = again.cursor
    assert list(connection.document_batches(cursor)) == [], "nothing new"


def test_a_credit_note_that_x3_makes_by_itself_is_known_by_its_lines(tmp_path: Path) -> None:
    with running_x3(tmp_path, "credit_rate = 1.0") as x3:
        connection = x3.connect()
        article = well_stocked(connection)[0]
        connection.submit_orders(1, [order("CO-000000001", (article, 2, "20.00"))])
        x3.advance(hours=40)
        documents = [document for batch in connection.document_batches("") for document in batch.documents]
    [own] = [document for document in documents if document.kind == "credit_note"]
    assert (own.order_reference, own.refund_id, own.total_amount) == ("CO-000000001", "", Decimal("20.00"))
    assert [(line.sku, line.quantity) for line in own.lines] == [(article, 2)]


def test_an_order_to_a_supplier_is_made_once_and_its_receipts_come_back(x3: X3) -> None:
    connection = x3.connect()
    product = next(one for batch in connection.product_batches("") for one in batch.products)
    before = stock(connection)[product.sku]
    wanted = purchase("PO-1", product.supplier, product.sku, 9)
    for number in (1, 2):
        told = verdicts(connection.submit_purchase_orders(number, [wanted]))["PO-1"]
        assert told.outcome is Outcome.DONE
    levels = {level.sku: level for batch in connection.stock_batches("") for level in batch.levels}
    assert levels[product.sku].incoming == 9, "once"
    states = []
    for _ in range(3):
        [batch] = connection.purchase_state_batches("")
        states += [(state.status, dict(state.received)) for state in batch.states]
        x3.advance(hours=25)
    assert states == [
        ("ordered", {}),
        ("partially_received", {product.sku: 4}),
        ("received", {product.sku: 9}),
    ]
    assert stock(connection)[product.sku] == before + 9
    told = verdicts(connection.submit_purchase_orders(3, [purchase("PO-2", "NOBODY", product.sku, 1)]))[
        "PO-2"
    ]
    assert (told.outcome, "NOBODY" in told.message) == (Outcome.REJECTED, True)
    with pytest.raises(RejectedRecord, match="no number of a supplier"):
        connection.submit_purchase_orders(4, [purchase("PO-3", "A name that is too long", product.sku, 1)])
