from __future__ import annotations

from decimal import Decimal

import pytest

from comptoir.connectors.files.contract import Place
from comptoir.connectors.files.local import LocalFolder
from comptoir.connectors.files.tests.conftest import Connect
from comptoir.connectors.files.tests.erp import Erp
from comptoir.connectors.files.tests.samples import cancellation, order, refund
from comptoir.sdk.errors import ConfigurationError, RejectedRecord, TransientError, UnexpectedAnswer
from comptoir.sdk.records import ErpOrder
from comptoir.sdk.settings import SettingsError
from comptoir.sdk.testing import FakeClock


def test_orders_are_written_line_by_line_with_their_manifest(erp: Erp, connect: Connect) -> None:
    receipt = connect().submit_orders(12, [order("C-1", lines=2), order("C-2", lines=1)])
    assert receipt.external_id == "orders-000000012"
    assert erp.waiting() == ["orders-000000012.csv", "orders-000000012.json"]
    rows = erp.rows("orders-000000012")
    assert [(row["reference"], row["line_number"], row["lines"]) for row in rows] == [
        ("C-1", "1", "2"),
        ("C-1", "2", "2"),
        ("C-2", "1", "1"),
    ]
    first = rows[0]
    assert first["placed_at"] == "2026-11-23T08:30:00.123456Z"
    assert (first["unit_price"], first["shipping_amount"], first["discount_amount"]) == (
        "19.90",
        "4.99",
        "0.00",
    )
    assert (first["title"], first["street_1"]) == ("Casque « été »", "3, rue de l'Œuvre")
    assert first["prices_include_tax"] == "yes"


def test_cancellations_and_refunds_have_their_own_ids(erp: Erp, connect: Connect) -> None:
    connection = connect()
    assert connection.submit_cancellations(1, [cancellation()]).external_id == "cancellations-000000001"
    assert connection.submit_refunds(1, [refund()]).external_id == "refunds-000000001"
    assert erp.rows("cancellations-000000001")[0]["cancellation_id"] == "CAN-1"
    assert erp.rows("refunds-000000001")[0]["amount"] == "19.90"


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "cp850", "iso-8859-15"])
@pytest.mark.parametrize(("name", "mark"), [("semicolon", ";"), ("comma", ","), ("tab", "\t")])
@pytest.mark.parametrize(("decimal", "price"), [("point", "19.90"), ("comma", "19,90")])
def test_every_dialect_is_written_as_its_manifest_says(
    erp: Erp, connect: Connect, encoding: str, name: str, mark: str, decimal: str, price: str
) -> None:
    if name == decimal:
        with pytest.raises(SettingsError, match="decimal"):
            connect(separator=name, decimal=decimal)
        return
    connect(encoding=encoding, separator=name, decimal=decimal).submit_orders(1, [order()])
    told = erp.manifest("orders-000000001")
    assert (told["encoding"], told["separator"], told["decimal"]) == (encoding, mark, price[2])
    row = erp.rows("orders-000000001")[0]
    assert row["unit_price"] == price
    assert row["customer_name"] == "Zoé Lefèvre"


def test_a_letter_that_the_encoding_lacks_becomes_the_nearest_one(erp: Erp, connect: Connect) -> None:
    item = order(lines=1, line_changes={"title": "Čip\u2009№ 7 🎧\r\nneuf"})
    connect(encoding="iso-8859-15").submit_orders(1, [item])
    assert erp.rows("orders-000000001")[0]["title"] == "Cip No 7 ? neuf"


def test_the_same_number_again_writes_nothing(erp: Erp, connect: Connect, clock: FakeClock) -> None:
    first = connect().submit_orders(1, [order()])
    before = (erp.inbox / "orders-000000001.json").read_bytes()
    clock.advance(hours=1)
    assert connect().submit_orders(1, [order()]) == first
    assert (erp.inbox / "orders-000000001.json").read_bytes() == before


def test_a_number_that_the_erp_took_is_not_written_again(erp: Erp, connect: Connect) -> None:
    connect().submit_orders(1, [order()])
    erp.take("orders-000000001", taken=2)
    connect().submit_orders(1, [order()])
    assert erp.waiting() == []


def test_a_number_known_by_its_receipt_alone_is_not_written_again(erp: Erp, connect: Connect) -> None:
    connect().submit_orders(1, [order()])
    erp.take("orders-000000001", taken=2)
    for path in (erp.inbox / "done").iterdir():
        path.unlink()
    connect().submit_orders(1, [order()])
    assert erp.waiting() == []


def test_a_first_attempt_stands_though_details_changed_since(erp: Erp, connect: Connect) -> None:
    connect().submit_orders(1, [order()])
    connect().submit_orders(1, [order(shipping_amount=Decimal("9.99"))])
    assert erp.rows("orders-000000001")[0]["shipping_amount"] == "4.99"


@pytest.mark.parametrize("taken", [False, True])
def test_a_number_that_bears_other_orders_is_reported(erp: Erp, connect: Connect, taken: bool) -> None:
    connect().submit_orders(1, [order("C-1")])
    if taken:
        erp.take("orders-000000001", taken=2)
    with pytest.raises(UnexpectedAnswer, match="other items"):
        connect().submit_orders(1, [order("C-2")])


class CrashingFolder(LocalFolder):
    """Dies at the nth write, before it or after it."""

    def __init__(self, erp: Erp, writes: int) -> None:
        super().__init__(erp.root)
        self.writes_left = writes

    def write(self, place: Place, name: str, content: bytes) -> None:
        if self.writes_left == 0:
            raise TransientError("crash")
        self.writes_left -= 1
        super().write(place, name, content)


@pytest.mark.parametrize("writes", [0, 1])
def test_an_attempt_that_died_halfway_is_completed(
    erp: Erp, connect: Connect, clock: FakeClock, writes: int
) -> None:
    connection = connect()
    whole = connection.submit_orders(7, [order()])
    expected = (erp.inbox / "orders-000000007.csv").read_bytes()
    for name in erp.waiting():
        (erp.inbox / name).unlink()
    connection._outbox._folder = CrashingFolder(erp, writes)
    with pytest.raises(TransientError):
        connection.submit_orders(7, [order()])
    assert not [name for name in erp.waiting() if name.endswith(".json")], "no manifest before all is there"
    assert connect().submit_orders(7, [order()]) == whole
    assert (erp.inbox / "orders-000000007.csv").read_bytes() == expected
    assert erp.rows("orders-000000007")


def test_a_temporary_file_left_by_a_power_cut_is_in_nobodys_way(erp: Erp, connect: Connect) -> None:
    (erp.inbox / ".orders-000000001.csv.tmp").write_bytes(b"half")
    connect().submit_orders(1, [order()])
    assert erp.rows("orders-000000001")
    assert list(erp.inbox.glob(".*")) == []


@pytest.mark.parametrize(
    "wrong",
    [
        order("C-000001-IS-TOO-LONG"),
        order("C\n1"),
        order(lines=0),
        order(total_amount=Decimal("1.23456")),
        order(total_amount=Decimal("NaN")),
    ],
    ids=["long reference", "line break", "no lines", "five decimals", "not a number"],
)
def test_an_order_that_cannot_be_sent_is_named_and_nothing_is_written(
    erp: Erp, connect: Connect, wrong: ErpOrder
) -> None:
    with pytest.raises(RejectedRecord) as caught:
        connect().submit_orders(1, [order("C-1"), wrong])
    assert caught.value.record_id == wrong.reference
    assert erp.waiting() == []


def test_a_reference_that_the_encoding_lacks_is_refused_not_bent(erp: Erp, connect: Connect) -> None:
    wrong = order(lines=1, line_changes={"sku": "Ж-1"})
    with pytest.raises(RejectedRecord, match="sku"):
        connect(encoding="cp1252").submit_orders(1, [wrong])
    assert connect(encoding="utf-8").submit_orders(1, [wrong])


def test_a_missing_exchange_folder_is_a_matter_for_a_person(erp: Erp, connect: Connect) -> None:
    erp.inbox.rename(erp.root / "elsewhere")
    with pytest.raises(ConfigurationError, match="to_erp"):
        connect().submit_orders(1, [order()])
