"""Reports 2021-06-30: asked for, made a little later, downloaded through a presigned address."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from starlette.responses import Response

from bazaar.amazon import documents
from bazaar.amazon.account import Account
from bazaar.amazon.exchange import Call, Operation, Refused, answer, bad_input, nothing, stamp
from bazaar.amazon.notices import report_finished
from bazaar.amazon.paging import next_token, resume
from bazaar.amazon.records import Report
from bazaar.amazon.report_files import REPORTS, SETTLEMENT, write_settlement

_ROOT = "/reports/2021-06-30"
_STATUSES = frozenset("CANCELLED DONE FATAL IN_PROGRESS IN_QUEUE".split())


class _NewReport(msgspec.Struct, rename="camel"):
    report_type: str
    marketplace_ids: list[str]
    data_start_time: datetime | None = None
    data_end_time: datetime | None = None


async def create_report(call: Call) -> Response:
    asked = await call.body(_NewReport)
    call.check_places(asked.marketplace_ids)
    if asked.report_type == SETTLEMENT:
        raise bad_input("Settlement reports are scheduled by Amazon and cannot be requested.")
    if asked.report_type not in REPORTS:
        raise bad_input(f"The report type {asked.report_type} is unknown.")
    account = call.account
    report = _new(account, asked.report_type, tuple(asked.marketplace_ids))
    report.since, report.until = asked.data_start_time, asked.data_end_time
    account.reports[report.report_id] = report
    account.later(account.settings.report_s, "report_ends", report_id=report.report_id)
    return answer({"reportId": report.report_id}, status=202)


async def get_report(call: Call) -> Response:
    return answer(_report_json(_known(call)))


async def get_reports(call: Call) -> Response:
    start = resume(call)
    types = set(call.csv("reportTypes", most=10))
    if not types:
        raise bad_input("'reportTypes' or 'nextToken' is required.")
    statuses = call.choices("processingStatuses", _STATUSES)
    since = call.instant("createdSince")
    size = call.number("pageSize", 10, 1, 100)
    found = [
        report
        for report in reversed(list(call.account.reports.values()))
        if report.report_type in types
        and (since is None or report.created_at >= since)
        and (not statuses or report.status in statuses)
    ]
    more = next_token(call, start + size) if start + size < len(found) else {}
    return answer({"reports": [_report_json(report) for report in found[start : start + size]], **more})


async def cancel_report(call: Call) -> Response:
    report = _known(call)
    if report.status != "IN_QUEUE":
        raise bad_input("Only a report in queue can be cancelled.")
    report.status = "CANCELLED"
    call.account.reports[report.report_id] = report
    return nothing(200)


async def get_document(call: Call) -> Response:
    document = call.account.documents.get(call.path("reportDocumentId"))
    if document is None or document.body is None:
        raise Refused(404, "NotFound", "The report document was not found.")
    return answer({"reportDocumentId": document.document_id, **documents.link(call, document)})


def end(account: Account, report_id: str) -> None:
    report = account.reports[report_id]
    if report.status != "IN_QUEUE":
        return
    _finish(account, report, REPORTS[report.report_type](account, report))


def settle(account: Account) -> None:
    """Every fortnight Amazon pays, and says what for; then it begins again."""
    report = _new(account, SETTLEMENT, (account.home.id,))
    _finish(account, report, write_settlement(account, report))
    start_settlements(account)


def start_settlements(account: Account) -> None:
    account.later(account.settings.settlement_days * 86400.0, "settle")


def _finish(account: Account, report: Report, body: bytes) -> None:
    """An empty report is CANCELLED: Amazon's way to say that there is no data."""
    report.status, report.ended_at = ("DONE" if body else "CANCELLED"), account.now()
    if body:
        encoding = account.settings.report_encoding
        report.document_id = documents.store(account, body, f"text/plain; charset={encoding}")
    account.reports[report.report_id] = report
    report_finished(account, report)


def _new(account: Account, report_type: str, places: tuple[str, ...]) -> Report:
    number = account.number("reports", 50_000_000_000)
    return Report(report_id=str(number), report_type=report_type, places=places, created_at=account.now())


def _known(call: Call) -> Report:
    report = call.account.reports.get(call.path("reportId"))
    if report is None:
        raise Refused(404, "NotFound", f"The report {call.path('reportId')} was not found.")
    return report


def _report_json(report: Report) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "reportId": report.report_id,
        "reportType": report.report_type,
        "marketplaceIds": list(report.places),
        "createdTime": stamp(report.created_at),
        "processingStatus": report.status,
    }
    if report.ended_at:
        shown["processingEndTime"] = stamp(report.ended_at)
    return shown | ({"reportDocumentId": report.document_id} if report.document_id else {})


OPERATIONS = (
    Operation("createReport", "POST", f"{_ROOT}/reports", create_report),
    Operation("getReports", "GET", f"{_ROOT}/reports", get_reports),
    Operation("getReport", "GET", f"{_ROOT}/reports/{{reportId}}", get_report),
    Operation("cancelReport", "DELETE", f"{_ROOT}/reports/{{reportId}}", cancel_report),
    Operation("getReportDocument", "GET", f"{_ROOT}/documents/{{reportDocumentId}}", get_document),
)
