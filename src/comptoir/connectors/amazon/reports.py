"""Reports (2021-06-30): asked for, waited for over several runs, downloaded within five minutes.

`CANCELLED` means « no data » as often as « asked too often »: Amazon gives no reason. Flat files come in
UTF-8 or in Windows-1252, depending on the marketplace and on the report.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from comptoir.connectors.amazon.client import AmazonClient, instant
from comptoir.connectors.amazon.feeds import decompress
from comptoir.connectors.amazon.payload import Payload
from comptoir.sdk.connector import Cache
from comptoir.sdk.errors import RateLimited, UnexpectedAnswer

_ROOT = "/reports/2021-06-30"
_WAIT = timedelta(seconds=60)
# Amazon cancels a report that is asked for again too soon.
_KEPT_S = 4 * 3600
_FINAL: Final = frozenset({"DONE", "CANCELLED", "FATAL"})


class Report(Payload, frozen=True, kw_only=True):
    report_id: str
    processing_status: str
    report_document_id: str | None = None
    created_time: datetime | None = None


class _Created(Payload, frozen=True, kw_only=True):
    report_id: str


class _Reports(Payload, frozen=True, kw_only=True):
    reports: list[Report]
    next_token: str | None = None


class _Document(Payload, frozen=True, kw_only=True):
    url: str
    compression_algorithm: str | None = None


class ReportDesk:
    """One connection's reports; an open one is remembered in the channel's cache."""

    def __init__(self, client: AmazonClient, cache: Cache, places: Sequence[str]) -> None:
        self._client = client
        self._cache = cache
        self._places = list(places)

    def fetch(self, report_type: str) -> bytes:
        """The report; RateLimited while Amazon prepares it: the next run picks it up."""
        report_id = (self._cache.get(_key(report_type)) or b"").decode()
        if not report_id:
            report_id = self.request(report_type)
            self._cache.set(_key(report_type), report_id.encode(), seconds=_KEPT_S)
        report = self.read(report_id)
        if report.processing_status not in _FINAL:
            raise RateLimited(f"{report_type}: being prepared by Amazon.", retry_after=_WAIT)
        self._cache.set(_key(report_type), b"", seconds=1)
        if report.processing_status == "CANCELLED":
            return b""
        if report.processing_status == "FATAL" or not report.report_document_id:
            raise UnexpectedAnswer(f"{report_type}: {report.processing_status} at Amazon.")
        return self.download(report.report_document_id)

    def request(self, report_type: str) -> str:
        body = {"reportType": report_type, "marketplaceIds": self._places}
        return self._client.ask("createReport", f"{_ROOT}/reports", body).json(_Created).report_id

    def read(self, report_id: str) -> Report:
        return self._client.get("getReport", f"{_ROOT}/reports/{report_id}").json(Report)

    def done_since(self, report_type: str, since: datetime) -> Iterator[Report]:
        """Reports that Amazon makes by itself, such as the settlements."""
        params: dict[str, str | int | list[str]] = {
            "reportTypes": [report_type],
            "processingStatuses": ["DONE"],
            "createdSince": instant(since),
            "pageSize": 100,
        }
        while True:
            page = self._client.get("getReports", f"{_ROOT}/reports", params).json(_Reports)
            yield from page.reports
            if not page.next_token:
                return
            params = {"nextToken": page.next_token}  # must then be the only parameter

    def download(self, document_id: str) -> bytes:
        path = f"{_ROOT}/documents/{document_id}"
        document = self._client.get("getReportDocument", path).json(_Document)
        return decompress(self._client.download(document.url), document.compression_algorithm)


def rows(content: bytes) -> Iterator[dict[str, str]]:
    """The lines of a tab-delimited report, by header name. Quotes are plain characters there."""
    text = io.StringIO(decode(content), newline="")
    reader = csv.DictReader(text, delimiter="\t", quoting=csv.QUOTE_NONE)
    for row in reader:
        yield {name.strip(): (value or "").strip() for name, value in row.items() if isinstance(name, str)}


def decode(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _key(report_type: str) -> str:
    return f"report:{report_type}"
