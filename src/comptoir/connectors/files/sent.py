"""What was sent under a number, and what the ERP's receipt says of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from comptoir.connectors.files.contract import (
    JOURNAL,
    FileReceipt,
    Manifest,
    PairName,
    Place,
    Refusal,
    Refused,
    RejectedLine,
    decode_manifest,
    decode_receipt,
)
from comptoir.connectors.files.folder import Folder, read
from comptoir.connectors.files.journals import FORMATS
from comptoir.connectors.files.table import read_rows, verify_checksum
from comptoir.connectors.files.targets import TARGETS
from comptoir.sdk.errors import UnexpectedAnswer
from comptoir.sdk.records import Outcome, SubmissionReport, Verdict
from comptoir.sdk.statuses import ImportState

_WHERE: Final = (Place.TO_ERP, Place.TO_ERP_DONE, Place.TO_ERP_REFUSED)
"""In the order in which the ERP moves a pair."""


def sent_keys(folder: Folder, name: PairName) -> dict[int, str]:
    """The item of each line of the file sent; empty where the ERP has cleared the file away."""
    manifest = next(filter(None, (read(folder, place, name.manifest) for place in _WHERE)), None)
    if manifest is None:
        return {}
    data = next(filter(None, (folder.open(place, name.data) for place in _WHERE)), None)
    if data is None:
        return {}
    with data:
        try:
            told = decode_manifest(manifest, name)
            if name.kind == JOURNAL:
                verify_checksum(data, told)
                return dict(enumerate(told.keys, start=_first_line(told)))
            column = told.key or TARGETS[name.kind].key
            rows = read_rows(data, told, [column])
            return {row.line: row.text(column) for row in rows}
        except Refused as refused:
            raise UnexpectedAnswer(f"{name.data} was changed: {refused.message}") from refused


def _first_line(told: Manifest) -> int:
    if told.format not in FORMATS:
        raise Refused(Refusal.CONTRACT, f"{told.format!r} is no format of a journal.")
    return FORMATS[told.format].first_line


def read_report(folder: Folder, name: PairName) -> SubmissionReport:
    """UnexpectedAnswer when the receipt is no receipt, leaves lines out, or the pair is nowhere."""
    content = read(folder, Place.TO_ERP_RECEIPTS, name.receipt)
    if content is None:
        return _without_receipt(folder, name)
    receipt = decode_receipt(content, name)
    if receipt.refused is not None:
        message = f"The ERP refused the file as a whole: {receipt.refused}."
        return SubmissionReport(state=ImportState.FAILED, message=message)
    sent = sent_keys(folder, name)
    _verify_count(receipt, sent)
    return SubmissionReport(state=ImportState.COMPLETE, verdicts=tuple(_verdicts(receipt, sent)))


def _without_receipt(folder: Folder, name: PairName) -> SubmissionReport:
    if folder.holds(Place.TO_ERP, name.manifest):
        return SubmissionReport(state=ImportState.PENDING, message="The ERP has not read the file yet.")
    if folder.holds(Place.TO_ERP_DONE, name.manifest):
        return SubmissionReport(state=ImportState.PENDING, message="Taken; its receipt is not there yet.")
    if folder.holds(Place.TO_ERP_REFUSED, name.manifest):
        return SubmissionReport(state=ImportState.FAILED, message="Moved to refused/ without a receipt.")
    raise UnexpectedAnswer(f"{name.stem} is nowhere: neither waiting, nor taken, nor refused.", code="lost")


def _verify_count(receipt: FileReceipt, sent: Mapping[int, str]) -> None:
    """Silence means taken, so a receipt that does not add up could hide an order that was not."""
    told = receipt.taken + len({one.line for one in receipt.rejected})
    if sent and told != len(sent):
        raise UnexpectedAnswer(
            f"The receipt {receipt.kind}-{receipt.sequence:09d} speaks of {told} lines of {len(sent)}.",
            code="receipt_count",
        )


def _verdicts(receipt: FileReceipt, sent: Mapping[int, str]) -> Iterator[Verdict]:
    """One per item: the first line refused speaks for the whole item."""
    seen = set()
    for rejected in receipt.rejected:
        key = _key(rejected, sent, receipt)
        if key not in seen:
            seen.add(key)
            yield Verdict(key=key, outcome=Outcome.REJECTED, code=rejected.code, message=rejected.message)


def _key(rejected: RejectedLine, sent: Mapping[int, str], receipt: FileReceipt) -> str:
    """Our id of the item. An ERP may key a cancellation by its order: then the line tells."""
    if rejected.key and (not sent or rejected.key in sent.values()):
        return rejected.key
    if rejected.line is not None and rejected.line in sent:
        return sent[rejected.line]
    raise UnexpectedAnswer(
        f"{receipt.kind}-{receipt.sequence:09d}: the ERP rejects {rejected.key!r}, line {rejected.line}, "
        "which was not sent.",
        code="receipt_key",
    )
