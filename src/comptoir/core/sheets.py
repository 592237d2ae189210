"""Tables that people send: CSV with commas, semicolons or tabs, or a workbook's first sheet, read tolerantly."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from openpyxl import Workbook, load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from comptoir.core.folding import fold
from comptoir.sdk.i18n import N_
from comptoir.sdk.storable import storable

MAX_BYTES = 5_000_000
MAX_UNPACKED = 200_000_000
"""A workbook is a zip: so many bytes at most, unpacked."""
MAX_LINES = 20_000
MAX_CELL = 500
Row = dict[str, str]
_COMPUTED = ("=", "+", "-", "@", "\t")

TEXTS = {
    "too_big": N_("The file is larger than 5 MB."),
    "too_long": N_("The file has more than 20,000 lines: cut it in several."),
    "no_csv": N_("This is no CSV file."),
    "no_workbook": N_("This is no workbook."),
    "no_columns": N_("The first line must name the columns, the SKU among them."),
}


class UnreadableFile(ValueError):  # noqa: N818
    """What is wrong with the whole file: a key of TEXTS."""


class WrongLine(ValueError):  # noqa: N818
    """What is wrong with one line: a key of its reader's TEXTS, and what the words name."""

    def __init__(self, code: str, **detail: Any) -> None:
        super().__init__(code)
        self.code, self.detail = code, detail


def read_upload(upload: UploadedFile[bytes]) -> bytes:
    """Never more in memory than a table may have. Raises UnreadableFile."""
    if upload.size is None or upload.size > MAX_BYTES:
        raise UnreadableFile("too_big")
    return bytes(upload.read())


def read_table(name: str, content: bytes, columns: Mapping[str, set[str]]) -> Iterator[tuple[int, Row]]:
    """(line as a spreadsheet counts, {column: text}); `columns`: each with the titles that name it, folded.

    Raises UnreadableFile. Columns that nothing names are passed over, and so are empty lines.
    """
    if len(content) > MAX_BYTES:
        raise UnreadableFile("too_big")
    lines = _workbook(content) if name.lower().endswith(".xlsx") else _csv(content)
    titles = [_column(text, columns) for text in next(lines, [])]
    if "sku" not in titles or len(set(titles) - {"", "sku"}) == 0:
        raise UnreadableFile("no_columns")
    for number, cells in enumerate(lines, start=2):
        if number > MAX_LINES + 1:
            raise UnreadableFile("too_long")
        row = {title: cell.strip()[:MAX_CELL] for title, cell in zip(titles, cells, strict=False) if title}
        if any(row.values()):
            yield number, row


def write_csv(rows: Iterator[list[Any]]) -> bytes:
    """As French and English spreadsheets open it: UTF-8 with its mark, semicolons, texts that are no formulas."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";").writerows([_safe(cell) for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def write_workbook(rows: Iterator[list[Any]]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("1")
    for row in rows:
        sheet.append([_safe(cell) for cell in row])
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def _safe(value: Any) -> Any:
    """A text that a spreadsheet would compute gets an apostrophe before it, and so does one that has it already:
    it is taken off when the table is read again."""
    if isinstance(value, str):
        clean = "".join(sign for sign in value if sign >= " " or sign in "\t\n")
        return f"'{clean}" if clean.lstrip("'")[:1] in _COMPUTED else clean
    return value


def _plain(text: str) -> str:
    return text[1:] if text[:1] == "'" and text.lstrip("'")[:1] in _COMPUTED else text


def _csv(content: bytes) -> Iterator[list[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")  # what a French Excel writes by itself
    head = text.split("\n", 1)[0]
    try:
        for cells in csv.reader(
            io.StringIO(storable(text), newline=""), delimiter=max(";\t,", key=head.count)
        ):
            yield [_plain(cell) for cell in cells]
    except csv.Error as error:
        raise UnreadableFile("no_csv") from error


def _workbook(content: bytes) -> Iterator[list[str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(one.file_size for one in packed.infolist()) > MAX_UNPACKED:
                raise UnreadableFile("too_big")
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError) as error:
        if isinstance(error, UnreadableFile):
            raise
        raise UnreadableFile("no_workbook") from error
    try:
        for cells in book.worksheets[0].iter_rows(values_only=True, max_row=MAX_LINES + 2):
            yield ["" if cell is None else _plain(storable(str(cell))) for cell in cells]
    finally:
        book.close()


def _column(title: str, columns: Mapping[str, set[str]]) -> str:
    plain = fold(title.strip())
    return next((name for name, known in columns.items() if plain in known), "")
