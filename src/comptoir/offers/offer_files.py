"""Reading a file of offers, one line after the other: CSV, a workbook, JSON or NDJSON. Nothing is judged here.

Columns, in any order, in French or in English: SKU, channel (its key or its name; none: every channel that offers
the article), price, floor, state (active, paused), lead time in days. Others are passed over, and said so.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from itertools import chain
from typing import Any

import msgspec
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from comptoir.core.folding import fold
from comptoir.sdk.i18n import N_
from comptoir.sdk.storable import storable

MAX_LINES = 100_000
MAX_BYTES = 20_000_000
MAX_UNPACKED = 400_000_000
"""A workbook is a zip: so much at the most, unpacked."""
CELL = 200
NAMES = {
    "sku": {"sku", "reference", "reference (sku)", "article"},
    "channel": {"channel", "canal", "marketplace", "place de marche"},
    "price": {"price", "prix", "prix ttc"},
    "floor": {"floor", "floor price", "plancher", "prix plancher"},
    "state": {"state", "etat", "status", "statut", "paused"},
    "lead_time": {
        "lead time",
        "lead_time",
        "days to prepare",
        "jours de preparation",
        "delai",
        "preparation",
    },
}
ASKING = {"price", "floor", "state", "lead_time"}
_FORMULA = ("=", "+", "-", "@")
Row = dict[str, str]

TEXTS = {
    "too_big": N_("The file is larger than 20 MB."),
    "too_long": N_("The file has more than 100,000 lines: cut it in several."),
    "no_columns": N_("The first line must name the columns: SKU, and price, floor, state or lead time."),
    "no_csv": N_("This is no CSV file."),
    "no_workbook": N_("This is no workbook."),
    "no_json": N_('This is no JSON: a list of rows, {"rows": […]} or one object a line.'),
}


class UnreadableFile(ValueError):  # noqa: N818
    """What is wrong with the whole file; `code` is a key of TEXTS."""

    def __init__(self, code: str) -> None:
        super().__init__(TEXTS[code])
        self.code = code


def count_lines(name: str, content: bytes) -> int | None:
    """About how many lines follow, without reading them; None of a workbook or of JSON in one piece."""
    if name.lower().rpartition(".")[2] in ("xlsx", "json"):
        return None
    return content.count(b"\n")


def read_rows(name: str, content: bytes) -> tuple[list[str], Iterator[tuple[int, Row]]]:
    """(the columns that were understood, the lines with their number as a spreadsheet counts).

    Raises UnreadableFile, while it is read too.
    """
    if len(content) > MAX_BYTES:
        raise UnreadableFile("too_big")
    kind = name.lower().rpartition(".")[2]
    if kind in ("json", "ndjson", "jsonl"):
        return _json(content)
    lines = _sheet(content) if kind == "xlsx" else _csv(content)
    titles = [_column(text) for text in next(lines, [])]
    if "sku" not in titles or not ASKING & set(titles):
        raise UnreadableFile("no_columns")
    return [title for title in titles if title], _bounded(_named(titles, lines))


def _named(titles: list[str], lines: Iterator[list[str]]) -> Iterator[tuple[int, Row]]:
    for number, cells in enumerate(lines, start=2):
        row = {title: _plain(cell) for title, cell in zip(titles, cells, strict=False) if title}
        if any(row.values()):
            yield number, row


def _bounded(rows: Iterator[tuple[int, Row]]) -> Iterator[tuple[int, Row]]:
    for count, row in enumerate(rows):
        if count >= MAX_LINES:
            raise UnreadableFile("too_long")
        yield row


def _plain(cell: str) -> str:
    """Our exports put an apostrophe before what a spreadsheet would take for a formula."""
    text = storable(cell).strip()[:CELL]
    return text[1:] if text[:1] == "'" and text[1:].startswith(_FORMULA) else text


def _csv(content: bytes) -> Iterator[list[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # What a French Excel writes when it is not asked for UTF-8.
        text = content.decode("cp1252", errors="replace")
    head = text.split("\n", 1)[0]
    delimiter = max(";\t,", key=head.count)
    try:
        yield from csv.reader(io.StringIO(text.replace("\x00", ""), newline=""), delimiter=delimiter)
    except csv.Error as error:
        raise UnreadableFile("no_csv") from error


def _sheet(content: bytes) -> Iterator[list[str]]:
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
        for cells in book.worksheets[0].iter_rows(values_only=True):
            yield ["" if cell is None else str(cell) for cell in cells]
    finally:
        book.close()


def _column(title: str) -> str:
    plain = fold(title.strip())
    return next((name for name, known in NAMES.items() if plain in known), "")


def _json(content: bytes) -> tuple[list[str], Iterator[tuple[int, Row]]]:
    rows = _bounded(enumerate((_object(one) for one in _objects(content)), start=1))
    first = next(rows, None)
    if first is None or "sku" not in first[1]:
        raise UnreadableFile("no_columns")
    return [name for name in NAMES if name in first[1]], chain([first], rows)


def _objects(content: bytes) -> Iterator[Any]:
    """`{"rows": […]}`, `[…]`, or one object a line."""
    try:
        start = content.lstrip()[:1]
        lines = [line for line in content.splitlines() if line.strip()]
        if start == b"{" and len(lines) > 1 and not content.lstrip().startswith(b'{"rows"'):
            yield from (msgspec.json.decode(line) for line in lines)
            return
        whole = msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UnreadableFile("no_json") from error
    found = whole.get("rows", [whole]) if isinstance(whole, dict) else whole
    if not isinstance(found, list):
        raise UnreadableFile("no_json")
    yield from found


def _object(one: Any) -> Row:
    if not isinstance(one, dict):
        raise UnreadableFile("no_json")
    row = {name: _column(str(name)) for name in one}
    return {column: _value(column, one[name]) for name, column in row.items() if column}


def _value(column: str, value: Any) -> str:
    if column == "state" and isinstance(value, bool):
        return "paused" if value else "active"
    return "" if value is None else _plain(str(value))
