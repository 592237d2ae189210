"""The hub's connector and the simulated ERP on one folder: two programs that share the contract alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from comptoir.connectors.files import CONNECTOR, FilesConnection
from comptoir.sdk.purchasing import ErpPurchaseLine, ErpPurchaseOrder
from comptoir.sdk.records import (
    Address,
    ErpCancellation,
    ErpOrder,
    ErpRefund,
    Order,
    OrderLine,
    Outcome,
    Rejected,
    SubmissionReport,
)
from comptoir.sdk.statuses import ImportState, OrderStatus
from comptoir.sdk.testing import FakeClock, context_for_tests

genesis = pytest.importorskip("bazaar.genesis", reason="the simulated world is not there")
levels = pytest.importorskip("bazaar.faults.levels", reason="the simulated world is not there")
world_settings = pytest.importorskip("bazaar.settings", reason="the simulated world is not there")

START = datetime(2026, 11, 23, 8, tzinfo=UTC)
READS = (
    "product_batches", "stock_batches", "shipment_batches", "order_state_batches", "document_batches",
    "purchase_state_batches",
)  # fmt: skip
FORMS = [("utf-8", ";", "."), ("cp1252", "\t", ","), ("cp850", ",", "."), ("iso-8859-15", ";", ",")]
NAMES = {";": "semicolon", ",": "comma", "\t": "tab"}


class Meeting:
    """The world, and the hub's flow in five lines: read, store, move the cursor, acknowledge."""

    def __init__(self, root: Path, form: tuple[str, str, str]) -> None:
        encoding, separator, decimal = form
        told = {"encoding": encoding, "separator": separator, "decimal": decimal}
        given = {"erp_folder": str(root), "products": 30, "speed": 0.0, "start": START.isoformat()}
        self.world = genesis.begin(
            world_settings.read_settings(None, {**given, "orders_per_hour": 0.0, "parties": {"erp": told}})
        )
        self.clock = FakeClock(START)
        marks = {".": "point", ",": "comma"}
        values = {"folder": str(root), "separator": NAMES[separator], "decimal": marks[decimal]}
        self._values = {**values, "encoding": encoding}
        self.cursors = dict.fromkeys(READS, "")
        self.stored: dict[str, list[Any]] = {name: [] for name in READS}
        self.rejected: list[Rejected] = []
        self.live(minutes=1)

    def connect(self) -> FilesConnection:
        settings = CONNECTOR.settings.load(self._values)
        return FilesConnection(settings, context_for_tests(clock=self.clock))  # type: ignore[arg-type]

    def live(self, **span: float) -> None:
        self.clock.advance(**span)
        self.world.advance(self.clock.now)

    def read(self) -> None:
        connection = self.connect()
        for name in READS:
            for batch in getattr(connection, name)(self.cursors[name]):
                self.stored[name].append(batch)
                self.rejected += batch.rejected
                self.cursors[name] = batch.cursor
                connection.acknowledge(batch.key, batch.rejected)

    def as_written(self, text: str) -> str:
        """This ERP writes `?` for a letter that its encoding lacks."""
        encoding = str(self._values["encoding"])
        return text.encode(encoding, "replace").decode(encoding)

    def stock(self) -> dict[str, int]:
        levels_ = [level for batch in self.stored["stock_batches"] for level in batch.levels]
        return {level.sku: level.quantity for level in levels_}

    def report(self, kind: str, number: int) -> SubmissionReport:
        return self.connect().read_export(kind, f"{kind}-{number:09d}")


@pytest.fixture(params=FORMS, ids=[form[0] for form in FORMS])
def meeting(request: pytest.FixtureRequest, tmp_path: Path) -> Meeting:
    return Meeting(tmp_path, request.param)


@pytest.fixture
def meet(tmp_path: Path) -> Callable[[], Meeting]:
    return lambda: Meeting(tmp_path, FORMS[0])


def order(reference: str, *sold: tuple[str, int]) -> ErpOrder:
    lines = tuple(
        OrderLine(
            external_id=f"{reference}-{number}",
            sku=sku,
            title="Casque « été »",
            quantity=quantity,
            unit_price=Decimal("10.50"),
            amount=Decimal("10.50") * quantity,
            status=OrderStatus.TO_SHIP,
            external_status="SHIPPING",
        )
        for number, (sku, quantity) in enumerate(sold, start=1)
    )
    total = sum((line.amount for line in lines), Decimal("4.99"))
    content = Order(
        external_id=f"X-{reference}",
        status=OrderStatus.TO_SHIP,
        external_status="SHIPPING",
        placed_at=START,
        updated_at=START,
        currency="EUR",
        lines=lines,
        total_amount=total,
        shipping_amount=Decimal("4.99"),
        shipping_address=Address(name="Zoé Lefèvre", street_1="3, rue d'Été", city="Bourg", country="FR"),
    )
    return ErpOrder(reference=reference, channel="fnac", order=content)


def test_products_and_stock_arrive_as_the_erp_has_them(meeting: Meeting) -> None:
    meeting.read()
    products = [product for batch in meeting.stored["product_batches"] for product in batch.products]
    theirs = meeting.world.products
    assert {(p.sku, p.title, p.list_price) for p in products} == {
        (p.sku, meeting.as_written(p.title), p.list_price) for p in theirs.values()
    }
    assert meeting.stock() == meeting.world.warehouses()["erp"].physical_stock()
    assert meeting.rejected == []


def test_orders_become_documents_and_their_shipments_come_back(meeting: Meeting) -> None:
    first, second = list(meeting.world.products)[:2]
    sent = [order("C-1", (first, 2), (second, 1)), order("C-2", (second, 1)), order("C-3", ("NOPE", 1))]
    receipt = meeting.connect().submit_orders(1, sent)
    assert meeting.report("orders", 1).state is ImportState.PENDING
    meeting.live(minutes=2)
    assert meeting.connect().submit_orders(1, sent) == receipt
    report = meeting.report("orders", 1)
    assert report.state is ImportState.COMPLETE
    assert [(v.key, v.outcome, v.code) for v in report.verdicts] == [("C-3", Outcome.REJECTED, "unknown_sku")]
    meeting.live(hours=30)
    meeting.read()
    shipped: dict[tuple[str, str], int] = {}
    for line in (line for batch in meeting.stored["shipment_batches"] for line in batch.shipments):
        key = (line.order_reference, line.line_id)
        shipped[key] = shipped.get(key, 0) + line.quantity
    assert shipped == {("C-1", "C-1-1"): 2, ("C-1", "C-1-2"): 1, ("C-2", "C-2-1"): 1}
    states = [state for batch in meeting.stored["order_state_batches"] for state in batch.states]
    assert [s.status for s in states if s.order_reference == "C-1"] == ["received", "preparing", "shipped"]
    documents = meeting.world.warehouses()["erp"].documents()
    assert [(d["reference"], d["total"], d["sent"]) for d in documents] == [
        ("C-1", Decimal("36.49"), 1),
        ("C-2", Decimal("15.49"), 1),
    ]
    assert meeting.stock() == meeting.world.warehouses()["erp"].physical_stock()


def test_cancellations_and_refunds_are_judged_one_by_one(meeting: Meeting) -> None:
    sku = next(iter(meeting.world.products))
    meeting.connect().submit_orders(1, [order("C-1", (sku, 3))])
    meeting.live(minutes=2)
    meeting.connect().submit_cancellations(
        1, [_cancellation("CAN-1", sku, 1), _cancellation("CAN-2", sku, 9)]
    )
    meeting.live(minutes=2)
    assert [v.key for v in meeting.report("cancellations", 1).verdicts] == ["CAN-2"]
    meeting.live(hours=30)
    meeting.connect().submit_refunds(
        1, [_refund("REF-1", sku, 1), _refund("REF-2", sku, 9), _refund("REF-3", sku, 0)]
    )
    meeting.live(minutes=2)
    assert [v.key for v in meeting.report("refunds", 1).verdicts] == ["REF-2"]


def _cancellation(own_id: str, sku: str, quantity: int) -> ErpCancellation:
    return ErpCancellation(
        cancellation_id=own_id,
        order_reference="C-1",
        line_id="C-1-1",
        line_number=1,
        sku=sku,
        quantity=quantity,
        reason="changed mind",
        cancelled_at=START,
    )


def _refund(own_id: str, sku: str, quantity: int) -> ErpRefund:
    return ErpRefund(
        refund_id=own_id,
        order_reference="C-1",
        line_id="C-1-1",
        line_number=1,
        sku=sku,
        quantity=quantity,
        amount=Decimal("10.50"),
        currency="EUR",
        reason="damaged",
        refunded_at=START,
    )


@pytest.mark.parametrize("fault", ["bad_line", "bad_checksum", "file_twice", "late_receipt"])
def test_every_fault_of_the_files_is_survived_and_told(meet: Callable[[], Meeting], fault: str) -> None:
    meeting = meet()
    meeting.world.faults.set("erp", levels.FaultSettings(rates={fault: 1.0}))
    first, second = list(meeting.world.products)[:2]
    for number in range(1, 6):
        meeting.connect().submit_orders(number, [order(f"C-{number}", (first, 1), (second, 2))])
        meeting.live(minutes=20)
        meeting.read()
    meeting.live(hours=30)
    meeting.world.faults.set("erp", levels.FaultSettings(rates={}))
    meeting.live(hours=2)
    meeting.read()
    assert all(meeting.report("orders", number).state is ImportState.COMPLETE for number in range(1, 6))
    shipped = [line for batch in meeting.stored["shipment_batches"] for line in batch.shipments]
    assert sum(line.quantity for line in shipped) == 15
    assert meeting.stock() == meeting.world.warehouses()["erp"].physical_stock()
    codes = {rejected.code for rejected in meeting.rejected}
    expected: dict[str, set[str]] = {"bad_line": {"missing"}, "bad_checksum": {"checksum"}}
    assert codes == expected.get(fault, codes & {"replayed"})
    assert meeting.connect().check().features["waiting_stock"] == "0"


def test_invoices_and_credit_notes_come_with_their_papers(meeting: Meeting) -> None:
    sku = next(iter(meeting.world.products))
    meeting.connect().submit_orders(1, [order("C-1", (sku, 2))])
    meeting.live(hours=30)
    meeting.live(hours=11)
    meeting.connect().submit_refunds(1, [_refund("REF-1", sku, 0)])
    meeting.live(minutes=3)
    meeting.read()
    found = {d.kind.value: d for b in meeting.stored["document_batches"] for d in b.documents if d.refund_id or
             d.kind.value == "invoice"}  # fmt: skip
    (document,) = meeting.world.warehouses()["erp"].documents()
    invoice, credit = found["invoice"], found["credit_note"]
    assert (invoice.order_reference, invoice.origin) == ("C-1", document["number"])
    assert [(line.line_id, line.quantity, line.amount) for line in invoice.lines] == [
        ("C-1-1", 2, Decimal("21.00")), ("", 1, Decimal("4.99")),
    ]  # fmt: skip
    assert invoice.content.startswith(b"%PDF-")
    assert (credit.refund_id, credit.total_amount) == ("REF-1", Decimal("10.50"))
    assert meeting.rejected == []


def test_orders_to_suppliers_are_taken_once_and_followed_to_their_last_unit(meeting: Meeting) -> None:
    sku = next(iter(meeting.world.products))
    before = meeting.world.warehouses()["erp"].physical_stock()[sku]
    lines = (ErpPurchaseLine(line_number=1, sku=sku, quantity=9, unit_price=Decimal("4.25")),)
    wanted = ErpPurchaseOrder(
        reference="PO-1", supplier="Été & Fils", supplier_code="", warehouse="MAIN", ordered_on=START.date(),
        lines=lines,
    )  # fmt: skip
    receipt = meeting.connect().submit_purchase_orders(1, [wanted])
    assert meeting.connect().submit_purchase_orders(1, [wanted]) == receipt
    meeting.live(minutes=2)
    assert meeting.report("purchase_orders", 1).state is ImportState.COMPLETE
    assert meeting.connect().submit_purchase_orders(2, [wanted]) != receipt
    meeting.live(hours=60)
    meeting.read()
    states = [s for b in meeting.stored["purchase_state_batches"] for s in b.states]
    assert [(s.status, s.received) for s in states] == [
        ("ordered", {sku: 0}), ("partially_received", {sku: 4}), ("received", {sku: 9}),
    ]  # fmt: skip
    assert meeting.world.warehouses()["erp"].physical_stock()[sku] == before + 9
