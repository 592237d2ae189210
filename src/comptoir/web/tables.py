"""What a list shows, as a file: CSV of any length, or a workbook."""

from __future__ import annotations

import tempfile
from datetime import datetime
from decimal import Decimal
from typing import TypeVar

from django.db.models import Model, QuerySet
from django.http import FileResponse, Http404
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from comptoir.web.csv_export import Before, Column, Value, read_rows, stream_csv
from comptoir.web.formats import format_number

M = TypeVar("M", bound=Model)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAX_XLSX_ROWS = 100_000
"""A workbook is made whole before it leaves; what is longer goes as CSV, which has no end."""


def too_long() -> str:
    return gettext("A workbook holds %(n)s rows: narrow the filters, or take the CSV file, which has no limit.") % {
        "n": format_number(MAX_XLSX_ROWS)}  # fmt: skip


class TooLong(ValueError):  # noqa: N818
    """More rows than a workbook takes here."""


def export_table(
    form: str, name: str, rows: QuerySet[M], columns: list[Column[M]], before: Before[M] | None = None
) -> HttpResponseBase:
    """`form`: csv or xlsx; raises Http404 for another, TooLong for a workbook of too many rows."""
    if form == "csv":
        return stream_csv(f"{name}.csv", rows, columns, before)
    if form == "xlsx":
        return _workbook(f"{name}.xlsx", rows, columns, before)
    raise Http404(form)


def _workbook(
    name: str, rows: QuerySet[M], columns: list[Column[M]], before: Before[M] | None
) -> FileResponse:
    if rows.order_by()[: MAX_XLSX_ROWS + 1].count() > MAX_XLSX_ROWS:
        raise TooLong(MAX_XLSX_ROWS)
    book = Workbook(write_only=True)
    sheet: WriteOnlyWorksheet = book.create_sheet(name.removesuffix(".xlsx"))
    sheet.freeze_panes = "A2"
    for number, (title, _) in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = max(14, len(title) + 3)
    sheet.append([_cell(sheet, title, bold=True) for title, _ in columns])
    for row in read_rows(rows, before):
        sheet.append([_cell(sheet, read(row)) for _, read in columns])
    # It outlives this function: the answer closes it once it has been sent.
    kept = tempfile.TemporaryFile()  # noqa: SIM115
    book.save(kept)
    kept.seek(0)
    return FileResponse(kept, as_attachment=True, filename=name, content_type=XLSX)


def _cell(sheet: WriteOnlyWorksheet, value: Value, *, bold: bool = False) -> WriteOnlyCell:
    if isinstance(value, datetime):
        value = timezone.localtime(value).replace(tzinfo=None)
    cell = WriteOnlyCell(sheet, _storable(value))
    if isinstance(value, str):
        # A text that begins with « = » stays a text: openpyxl would make a formula of it.
        cell.data_type = "s"
    if isinstance(value, Decimal):
        cell.number_format = "#,##0.00"
    if bold:
        cell.font = Font(bold=True)
    return cell


def _storable(value: Value) -> Value:
    """XML takes no control characters; a cell takes 32,767 characters, and says where it was cut."""
    if not isinstance(value, str):
        return value
    clean = "".join(c for c in value if c >= " " or c in "\t\n")
    return clean if len(clean) <= 32_767 else clean[:32_700] + " […]"
