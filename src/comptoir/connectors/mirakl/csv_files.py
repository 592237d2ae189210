"""The CSV files that Mirakl takes and gives: UTF-8, `;`, decimal point; its reports vary, ours do not."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from comptoir.sdk.errors import UnexpectedAnswer

_SEPARATORS = ";,\t|"


def write_csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    file = io.StringIO()
    writer = csv.writer(file, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return file.getvalue().encode()


def read_csv(content: bytes) -> tuple[list[str], list[list[str]]]:
    """Header (lower case) and rows, whatever the separator, with or without a byte order mark.

    UnexpectedAnswer for what is no CSV text: a workbook, an XML file, a page of a proxy.
    """
    text = _decode(content)
    if text.lstrip().startswith("<") or content.startswith(b"PK"):
        raise UnexpectedAnswer("The report is no CSV file.")
    first = text.partition("\n")[0]
    separator = max(_SEPARATORS, key=first.count)
    rows = [row for row in csv.reader(io.StringIO(text), delimiter=separator) if any(row)]
    if not rows:
        return [], []
    return [name.strip().lower() for name in rows[0]], rows[1:]


def _decode(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Reports give back the seller's own file, which may have been written on Windows.
        return content.decode("cp1252", "replace")
