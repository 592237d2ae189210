"""The Sage X3 connector and the simulated X3: SOAP and REST over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from comptoir.connectors.sage_x3.connection import SageX3Connection
from comptoir.connectors.sage_x3.deliveries import Look
from comptoir.sdk.errors import ConfigurationError, RejectedRecord
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


def test_the_folder_is_introduced_and_what_is_missing_is_named(x3: X3) -> None:
    profile = x3.connect().check()
    assert (profile.account_id, profile.warnings) == ("SEED/COMPTOIR", ())
    for changed, words in (
        ({"customer": "NOBODY"}, "no customer NOBODY"),
        ({"shipping_article": "NOPORT"}, "no article NOPORT"),
        ({"endpoint": "ELSEWHERE"}, "not found"),
        ({"pool": "NOPOOL"}, "Pool alias NOPOOL"),
        ({"order_object": "YNOTHING"}, "YNOTHING inexistante"),
        ({"mapping": "items.title=YDES"}, "gives no YDES"),
        ({"mapping": "order.external=SOH0_1.YOTHER"}, r"does not publish order.external \(SOH0_1.YOTHER\)"),
        ({"mapping": "list.items=YITM"}, "YITM"),
        ({"password": "wrong", "client_secret": "wrong-secret-of-the-connected-application"}, "401"),
    ):
        with pytest.raises(ConfigurationError, match=words):
            x3.connect(**changed).check()


def test_articles_come_with_their_costs_tax_and_supplier_page_by_page(x3: X3) -> None:
    connection = x3.connect(page_size=10)
    found = [product for batch in connection.product_batches("") for product in batch.products]
    assert len(found) == len({product.sku for product in found}) == 30
    assert all(
        one.purchase_price and one.list_price and one.weight_g and one.ean and one.supplier for one in found
    )
    assert {one.vat_rate for one in found} <= {Decimal(20), Decimal("5.5"), Decimal(10)}
    assert {key for page in connection.product_keys() for key in page} >= {one.sku for one in found}


def test_what_is_the_same_as_last_time_is_not_handed_on_again(x3: X3) -> None:
    connection = x3.connect()
    cursor = list(connection.product_batches(""))[-1].cursor  # the whole, once a day
    x3.advance(hours=1)
    cursor = list(connection.product_batches(cursor))[-1].cursor  # what changed since yesterday
    x3.advance(hours=1)
    assert list(connection.product_batches(cursor)) == []
    x3.advance(hours=25)
    assert sum(len(batch.products) for batch in connection.product_batches(cursor)) == 30


def test_an_order_becomes_one_document_to_the_cent_and_its_shipment_comes_back(x3: X3) -> None:
    connection = x3.connect()
    one, two = well_stocked(connection)[:2]
    sold = order("CO-000000001", (one, 3, "10.00"), (two, 1, "19.99"), shipping="4.90", discount="1.50")
    told = verdicts(connection.submit_orders(1, [sold]))["CO-000000001"]
    assert told.outcome is Outcome.DONE
    [document] = x3.documents()
    assert (Decimal(document["total"]), document["state"]) == (Decimal("33.39"), "received")
    assert (told.external_id, document["external_id"]) == (document["number"], "M-CO-000000001")
    [state] = next(connection.order_state_batches("")).states
    assert (state.status, state.order_reference) == ("received", "CO-000000001")
    x3.advance(hours=5)
    lines = shipped(connection)
    assert {(line.sku, line.quantity) for line in lines} == {(one, 3), (two, 1)}
    assert len({line.shipment_id for line in lines}) == 1
    assert all(line.parcel.tracking_number and line.warehouse == "FR012" for line in lines)
    x3.advance(hours=12)  # invoiced meanwhile
    assert shipped(connection) == lines
    [state] = next(connection.order_state_batches("")).states
    assert state.status == "shipped"
    assert [number[5:8] for number in state.document.split(" > ")] == ["SON", "SDH", "SIH"]
    [booked] = [
        row for page in connection.booked_orders(date(2026, 11, 22), date(2026, 11, 26)) for row in page
    ]
    assert (booked.total, booked.state, booked.placed_date) == (
        Decimal("33.39"),
        "shipped",
        date(2026, 11, 23),
    )


def test_departures_are_read_on_from_where_they_were(x3: X3) -> None:
    connection = x3.connect()
    article = well_stocked(connection)[0]
    connection.submit_orders(1, [order("CO-000000001", (article, 1, "10.00"))])
    x3.advance(hours=5)
    cursor = list(connection.shipment_batches(""))[-1].cursor
    assert [line.order_reference for line in shipped(connection, cursor)] == ["CO-000000001"], "the overlap"
    connection.submit_orders(2, [order("CO-000000002", (article, 1, "10.00"))])
    x3.advance(hours=6)
    assert [line.order_reference for line in shipped(connection, cursor)][-1] == "CO-000000002"


@pytest.mark.parametrize("program", ["", "YSTOCK_LOT"])
def test_a_count_is_exact_whatever_left_a_moment_ago_and_only_others_allocate(x3: X3, program: str) -> None:
    ours, theirs = x3.connect(stock_program=program), x3.connect(reference_prefix="SHOP")
    one = well_stocked(ours)[0]
    before = stock(ours)[one]
    ours.submit_orders(1, [order("CO-000000001", (one, 2, "20.00"))])
    theirs.submit_orders(1, [order("SHOP-1", (one, 4, "40.00"))])
    seen = set()
    while not shipped(ours):
        x3.advance(minutes=5)
        [batch] = ours.stock_batches("")
        if not shipped(ours) and not shipped(theirs):
            seen.add({level.sku: level.quantity for level in batch.levels}[one])
    assert before in seen, "what our own order holds is the hub's to reserve"
    assert seen <= {before, before - 4}
    while not shipped(theirs):
        x3.advance(minutes=5)
    x3.advance(minutes=30)
    assert stock(ours)[one] == before - 6


def test_units_that_left_within_the_clocks_margin_are_put_back_into_the_count(x3: X3) -> None:
    connection = x3.connect()
    one = well_stocked(connection)[0]
    before = stock(connection)[one]
    connection.submit_orders(1, [order("CO-000000001", (one, 2, "20.00"))])
    while not shipped(connection):
        x3.advance(minutes=5)
    [line] = shipped(connection)
    [batch] = connection.stock_batches("")
    assert line.shipped_at > batch.as_of
    assert {level.sku: level.quantity for level in batch.levels}[one] == before
    x3.advance(minutes=30)
    [batch] = connection.stock_batches("")
    assert line.shipped_at <= batch.as_of
    assert {level.sku: level.quantity for level in batch.levels}[one] == before - 2


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        ("timeout_after", Outcome.DONE),
        ("dropped_after", Outcome.DONE),
        ("truncated", Outcome.DONE),
        ("late_import", Outcome.UNKNOWN),
        ("dropped_before", Outcome.UNKNOWN),
    ],
)
@pytest.mark.parametrize("own_numbers", [False, True])
def test_a_write_without_an_answer_is_looked_up_and_never_written_twice(
    x3: X3, fault: str, outcome: Outcome, own_numbers: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    x3.timeout_s = 1.0
    numbering = {"own_numbers": own_numbers, "order_type": "SWB" if own_numbers else "SON"}
    connection = x3.connect(**numbering)
    sold = [order("CO-000000001", (well_stocked(connection)[0], 1, "10.00"))]
    assert verdicts(connection.submit_orders(1, [])) == {}
    _blind(connection, monkeypatch)
    x3.fault(fault)
    first = verdicts(connection.submit_orders(1, sold))["CO-000000001"]
    assert first.outcome is outcome, first
    again = x3.connect(**numbering)
    assert verdicts(again.submit_orders(2, sold))["CO-000000001"].outcome is outcome, "asked again at once"
    assert len(x3.documents()) <= 1
    x3.advance(minutes=16)
    assert verdicts(again.submit_orders(3, sold))["CO-000000001"].outcome is Outcome.DONE
    assert [document["reference"] for document in x3.documents()] == ["CO-000000001"]
    if own_numbers:
        assert x3.documents()[0]["number"] == "CO-000000001"


def _blind(connection: SageX3Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    """The looks before the write find nothing and ask for nothing, so that the next fault meets the write."""
    writer, look_of = connection._writer, connection._writer._order_look

    def blind_once(reference: str) -> Look:
        looks: list[Look] = [str, look_of(reference)]
        return lambda: (looks.pop(0) if len(looks) > 1 else looks[0])()

    monkeypatch.setattr(writer, "_orders", lambda references: [])
    monkeypatch.setattr(writer, "_order_look", blind_once)


def test_with_our_own_numbers_x3_itself_refuses_a_second_one(x3: X3, monkeypatch: pytest.MonkeyPatch) -> None:
    connection = x3.connect(own_numbers=True, order_type="SWB")
    sold = [order("CO-000000001", (well_stocked(connection)[0], 1, "10.00"))]
    connection.submit_orders(1, sold)
    _blind(connection, monkeypatch)
    told = verdicts(connection.submit_orders(2, sold))["CO-000000001"]
    assert (told.outcome, told.external_id) == (Outcome.DONE, "CO-000000001")
    assert len(x3.documents()) == 1


def test_a_record_that_somebody_holds_or_a_pool_without_a_session_waits_for_the_next_turn(x3: X3) -> None:
    connection = x3.connect()
    article = well_stocked(connection)[0]
    sold = [order(f"CO-00000000{n}", (article, 1, "10.00")) for n in range(1, 4)]
    connection.submit_orders(1, sold[:1])
    codes = set()
    for number in range(2, 12):
        x3.post("/faults", {"party": "sage-x3-1", "set": {"rates": {"partial_failure": 1.0}}})
        told = verdicts(connection.submit_orders(number, sold))
        assert [told[o.reference].outcome for o in sold] == [Outcome.DONE, Outcome.RETRY, Outcome.RETRY]
        codes |= {told[o.reference].code for o in sold[1:]}
    assert codes == {"", "x3_locked"}, "both kinds were met"
    x3.post("/faults", {"party": "sage-x3-1", "set": {"rates": {}}})
    told = verdicts(connection.submit_orders(12, sold))
    assert {verdict.outcome for verdict in told.values()} == {Outcome.DONE}
    assert len(x3.documents()) == 3


def test_what_x3_refuses_is_refused_alone_and_what_does_not_add_up_never_leaves(x3: X3) -> None:
    connection = x3.connect()
    article = well_stocked(connection)[0]
    good, bad = order("CO-000000001", (article, 1, "10.00")), order("CO-000000002", ("NOTHING", 1, "5.00"))
    told = verdicts(connection.submit_orders(1, [good, bad]))
    assert told["CO-000000001"].outcome is Outcome.DONE
    assert (told["CO-000000002"].outcome, told["CO-000000002"].code) == (Outcome.REJECTED, "x3")
    assert "Article : NOTHING" in told["CO-000000002"].message
    wrong = order("CO-000000003", (article, 1, "10.00"))
    bent = msgspec.structs.replace(
        wrong, order=msgspec.structs.replace(wrong.order, total_amount=Decimal("12.00"))
    )
    with pytest.raises(RejectedRecord, match="its lines make"):
        connection.submit_orders(2, [bent])


def test_an_order_of_more_than_is_there_is_taken_and_x3s_warning_is_kept(x3: X3) -> None:
    connection = x3.connect()
    scarce = min(stock(connection).items(), key=lambda pair: pair[1])
    told = verdicts(
        connection.submit_orders(1, [order("CO-000000001", (scarce[0], scarce[1] + 5, "100.00"))])
    )
    assert told["CO-000000001"].outcome is Outcome.DONE
    assert "stock insuffisant" in told["CO-000000001"].message


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


def purchase(reference: str, supplier: str, sku: str, units: int) -> ErpPurchaseOrder:
    line = ErpPurchaseLine(line_number=1, sku=sku, quantity=units, unit_price=Decimal("4.25"))
    return ErpPurchaseOrder(reference=reference, supplier=supplier, supplier_code="", warehouse="",
                            ordered_on=START.date(), lines=(line,))  # fmt: skip


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


def test_one_customer_per_buyer_is_made_once(x3: X3) -> None:
    connection = x3.connect(customer_mode="buyer")
    connection.check()
    article = well_stocked(connection)[0]
    sold = [order(f"CO-00000000{n}", (article, 1, "10.00"), email="ana@example.com") for n in (1, 2)]
    assert {v.outcome for v in verdicts(connection.submit_orders(1, sold)).values()} == {Outcome.DONE}
    again = x3.connect(customer_mode="buyer")
    third = order("CO-000000003", (article, 1, "10.00"), email="ANA@example.com")
    assert {v.outcome for v in verdicts(again.submit_orders(2, [third])).values()} == {Outcome.DONE}
    assert len(x3.documents()) == 3
