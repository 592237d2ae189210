"""Results of bulk writes: the state of an import, then its errors line by line.

A receipt is `<operation>:<id>`: `STO01:7d98…`, `PRI01:…`, `OF24:2035`. An import can be COMPLETE with
lines in error: those are refusals of single offers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from comptoir.connectors.mirakl.client import MiraklClient
from comptoir.connectors.mirakl.csv_files import read_csv
from comptoir.sdk.errors import UnexpectedAnswer
from comptoir.sdk.records import Outcome, Receipt, SubmissionReport, Verdict
from comptoir.sdk.statuses import ImportState

STATES: dict[str, ImportState] = {
    "WAITING_SYNCHRONIZATION_PRODUCT": ImportState.PENDING,
    "WAITING": ImportState.PENDING,
    "QUEUED": ImportState.PENDING,
    "RUNNING": ImportState.PENDING,
    "COMPLETE": ImportState.COMPLETE,
    "FAILED": ImportState.FAILED,
}
_SKU_COLUMNS = ("offer-sku", "sku", "shop-sku", "offer_sku", "shop_sku")
_MESSAGE_COLUMNS = ("error-message", "error-messages", "error_message", "error message", "reason", "error")


@dataclass(frozen=True)
class _Kind:
    """The operations that tell of one kind of import, and how long to wait between two looks."""

    status: str
    errors: str
    wait_s: float


_KINDS = {
    "STO01": _Kind("STO02", "STO03", 15),
    "PRI01": _Kind("PRI02", "PRI03", 60),
    "OF24": _Kind("OF02", "OF03", 60),
}


class _Taken(msgspec.Struct):
    import_id: str | int | None = None
    importId: str | int | None = None  # noqa: N815 - PRI01 documents both


class _Import(msgspec.Struct):
    status: str
    has_error_report: bool | None = None
    lines_in_error: int | None = None
    reason_status: str | None = None


class _Imports(msgspec.Struct):
    data: list[_Import]


def receipt(code: str, body: bytes) -> Receipt:
    """UnexpectedAnswer when the answer names no import."""
    try:
        taken = msgspec.json.decode(body, type=_Taken, strict=False)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UnexpectedAnswer(f"{code}: the answer cannot be read ({error}).") from error
    number = taken.importId if taken.import_id is None else taken.import_id
    if number is None:
        raise UnexpectedAnswer(f"{code}: the answer names no import.")
    return Receipt(external_id=f"{code}:{number}")


def read_submission(client: MiraklClient, external_id: str) -> SubmissionReport:
    code, _, number = external_id.partition(":")
    if code not in _KINDS or not number:
        raise UnexpectedAnswer(f"This is no receipt of ours: {external_id!r}.")
    kind = _KINDS[code]
    found = _read_import(client, kind, number)
    state = STATES.get(found.status)
    if state is None:
        raise UnexpectedAnswer(f"{kind.status}: the import {number} is {found.status!r}, which is not known.")
    if state is ImportState.PENDING:
        return SubmissionReport(state=state, retry_after_s=kind.wait_s)
    verdicts = _errors(client, kind, number, found)
    return SubmissionReport(state=state, verdicts=verdicts, message=found.reason_status or "")


def _read_import(client: MiraklClient, kind: _Kind, number: str) -> _Import:
    if kind.status != "PRI02":
        return client.get(kind.status, import_id=number).json(_Import)
    found = client.get("PRI02", {"import_id": number}).json(_Imports).data
    if not found:
        raise UnexpectedAnswer(f"PRI02: the import {number} is not known.")
    return found[0]


def _errors(client: MiraklClient, kind: _Kind, number: str, found: _Import) -> tuple[Verdict, ...]:
    if not (found.has_error_report or found.lines_in_error):
        return ()
    if found.has_error_report is False:
        raise UnexpectedAnswer(f"{kind.status}: {found.lines_in_error} lines in error and no report of them.")
    verdicts = parse_errors(client.get(kind.errors, import_id=number).body)
    if found.lines_in_error and not verdicts:
        raise UnexpectedAnswer(f"{kind.errors}: {found.lines_in_error} lines in error and an empty report.")
    return verdicts


def parse_errors(report: bytes) -> tuple[Verdict, ...]:
    """One refusal per SKU; several errors of one offer are joined.

    OF03 gives the sent columns, then `error-line` and `error-message`. STO03 and PRI03 document their
    first column as the line number and the second as the reason, and do not name them.
    """
    header, rows = read_csv(report)
    if not header:
        return ()
    sku_at = _place(header, _SKU_COLUMNS)
    if sku_at is None:
        raise UnexpectedAnswer(f"The error report has no column of SKUs: {', '.join(header)}.")
    message_at = _place(header, _MESSAGE_COLUMNS)
    if message_at is None and sku_at > 1:
        message_at = 1
    words: dict[str, list[str]] = {}
    for row in rows:
        words.setdefault(_sku(row, sku_at), []).append(_cell(row, message_at) or "Refused without a reason.")
    return tuple(
        Verdict(key=sku, outcome=Outcome.REJECTED, message="; ".join(dict.fromkeys(said)))
        for sku, said in words.items()
    )


def _sku(row: Sequence[str], place: int) -> str:
    sku = _cell(row, place)
    if not sku:
        raise UnexpectedAnswer(f"A line of the error report names no SKU: {';'.join(row)[:200]}")
    return sku


def _place(header: Sequence[str], names: Sequence[str]) -> int | None:
    return next((header.index(name) for name in names if name in header), None)


def _cell(row: Sequence[str], place: int | None) -> str:
    return row[place].strip() if place is not None and place < len(row) else ""
