"""The Sage 100 connector and the simulated Sage: real SQL by a read-only login, real HTTP to the pont."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import psycopg
import pytest

from comptoir.connectors.sage100 import CONNECTOR
from comptoir.connectors.sage100.connection import Sage100Connection
from comptoir.rehearsal.sage_database import make_sage_database
from comptoir.sdk.connector import Context
from comptoir.sdk.errors import ConfigurationError, RejectedRecord
from comptoir.sdk.purchasing import ErpPurchaseLine, ErpPurchaseOrder
from comptoir.sdk.records import (
    Address,
    Buyer,
    ErpCancellation,
    ErpOrder,
    ErpRefund,
    ErpShipmentLine,
    Order,
    OrderLine,
    Outcome,
    Product,
    Receipt,
    Verdict,
)
from comptoir.sdk.statuses import OrderStatus
from comptoir.sdk.testing import FakeCache, FakeThrottle

SRC = Path(__file__).parents[2] / "src"
START = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)


@dataclass
class Sage:
    """A running world with one Sage in it, and our connection to it."""

    url: str
    owner: str
    settings: dict[str, Any]
    now: datetime = START
    timeout_s: float = 5.0
    opened: list[Sage100Connection] = field(default_factory=list)

    def post(self, path: str, body: object) -> Any:
        request = urllib.request.Request(f"{self.url}/_bazaar{path}", data=json.dumps(body).encode())
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    def advance(self, **span: float) -> None:
        self.now += timedelta(**span)
        self.post("/clock/advance", {"to": self.now.isoformat()})

    def fault(self, *names: str) -> None:
        self.post("/faults", {"party": "sage", "next": list(names)})

    def documents(self) -> list[dict[str, Any]]:
        with urllib.request.urlopen(f"{self.url}/_bazaar/ledger/erp") as answer:
            return [json.loads(line) for line in answer.read().splitlines()]

    def sql(self, statement: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.owner, autocommit=True) as base:
            cursor = base.execute(statement.encode(), values)
            return cursor.fetchall() if cursor.description else []

    def connect(self, **changed: object) -> Sage100Connection:
        context = Context(
            clock=lambda: self.now, throttle=FakeThrottle(), observe=lambda _: None, cache=FakeCache(),
            account="sage", allow_loopback=True, timeout_s=self.timeout_s,
        )  # fmt: skip
        settings = CONNECTOR.settings.load({**self.settings, **changed})
        connection = CONNECTOR.connect(settings, context)
        assert isinstance(connection, Sage100Connection)
        self.opened.append(connection)
        return connection


@pytest.fixture(params=["v12", "100c-v3"])
def sage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Sage]:
    owner, reader = make_sage_database(f"sage_test_{os.getpid()}")
    config = tmp_path / "world.toml"
    config.write_text(f'[parties.sage]\nprofile = "{request.param}"\nsplit_rate = 0.0\n')
    ready = tmp_path / "ready.json"
    command = [
        *(sys.executable, "-m", "bazaar", "serve", "--port", "0", "--manual-clock", "--orders-per-hour", "0"),
        *(
            "--start",
            START.isoformat(),
            "--products",
            "30",
            "--ready-file",
            str(ready),
            "--config",
            str(config),
        ),
        *("--sage-database", owner, "--sage-reader", reader),
    ]
    log = (tmp_path / "bazaar.log").open("wb")
    process = subprocess.Popen(
        command, stdout=log, stderr=subprocess.STDOUT, env={**os.environ, "PYTHONPATH": str(SRC)}
    )
    try:
        until = time.monotonic() + 60
        while not ready.exists():
            assert process.poll() is None, (tmp_path / "bazaar.log").read_text()
            assert time.monotonic() < until
            time.sleep(0.05)
        told = json.loads(ready.read_text())
        party = told["parties"][0]
        running = Sage(told["url"], owner, {**party["settings"], "base_url": party["url"]})
        yield running
        for connection in running.opened:
            connection.close()
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(10)
        log.close()


def order(reference: str, *sold: tuple[str, int, str], shipping: str = "0", discount: str = "0") -> ErpOrder:
    lines = tuple(
        OrderLine(
            external_id=f"{reference}-{number}", sku=sku, quantity=quantity, amount=Decimal(amount),
            unit_price=Decimal(amount) / quantity, status=OrderStatus.TO_SHIP, external_status="SHIPPING", title=sku,
        )
        for number, (sku, quantity, amount) in enumerate(sold, start=1)
    )  # fmt: skip
    total = sum((line.amount for line in lines), Decimal(0)) + Decimal(shipping) - Decimal(discount)
    address = Address(name="Ana Noël", street_1="1 rue du Port", postcode="29200", city="Brest", country="FR")
    return ErpOrder(
        reference=reference, channel="mirakl-1",
        order=Order(
            external_id=f"M-{reference}", status=OrderStatus.TO_SHIP, external_status="SHIPPING", placed_at=START,
            updated_at=START, currency="EUR", lines=lines, total_amount=total, shipping_amount=Decimal(shipping),
            discount_amount=Decimal(discount), shipping_address=address,
        ),
    )  # fmt: skip


def products(connection: Sage100Connection) -> list[Product]:
    return [product for batch in connection.product_batches("") for product in batch.products]


def stock(connection: Sage100Connection) -> dict[str, int]:
    return {level.sku: level.quantity for batch in connection.stock_batches("") for level in batch.levels}


def verdicts(receipt: Receipt) -> dict[str, Verdict]:
    assert receipt.report is not None
    return {verdict.key: verdict for verdict in receipt.report.verdicts}


def well_stocked(sage: Sage) -> list[str]:
    rows = sage.sql("SELECT AR_Ref FROM F_ARTSTOCK WHERE AS_QteSto >= 10 ORDER BY AR_Ref")
    return [row[0] for row in rows]


def shipped(connection: Sage100Connection, cursor: str = "") -> list[ErpShipmentLine]:
    return [line for batch in connection.shipment_batches(cursor) for line in batch.shipments]


def test_the_company_is_introduced_and_what_is_missing_is_named(sage: Sage) -> None:
    profile = sage.connect().check()
    later = bool(sage.sql("SELECT 1 FROM information_schema.columns WHERE column_name = 'do_refexterne'"))
    assert profile.features["external_reference"] == ("DO_RefExterne" if later else "DO_NoWeb")
    with pytest.raises(ConfigurationError, match="no customer NOBODY"):
        sage.connect(client="NOBODY").check()
    with pytest.raises(ConfigurationError, match="no depot ELSEWHERE"):
        sage.connect(warehouses="ELSEWHERE").check()
    with pytest.raises(ConfigurationError):
        sage.connect(password="wrong").check()
    with pytest.raises(ConfigurationError):
        sage.connect(pont_key="wrong").check()


def test_the_hubs_login_can_write_nothing(sage: Sage) -> None:
    given = sage.settings
    login = {"host": given["server"], "port": given["port"], "dbname": given["database"]}
    with psycopg.connect(**login, user=given["user"], password=given["password"]) as reader:
        assert reader.execute("SELECT count(*) FROM F_ARTICLE").fetchone() == (33,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            reader.execute("UPDATE F_ARTICLE SET AR_Sommeil = 1")


def test_articles_come_with_their_costs_tax_and_supplier_page_by_page(sage: Sage) -> None:
    found = products(sage.connect(page_size=10))
    assert len(found) == len({product.sku for product in found}) == 30
    row = sage.sql(
        "SELECT AR_CoutStd, AR_PrixVen, AR_PoidsNet, AR_CodeBarre FROM F_ARTICLE WHERE AR_Ref = %s",
        [found[0].sku],
    )[0]
    one = found[0]
    assert (one.purchase_price, one.list_price, one.weight_g, one.ean) == (
        row[0],
        row[1],
        int(row[2]),
        row[3],
    )
    assert one.vat_rate in (Decimal(20), Decimal("5.5"), Decimal(10))
    assert one.supplier
    assert one.active


def test_only_what_changed_is_read_again_and_all_of_it_once_a_day(sage: Sage) -> None:
    connection = sage.connect()
    cursor = list(connection.product_batches(""))[-1].cursor
    sage.advance(hours=2)
    assert sum(len(batch.products) for batch in connection.product_batches(cursor)) <= 30
    sage.sql("UPDATE F_ARTICLE SET cbModification = cbModification - interval '3 hours'")
    sage.sql("UPDATE F_ARTICLE SET AR_Sommeil = 1, cbModification = '2026-11-23 10:00' WHERE AR_Ref = %s",
             [well_stocked(sage)[0]])  # fmt: skip
    changed = [p for batch in connection.product_batches(cursor) for p in batch.products]
    assert [(p.sku, p.active) for p in changed] == [(well_stocked(sage)[0], False)]
    sage.advance(hours=25)
    cursor = list(connection.product_batches(cursor))[-1].cursor
    assert sum(len(batch.products) for batch in connection.product_batches(cursor)) <= 1


def test_variants_are_articles_of_their_own(sage: Sage) -> None:
    parent = well_stocked(sage)[0]
    sage.sql("UPDATE F_ARTICLE SET AR_Gamme1 = 1 WHERE AR_Ref = %s", [parent])
    for number, (size, code) in enumerate((("S", "TEE-S"), ("M", "")), start=1):
        sage.sql(
            "INSERT INTO F_ARTGAMME (AR_Ref, AG_No, EG_Enumere, AG_Type) VALUES (%s, %s, %s, 0)",
            [parent, number, size],
        )
        sage.sql("INSERT INTO F_ARTENUMREF (AR_Ref, AG_No1, AG_No2, AE_Ref, AE_Sommeil) VALUES (%s, %s, 0, %s, 0)",
                 [parent, number, code])  # fmt: skip
    sage.sql("INSERT INTO F_GAMSTOCK (AR_Ref, AG_No1, AG_No2, DE_No, GS_QteSto, GS_QteRes) VALUES (%s, 1, 0, 1, 9, 2)",
             [parent])  # fmt: skip
    connection = sage.connect()
    skus = {product.sku for product in products(connection)}
    assert skus <= {key for page in connection.product_keys() for key in page}, (
        "no article passes for deleted"
    )
    assert {"TEE-S", f"{parent}|M"} <= skus
    assert parent not in skus
    assert stock(connection)["TEE-S"] == 7, "two are promised to somebody else's order"


def test_an_order_becomes_one_document_to_the_cent_and_its_shipment_comes_back(sage: Sage) -> None:
    connection = sage.connect()
    one, two = well_stocked(sage)[:2]
    sold = order("CO-000000001", (one, 3, "10.00"), (two, 1, "19.99"), shipping="4.90", discount="1.50")
    assert verdicts(connection.submit_orders(1, [sold]))["CO-000000001"].outcome is Outcome.DONE
    [document] = sage.documents()
    assert (Decimal(document["total"]), document["state"]) == (Decimal("33.39"), "received")
    assert sage.sql("SELECT AS_QteRes FROM F_ARTSTOCK WHERE AR_Ref = %s", [one]) == [(Decimal(3),)]
    [state] = next(connection.order_state_batches("")).states
    assert (state.status, state.order_reference) == ("received", "CO-000000001")
    sage.advance(hours=5)
    lines = shipped(connection)
    assert {(line.sku, line.quantity) for line in lines} == {(one, 3), (two, 1)}
    assert len({line.shipment_id for line in lines}) == 1
    assert all(line.parcel.tracking_number for line in lines)
    sage.advance(hours=12)  # invoiced meanwhile: the same lines under another number
    again = shipped(connection)
    assert [(line.shipment_id, line.shipped_at) for line in again] == [
        (line.shipment_id, line.shipped_at) for line in lines
    ]
    [state] = next(connection.order_state_batches("")).states
    assert state.status == "shipped"
    assert [name[:2] for name in state.document.split(" > ")] == ["BC", "PL", "BL", "FA"]


def test_a_count_is_exact_whatever_left_a_moment_ago_and_only_others_reserve(sage: Sage) -> None:
    connection = sage.connect()
    one = well_stocked(sage)[0]
    before = stock(connection)[one]
    connection.submit_orders(1, [order("CO-000000001", (one, 2, "20.00"))])
    assert stock(connection)[one] == before, "the hub reserves its own orders itself"
    sage.sql("UPDATE F_ARTSTOCK SET AS_QteRes = AS_QteRes + 4 WHERE AR_Ref = %s", [one])
    assert stock(connection)[one] == before - 4, "what the shop's counter promised is not for sale"
    while not shipped(connection):
        sage.advance(minutes=5)
    [line] = shipped(connection)
    [batch] = connection.stock_batches("")
    counted = {level.sku: level.quantity for level in batch.levels}[one]
    assert line.shipped_at > batch.as_of, "it left within the clock's margin"
    assert counted == before - 4, "so the count is told as it was before it left"
    sage.advance(minutes=30)
    [batch] = connection.stock_batches("")
    assert line.shipped_at <= batch.as_of
    assert {level.sku: level.quantity for level in batch.levels}[one] == before - 4 - 2


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
def test_a_write_without_an_answer_is_looked_up_and_never_written_twice(
    sage: Sage, fault: str, outcome: Outcome
) -> None:
    sage.timeout_s = 1.0
    connection = sage.connect()
    sold = [order("CO-000000001", (well_stocked(sage)[0], 1, "10.00"))]
    sage.fault(fault)
    assert verdicts(connection.submit_orders(1, sold))["CO-000000001"].outcome is outcome
    sage.advance(minutes=5)
    assert verdicts(connection.submit_orders(2, sold))["CO-000000001"].outcome is Outcome.DONE
    assert [document["copies"] for document in sage.documents()] == [1]


def test_busy_stops_the_delivery_and_what_was_written_is_told(sage: Sage) -> None:
    connection = sage.connect()
    article = well_stocked(sage)[0]
    sold = [order(f"CO-00000000{n}", (article, 1, "10.00")) for n in range(1, 4)]
    connection.submit_orders(1, sold[:1])
    sage.fault("partial_failure")
    told = verdicts(connection.submit_orders(2, sold))
    assert [told[o.reference].outcome for o in sold] == [Outcome.DONE, Outcome.RETRY, Outcome.RETRY]


def test_what_sage_refuses_is_refused_alone_and_what_does_not_add_up_never_leaves(sage: Sage) -> None:
    connection = sage.connect()
    good, bad = (
        order("CO-000000001", (well_stocked(sage)[0], 1, "10.00")),
        order("CO-000000002", ("NOTHING", 1, "5.00")),
    )
    told = verdicts(connection.submit_orders(1, [good, bad]))
    assert told["CO-000000001"].outcome is Outcome.DONE
    assert (told["CO-000000002"].outcome, told["CO-000000002"].code) == (Outcome.REJECTED, "article")
    wrong = order("CO-000000003", (well_stocked(sage)[0], 1, "10.00"))
    replace = msgspec.structs.replace
    bent = replace(wrong, order=replace(wrong.order, total_amount=Decimal("12.00")))
    with pytest.raises(RejectedRecord, match="its lines make"):
        connection.submit_orders(2, [bent])


def test_cancelled_units_free_their_reservation_once_and_refunds_become_credit_notes(sage: Sage) -> None:
    connection = sage.connect()
    article = well_stocked(sage)[0]
    connection.submit_orders(1, [order("CO-000000001", (article, 3, "30.00"))])
    gone = ErpCancellation(cancellation_id="C1-1", order_reference="CO-000000001", line_id="x", line_number=1,
                           sku=article, quantity=1, reason="buyer", cancelled_at=START)  # fmt: skip
    for number in (1, 2):
        assert verdicts(connection.submit_cancellations(number, [gone]))["C1-1"].outcome is Outcome.DONE
    assert sage.sql("SELECT AS_QteRes FROM F_ARTSTOCK WHERE AR_Ref = %s", [article]) == [(Decimal(2),)]
    sage.advance(hours=5)
    late = verdicts(connection.submit_cancellations(3, [_again(gone, "C1-2")]))["C1-2"]
    assert (late.outcome, late.code) == (Outcome.REJECTED, "deja_expedie")
    refund = ErpRefund(refund_id="R1-1000", order_reference="CO-000000001", line_id="x", line_number=1,
                       sku=article, quantity=1, amount=Decimal("10.00"), currency="EUR", reason="broken",
                       refunded_at=START)  # fmt: skip
    for number in (1, 2):
        assert verdicts(connection.submit_refunds(number, [refund]))["R1-1000"].outcome is Outcome.DONE
    notes = sage.sql("SELECT DO_Piece, DO_TotalHT FROM F_DOCENTETE WHERE DO_Provenance = 2")
    assert len(notes) == 1
    assert notes[0][1] < 0


def _again(item: ErpCancellation, own_id: str) -> ErpCancellation:
    return msgspec.structs.replace(item, cancellation_id=own_id)


def papers(connection: Sage100Connection, cursor: str = "") -> list[tuple[str, str, Decimal]]:
    batches = connection.document_batches(cursor)
    return [(d.kind.value, d.origin, d.total_amount) for batch in batches for d in batch.documents]


def test_an_orders_chain_is_read_back_from_the_lines_that_it_became(sage: Sage) -> None:
    connection, skus = sage.connect(), well_stocked(sage)
    connection.submit_orders(1, [order("CO-CHAIN", (skus[0], 2, "59.90"), shipping="4.90")])
    assert [(kind, total) for kind, _, total in papers(connection)] == [("order", Decimal("64.80"))]
    sage.advance(hours=5)
    sage.advance(hours=11)
    found = {d.kind.value: d for batch in connection.document_batches("") for d in batch.documents}
    assert {kind: d.total_amount for kind, d in found.items() if kind != "credit_note"} == dict.fromkeys(
        ("order", "preparation", "delivery", "invoice"), Decimal("64.80")
    )
    assert found["invoice"].origin == found["delivery"].number
    assert found["delivery"].origin == found["preparation"].number
    assert found["preparation"].origin == found["order"].number
    assert found["invoice"].tax_amount == Decimal("10.80")
    goods, fee = found["invoice"].lines
    assert (goods.sku, goods.quantity, goods.amount) == (skus[0], 2, Decimal("59.90"))
    assert (fee.sku, fee.amount) == ("", Decimal("4.90"))


def test_credit_notes_of_sages_own_are_known_by_the_orders_number_and_ours_by_their_name(sage: Sage) -> None:
    connection, skus = sage.connect(), well_stocked(sage)
    # Nobody's chance: of so many invoices some are credited, half of those without a reference.
    references = [f"CO-OWN{number}" for number in range(40)]
    connection.submit_orders(1, [order(reference, (skus[0], 1, "10.00")) for reference in references])
    sage.sql("UPDATE F_ARTSTOCK SET AS_QteSto = 500 WHERE AR_Ref = %s", [skus[0]])
    for _ in range(5):
        sage.advance(hours=5)
    own = {
        d.order_reference: d
        for batch in connection.document_batches("")
        for d in batch.documents
        if d.kind.value == "credit_note"
    }
    there = sage.sql("SELECT count(*) FROM F_DOCENTETE WHERE DO_Provenance = 2")
    assert 0 < len(own) == there[0][0]
    assert {(d.total_amount, d.refund_id, d.lines[0].quantity) for d in own.values()} == {
        (Decimal("10.00"), "", 1)
    }
    bare = sage.sql("SELECT count(*) FROM F_DOCENTETE WHERE DO_Provenance = 2 AND COALESCE(DO_Ref, '') = ''")
    assert bare[0][0] > 0
    asked = next(reference for reference in references if reference not in own)
    refund = ErpRefund(
        refund_id="R77-1000", order_reference=asked, line_id="1", line_number=1, sku=skus[0], quantity=1,
        amount=Decimal("10.00"), currency="EUR", reason="refunded", refunded_at=sage.now,
    )  # fmt: skip
    connection.submit_refunds(1, [refund])
    (ours,) = [
        d for b in connection.document_batches("") for d in b.documents
        if d.kind.value == "credit_note" and d.order_reference == asked
    ]  # fmt: skip
    assert (ours.refund_id, ours.total_amount) == ("R77-1000", Decimal("10.00"))


def purchase(reference: str, supplier: str, *wanted: tuple[str, int]) -> ErpPurchaseOrder:
    return ErpPurchaseOrder(
        reference=reference, supplier=supplier, supplier_code="", warehouse="MAIN", ordered_on=START.date(),
        lines=tuple(
            ErpPurchaseLine(line_number=number, sku=sku, quantity=units, unit_price=Decimal("4.25"))
            for number, (sku, units) in enumerate(wanted, start=1)
        ),
    )  # fmt: skip


def incoming(connection: Sage100Connection, sku: str) -> tuple[int, int]:
    levels = {level.sku: level for batch in connection.stock_batches("") for level in batch.levels}
    return levels[sku].quantity, levels[sku].incoming


def test_an_order_to_a_supplier_is_made_once_and_its_receipts_come_back(sage: Sage) -> None:
    connection = sage.connect()
    product = next(p for p in products(connection) if p.supplier)
    wanted = purchase("PO-1", product.supplier, (product.sku, 9))
    before, awaited = incoming(connection, product.sku)
    sage.fault("dropped_after")
    for number in (1, 2):
        verdict = verdicts(connection.submit_purchase_orders(number, [wanted]))["PO-1"]
        assert verdict.outcome is Outcome.DONE
    assert sage.sql("SELECT count(*) FROM F_DOCENTETE WHERE DO_Domaine = 1 AND DO_NoWeb = 'PO-1'") == [(1,)]
    assert incoming(connection, product.sku) == (before, awaited + 9)
    sage.advance(hours=25)
    (half,) = [s for b in connection.purchase_state_batches("") for s in b.states]
    assert (half.order_reference, half.status, half.received) == (
        "PO-1",
        "partially_received",
        {product.sku: 4},
    )
    sage.advance(hours=25)
    (whole,) = [s for b in connection.purchase_state_batches("") for s in b.states]
    assert (whole.status, whole.received) == ("received", {product.sku: 9})
    sage.advance(minutes=30)
    assert incoming(connection, product.sku) == (before + 9, awaited)
    assert verdicts(connection.submit_purchase_orders(3, [wanted]))["PO-1"].outcome is Outcome.DONE
    assert sage.sql("SELECT count(DISTINCT DL_PieceBC) FROM F_DOCLIGNE WHERE DO_Ref = 'PO-1'") == [(1,)]


def test_a_supplier_that_sage_does_not_have_is_named_before_anything_leaves(sage: Sage) -> None:
    connection = sage.connect()
    sku = products(connection)[0].sku
    with pytest.raises(RejectedRecord, match="no active supplier") as refused:
        connection.submit_purchase_orders(1, [purchase("PO-2", "Nobody & Sons", (sku, 1))])
    assert refused.value.record_id == "PO-2"


def test_a_nomenclature_is_a_kit_that_is_sold_as_one_and_leaves_as_its_parts(sage: Sage) -> None:
    connection, (first, second, *_) = sage.connect(), well_stocked(sage)
    sage.sql(
        "INSERT INTO F_ARTICLE (AR_Ref, AR_Design, FA_CodeFamille, AR_SuiviStock, AR_Sommeil, AR_PrixVen, AR_PrixTTC,"
        " cbModification) SELECT 'KIT-1', 'Coffret', FA_CodeFamille, 0, 0, 30, 1, cbModification FROM F_ARTICLE"
        " WHERE AR_Ref = %s",
        [first],
    )
    for part, units in ((first, 2), (second, 1)):
        sage.sql(
            "INSERT INTO F_NOMENCLAT (AR_Ref, NO_RefDet, NO_Qte) VALUES ('KIT-1', %s, %s)", [part, units]
        )
    kit = next(product for product in products(connection) if product.sku == "KIT-1")
    assert kit.components == {first: 2, second: 1}
    before = stock(connection)
    connection.submit_orders(1, [order("CO-KIT", ("KIT-1", 3, "90.00"))])
    asked = ErpCancellation(
        cancellation_id="C1", order_reference="CO-KIT", line_id="1", line_number=1, sku="KIT-1", quantity=1,
        reason="", cancelled_at=sage.now,
    )  # fmt: skip
    assert verdicts(connection.submit_cancellations(1, [asked]))["C1"].outcome is Outcome.DONE
    sage.advance(hours=5)
    assert [(line.sku, line.quantity) for line in shipped(connection)] == [("KIT-1", 2)]
    sage.advance(minutes=30)
    after = stock(connection)
    assert (before[first] - after[first], before[second] - after[second]) == (4, 2)
    note = next(d for b in connection.document_batches("") for d in b.documents if d.kind.value == "delivery")
    assert [(line.sku, line.quantity, line.amount) for line in note.lines] == [("KIT-1", 2, Decimal("60.00"))]


def test_a_buyers_own_account_holds_a_name_and_a_town_and_is_emptied_on_demand(sage: Sage) -> None:
    connection, sku = sage.connect(customer_accounts="buyer"), well_stocked(sage)[0]
    known = [order(f"CO-BUYER{n}", (sku, 1, "10.00")) for n in (1, 2)]
    with_mail = [
        msgspec.structs.replace(
            one, order=msgspec.structs.replace(one.order, buyer=Buyer(name="Zoé", email=mail))
        )
        for one, mail in zip(known, ("zoe@example.org", "ZOE@example.org"), strict=True)
    ]
    assert {v.outcome for v in verdicts(connection.submit_orders(1, with_mail)).values()} == {Outcome.DONE}
    found = sage.sql("SELECT CT_Num, CT_Intitule, CT_EMail FROM F_COMPTET WHERE CT_Num LIKE 'ZB%%'")
    ((number, title, mail),) = found
    assert (len(number), bool(title), mail or "") == (17, True, "")
    assert "zoe" not in number.lower()
    accounts = connection.buyer_accounts(["CO-BUYER1"])
    assert sorted(accounts[number].references) == ["CO-BUYER1", "CO-BUYER2"]
    for _ in range(2):
        connection.forget_account(number)
    assert sage.sql("SELECT CT_Intitule, CT_Ville FROM F_COMPTET WHERE CT_Num = %s", [number]) == [
        ("ANONYME", "")
    ]
    lived = sage.sql(
        "SELECT DISTINCT LI_Intitule, LI_Adresse, LI_EMail FROM F_LIVRAISON WHERE CT_Num = %s", [number]
    )
    assert lived == [("ANONYME", "", "")]
    connection.forget_account("ZBNOBODY")
    assert sage.connect().buyer_accounts(["CO-BUYER1"]) == {}
