"""Order, replays, holes and crashes: no file is taken twice and none is passed over."""

from __future__ import annotations

import json

import pytest

from comptoir.connectors.files.contract import Place
from comptoir.connectors.files.local import LocalFolder
from comptoir.connectors.files.tests.conftest import Connect
from comptoir.connectors.files.tests.erp import Erp
from comptoir.connectors.files.tests.taking import take_all, told
from comptoir.sdk.errors import TransientError, UnexpectedAnswer
from comptoir.sdk.records import Rejected
from comptoir.sdk.testing import FakeClock


def test_files_are_taken_in_order_and_put_away(erp: Erp, connect: Connect) -> None:
    erp.stock(2, A=5)
    erp.stock(1, A=9, B=1)
    batches, cursor = take_all(connect())
    assert told(batches) == [("stock-000000001", {"A": 9, "B": 1}), ("stock-000000002", {"A": 5})]
    assert erp.left() == []
    assert len(erp.left("done")) == 4
    assert json.loads(cursor)["sequence"] == 2
    receipt = erp.receipt("stock-000000001")
    assert (receipt["taken"], receipt["rejected"], receipt["refused"]) == (2, [], None)
    assert take_all(connect(), cursor) == ([], cursor)


def test_data_without_a_manifest_is_not_there_yet(erp: Erp, connect: Connect) -> None:
    erp.stock(1, A=9)
    manifest = erp.outbox / "stock-000000001.json"
    content = manifest.read_bytes()
    manifest.unlink()
    assert take_all(connect()) == ([], "")
    manifest.write_bytes(content)
    assert len(take_all(connect())[0]) == 1


def test_kinds_have_their_own_sequences(erp: Erp, connect: Connect) -> None:
    erp.stock(1, A=9)
    erp.send("products", 1, [{"sku": "A", "title": "Mouse"}], complete=True)
    connection = connect()
    (products,) = connection.product_batches("")
    assert (products.key, products.complete, products.products[0].sku) == ("products-000000001", True, "A")
    assert len(take_all(connection)[0]) == 1


# --- crashes --------------------------------------------------------------------------------------------


def test_a_crash_before_the_hub_stored_reads_the_same_again(erp: Erp, connect: Connect) -> None:
    erp.stock(1, A=9)
    first = list(connect().stock_batches(""))
    assert list(connect().stock_batches("")) == first


def test_a_crash_between_storing_and_acknowledging_only_acknowledges(erp: Erp, connect: Connect) -> None:
    erp.send("stock", 1, [{"sku": "A", "warehouse": "L", "quantity": n} for n in (3, "x")])
    (batch,) = connect().stock_batches("")
    assert take_all(connect(), batch.cursor) == ([], batch.cursor)
    assert erp.left() == []
    receipt = erp.receipt("stock-000000001")
    assert (receipt["taken"], [line["line"] for line in receipt["rejected"]]) == (1, [3])


class CrashingFolder(LocalFolder):
    """Dies at the nth change it is asked for."""

    def __init__(self, erp: Erp, changes: int) -> None:
        super().__init__(erp.root)
        self.left = changes

    def write(self, place: Place, name: str, content: bytes) -> None:
        self._count()
        super().write(place, name, content)

    def move(self, name: str, source: Place, target: Place) -> None:
        self._count()
        super().move(name, source, target)

    def _count(self) -> None:
        if self.left == 0:
            raise TransientError("crash")
        self.left -= 1


@pytest.mark.parametrize("changes", [0, 1, 2])
@pytest.mark.parametrize("damaged", [False, True])
def test_an_acknowledgement_that_died_anywhere_is_finished_by_the_next_read(
    erp: Erp, connect: Connect, clock: FakeClock, changes: int, damaged: bool
) -> None:
    erp.stock(1, A=9)
    if damaged:
        (erp.outbox / "stock-000000001.csv").write_bytes(b"sku;ware")
    dying = connect()
    (batch,) = dying.stock_batches("")
    dying._inbox._folder = CrashingFolder(erp, changes)
    with pytest.raises(TransientError):
        dying.acknowledge(batch.key, batch.rejected)
    clock.advance(minutes=5)
    again, cursor = take_all(connect(), batch.cursor)
    assert cursor == batch.cursor
    assert [b.levels for b in again] == ([()] if damaged else [])
    assert erp.left() == []
    assert len(erp.left("refused" if damaged else "done")) == 2
    assert erp.receipt("stock-000000001")["refused"] == ("checksum" if damaged else None)


def test_acknowledging_twice_is_harmless(erp: Erp, connect: Connect) -> None:
    erp.stock(1, A=9)
    (batch,) = connect().stock_batches("")
    rejected = [Rejected(external_id="A", message="?", code="unknown_sku", line=2)]
    connect().acknowledge(batch.key, rejected)
    first = erp.receipt("stock-000000001")
    connect().acknowledge(batch.key, [])
    assert erp.receipt("stock-000000001") == first
    assert first["taken"] == 0
    assert first["rejected"] == [{"line": 2, "key": "A", "code": "unknown_sku", "message": "?"}]


def test_lines_that_the_connector_refused_are_told_whoever_passes_them_on(erp: Erp, connect: Connect) -> None:
    for sequence in (1, 2):
        rows = [{"sku": s, "warehouse": "L", "quantity": q} for s, q in (("A", 1), ("B", "x"), ("C", 3))]
        erp.send("stock", sequence, rows)
    ours = Rejected(external_id="C", message="?", code="unknown_sku", line=4)
    connection = connect()
    first, second = connection.stock_batches("")
    connection.acknowledge(first.key, [ours])
    connect().acknowledge(second.key, [*second.rejected, ours])
    for sequence in (1, 2):
        receipt = erp.receipt(f"stock-{sequence:09d}")
        assert receipt["taken"] == 1
        assert [line["line"] for line in receipt["rejected"]] == [3, 4]


# --- replays --------------------------------------------------------------------------------------------


def test_the_same_bytes_again_are_put_away_unread(erp: Erp, connect: Connect) -> None:
    erp.stock(1, A=9)
    erp.stock(2, A=5)
    _, cursor = take_all(connect())
    erp.stock(1, A=9)
    erp.stock(2, A=5)
    assert take_all(connect(), cursor) == ([], cursor)
    assert erp.left() == []
    assert erp.left("refused") == []


@pytest.mark.parametrize("sequence", [1, 2])
def test_a_number_that_comes_back_with_other_bytes_is_refused_and_told(
    erp: Erp, connect: Connect, sequence: int
) -> None:
    erp.stock(1, A=9)
    erp.stock(2, A=5)
    _, cursor = take_all(connect())
    erp.stock(sequence, A=1000)
    batches, after = take_all(connect(), cursor)
    assert after == cursor
    (batch,) = batches
    assert batch.levels == ()
    assert [(r.code, r.external_id) for r in batch.rejected] == [("replayed", f"stock-{sequence:09d}.csv")]
    assert batch.as_of.year == 1970
    assert len(erp.left("refused")) == 2
    assert erp.receipt(f"stock-{sequence:09d}")["refused"] is None, "what was taken stays told"


def test_a_replay_of_which_the_data_alone_changed_is_refused(erp: Erp, connect: Connect) -> None:
    erp.stock(1, A=9)
    _, cursor = take_all(connect())
    erp.stock(1, A=9)
    (erp.outbox / "stock-000000001.csv").write_bytes(b"sku;warehouse;quantity\nA;LYON;8\n")
    (batch,), _ = take_all(connect(), cursor)
    assert batch.rejected[0].code == "replayed"


# --- holes ----------------------------------------------------------------------------------------------


def test_a_hole_is_waited_for_then_reported_and_never_jumped(
    erp: Erp, connect: Connect, clock: FakeClock
) -> None:
    erp.stock(1, A=9)
    erp.stock(3, A=5)
    batches, cursor = take_all(connect(gap_alarm_minutes=30))
    assert [batch.key for batch in batches] == ["stock-000000001"]
    clock.advance(minutes=29)
    assert take_all(connect(gap_alarm_minutes=30), cursor) == ([], cursor)
    clock.advance(minutes=1)
    for _ in range(2):
        with pytest.raises(UnexpectedAnswer, match="stock-000000002"):
            take_all(connect(gap_alarm_minutes=30), cursor)
    assert "stock-000000003.json" in erp.left()
    erp.stock(2, A=7)
    batches, _ = take_all(connect(gap_alarm_minutes=30), cursor)
    assert [batch.key for batch in batches] == ["stock-000000002", "stock-000000003"]


def test_what_comes_before_an_old_hole_is_still_read(erp: Erp, connect: Connect, clock: FakeClock) -> None:
    erp.stock(1, A=9)
    erp.stock(3, A=5)
    clock.advance(days=1)
    read: list[str] = []
    with pytest.raises(UnexpectedAnswer):
        read.extend(batch.key for batch in connect().stock_batches(""))
    assert read == ["stock-000000001"]
