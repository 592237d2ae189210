"""Lists as CSV files that a spreadsheet opens without running anything in them."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from decimal import Decimal
from itertools import islice
from typing import TypeVar

from django.db.models import Model, QuerySet
from django.http import StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import get_language, override

from comptoir.web.formats import is_french

M = TypeVar("M", bound=Model)
Value = str | int | Decimal | datetime | None
Column = tuple[str, Callable[[M], Value]]
Before = Callable[[Sequence[M]], None]
"""Called with some rows before their cells are read: what a column looks up for many rows at once."""

CHUNK = 1000
# What a spreadsheet takes for a formula (OWASP, « CSV injection »).
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def stream_csv(
    name: str, rows: QuerySet[M], columns: list[Column[M]], before: Before[M] | None = None
) -> StreamingHttpResponse:
    """Semicolons and decimal commas for a French reader, as their spreadsheet expects."""
    lines = _lines(read_rows(rows, before), columns, _Reader(get_language(), timezone.get_current_timezone()))
    answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def read_rows(rows: QuerySet[M], before: Before[M] | None) -> Iterator[M]:
    """All of them, `CHUNK` at a time."""
    found = rows.iterator(chunk_size=CHUNK)
    while some := list(islice(found, CHUNK)):
        if before is not None:
            before(some)
        yield from some


def safe_cell(value: Value, *, french: bool) -> str:
    """Text that looks like a formula gets an apostrophe before it; numbers and dates are ours and stay."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, Decimal):
        return f"{value:f}".replace(".", ",") if french else f"{value:f}"
    text = str(value)
    return f"'{text}" if text.lstrip(" \u00a0").startswith(_FORMULA) or text.startswith(_FORMULA) else text


@dataclass(frozen=True)
class _Reader:
    """The lines are made after the view has returned: its language and zone are taken along."""

    language: str | None
    zone: tzinfo


def _lines(rows: Iterator[M], columns: list[Column[M]], reader: _Reader) -> Iterator[str]:
    with override(reader.language):
        french = is_french()
    yield "\ufeff" + _line([title for title, _ in columns], french=french)
    for row in rows:
        with override(reader.language), timezone.override(reader.zone):
            cells = [safe_cell(read(row), french=french) for _, read in columns]
        yield _line(cells, french=french)


def _line(cells: list[str], *, french: bool) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=";" if french else ",").writerow(cells)
    return buffer.getvalue()
