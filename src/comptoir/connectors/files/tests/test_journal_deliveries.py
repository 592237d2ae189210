"""Journals go out as orders do: numbered, once, with a receipt by entry."""

from __future__ import annotations

import hashlib

import pytest

from comptoir.connectors.files import CONNECTOR
from comptoir.connectors.files.journals import FORMATS
from comptoir.connectors.files.tests.conftest import Connect
from comptoir.connectors.files.tests.entries import sale
from comptoir.connectors.files.tests.erp import Erp
from comptoir.sdk.accounting import JournalTarget
from comptoir.sdk.errors import RejectedRecord, UnexpectedAnswer
from comptoir.sdk.statuses import ImportState
from comptoir.sdk.testing import FakeClock

STEM = "journal-000000001"


@pytest.mark.parametrize(("format_name", "first"), [("fec", 2), ("ximport", 1), ("mecg", 1)])
def test_a_journal_is_delivered_and_its_receipt_is_read_by_entry(
    erp: Erp, connect: Connect, format_name: str, first: int
) -> None:
    connection = connect(journal_format=format_name)
    assert isinstance(connection, JournalTarget)
    assert "JournalTarget" in CONNECTOR.capabilities
    lines = [*sale("1"), *sale("2")]
    assert connection.submit_journal(1, lines).external_id == STEM
    assert erp.waiting() == [f"{STEM}.json", f"{STEM}.txt"]
    data, told = (erp.inbox / f"{STEM}.txt").read_bytes(), erp.manifest(STEM)
    assert data == FORMATS[format_name].write(lines)
    assert told["sha256"] == hashlib.sha256(data).hexdigest()
    assert (told["format"], told["rows"], told["encoding"]) == (format_name, 6, FORMATS[format_name].encoding)
    assert told["keys"] == ["VF/1"] * 3 + ["VF/2"] * 3
    assert connection.read_export("journal", STEM).state is ImportState.PENDING
    # Another format since then: the manifest says where the lines begin.
    _take(erp, rejected=[{"line": first + n, "code": "closed_period"} for n in (3, 4, 5)], taken=3)
    report = connect(journal_format="fec").read_export("journal", STEM)
    assert [(verdict.key, verdict.code) for verdict in report.verdicts] == [("VF/2", "closed_period")]


def test_the_same_number_again_delivers_nothing(erp: Erp, connect: Connect, clock: FakeClock) -> None:
    first = connect().submit_journal(1, sale())
    before = (erp.inbox / f"{STEM}.json").read_bytes()
    clock.advance(hours=1)
    assert connect(journal_format="mecg").submit_journal(1, sale()) == first
    assert (erp.inbox / f"{STEM}.json").read_bytes() == before
    _take(erp, taken=3)
    assert connect().submit_journal(1, sale()) == first
    assert erp.waiting() == []
    assert connect().read_export("journal", STEM).verdicts == ()


def test_an_attempt_that_died_before_its_manifest_is_completed(erp: Erp, connect: Connect) -> None:
    (erp.inbox / f"{STEM}.txt").write_bytes(b"half a jour")
    connect().submit_journal(1, sale())
    told = erp.manifest(STEM)
    assert told["sha256"] == hashlib.sha256((erp.inbox / f"{STEM}.txt").read_bytes()).hexdigest()


def test_a_number_that_bears_other_entries_is_not_used_again(erp: Erp, connect: Connect) -> None:
    connect().submit_journal(1, sale("1"))
    with pytest.raises(UnexpectedAnswer, match="other items"):
        connect().submit_journal(1, sale("2"))


def test_a_journal_that_somebody_changed_is_told(erp: Erp, connect: Connect) -> None:
    connect().submit_journal(1, sale("1"))
    (erp.inbox / f"{STEM}.txt").write_bytes(b"changed")
    with pytest.raises(UnexpectedAnswer, match="changed"):
        connect().submit_journal(1, sale("1"))


def test_nothing_of_a_journal_is_delivered_when_one_entry_is_wrong(erp: Erp, connect: Connect) -> None:
    with pytest.raises(RejectedRecord, match="not equal") as caught:
        connect().submit_journal(1, [*sale("1"), *sale("2")[:2]])
    assert (caught.value.record_id, erp.waiting()) == ("VF/2", [])
    with pytest.raises(ValueError, match="no item"):
        connect().submit_journal(1, [])


def test_the_check_says_how_many_journals_wait(connect: Connect) -> None:
    connection = connect()
    connection.submit_journal(1, sale())
    assert connection.check().features["waiting_journal"] == "1"


def _take(erp: Erp, *, taken: int, rejected: object = ()) -> None:
    erp.tell(STEM, taken=taken, rejected=rejected, refused=None)
    for extension in ("txt", "json"):
        (erp.inbox / f"{STEM}.{extension}").rename(erp.inbox / "done" / f"{STEM}.{extension}")
