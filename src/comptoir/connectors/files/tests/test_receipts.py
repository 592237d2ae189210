from __future__ import annotations

import pytest

from comptoir.connectors.files.tests.conftest import Connect
from comptoir.connectors.files.tests.erp import Erp
from comptoir.connectors.files.tests.samples import cancellation, order
from comptoir.sdk.errors import UnexpectedAnswer
from comptoir.sdk.records import Outcome
from comptoir.sdk.statuses import ImportState

STEM = "orders-000000001"


@pytest.fixture
def sent(connect: Connect) -> None:
    connect().submit_orders(1, [order("C-1", lines=2), order("C-2", lines=1)])


@pytest.mark.usefixtures("sent")
def test_without_a_receipt_the_export_is_pending(connect: Connect) -> None:
    assert connect().read_export("orders", STEM).state is ImportState.PENDING


@pytest.mark.usefixtures("sent")
def test_taken_whole(erp: Erp, connect: Connect) -> None:
    erp.take(STEM, taken=3)
    report = connect().read_export("orders", STEM)
    assert (report.state, report.verdicts) == (ImportState.COMPLETE, ())


@pytest.mark.usefixtures("sent")
@pytest.mark.parametrize("moved", [False, True])
def test_an_order_is_rejected_once_whatever_its_lines(erp: Erp, connect: Connect, moved: bool) -> None:
    rejected = [
        {"line": 2, "key": "C-1", "code": "unknown_sku", "message": "SKU-1?"},
        {"line": 3, "key": "C-1", "code": "document", "message": "with it"},
    ]
    erp.tell(STEM, taken=1, rejected=rejected, refused=None)
    if moved:
        erp.move(STEM, "done")
    report = connect().read_export("orders", STEM)
    assert report.state is ImportState.COMPLETE
    (verdict,) = report.verdicts
    assert (verdict.key, verdict.outcome, verdict.code) == ("C-1", Outcome.REJECTED, "unknown_sku")


def test_a_rejection_keyed_otherwise_is_found_by_its_line(erp: Erp, connect: Connect) -> None:
    connect().submit_cancellations(1, [cancellation("CAN-1"), cancellation("CAN-2")])
    rejected = [{"line": 3, "key": "C-000001", "code": "shipped", "message": "too late"}]
    erp.take("cancellations-000000001", taken=1, rejected=rejected)
    report = connect().read_export("cancellations", "cancellations-000000001")
    assert [verdict.key for verdict in report.verdicts] == ["CAN-2"]


@pytest.mark.usefixtures("sent")
def test_a_file_refused_whole_has_failed(erp: Erp, connect: Connect) -> None:
    erp.refuse(STEM, "checksum")
    report = connect().read_export("orders", STEM)
    assert report.state is ImportState.FAILED
    assert "checksum" in report.message


@pytest.mark.usefixtures("sent")
def test_a_receipt_that_leaves_lines_out_is_not_believed(erp: Erp, connect: Connect) -> None:
    erp.take(STEM, taken=2)
    with pytest.raises(UnexpectedAnswer, match="2 lines of 3"):
        connect().read_export("orders", STEM)


@pytest.mark.usefixtures("sent")
def test_a_rejection_of_what_was_not_sent_is_not_believed(erp: Erp, connect: Connect) -> None:
    erp.take(STEM, taken=2, rejected=[{"line": 9, "key": "C-9", "code": "?", "message": ""}])
    with pytest.raises(UnexpectedAnswer, match="C-9"):
        connect().read_export("orders", STEM)


@pytest.mark.usefixtures("sent")
def test_a_receipt_that_is_no_receipt_stops(erp: Erp, connect: Connect) -> None:
    (erp.inbox / "receipts" / f"{STEM}.json").write_text("<html>")
    with pytest.raises(UnexpectedAnswer, match="cannot be read"):
        connect().read_export("orders", STEM)


@pytest.mark.usefixtures("sent")
def test_an_export_that_somebody_deleted_is_reported(erp: Erp, connect: Connect) -> None:
    for name in erp.waiting():
        (erp.inbox / name).unlink()
    with pytest.raises(UnexpectedAnswer, match="nowhere"):
        connect().read_export("orders", STEM)


@pytest.mark.parametrize(
    ("kind", "external_id"),
    [("orders", "../orders-000000001"), ("orders", "refunds-000000001"), ("stock", "stock-000000001")],
)
def test_only_names_of_exports_are_read(connect: Connect, kind: str, external_id: str) -> None:
    with pytest.raises(ValueError):
        connect().read_export(kind, external_id)
