"""The CSV files that sellers send and get back."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from starlette.datastructures import UploadFile

from bazaar.mirakl.exchange import Call, RefusedError

Row = tuple[str, ...]
BOM = "\ufeff"


async def uploaded_form(call: Call) -> dict[str, UploadFile | str]:
    if not call.request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise RefusedError(415, "HTTP 415 Unsupported Media Type")
    form = await call.request.form()
    return {name: form[name] for name in form}


async def uploaded_file(form: dict[str, UploadFile | str]) -> bytes:
    """The part `file`; a plain field of that name is taken too, as some clients send it."""
    part = form.get("file")
    if part is None:
        raise RefusedError(400, "The file is required", field="file")
    content = part.encode() if isinstance(part, str) else await part.read()
    if not content.strip():
        raise RefusedError(400, "The file is empty", field="file")
    return content


def read_table(content: bytes, delimiter: str) -> tuple[Row, tuple[Row, ...]]:
    """Header and lines of a UTF-8 CSV. Raises ValueError when it is not one."""
    text = content.decode("utf-8").removeprefix(BOM)
    lines = [
        tuple(cell.strip() for cell in row) for row in csv.reader(io.StringIO(text), delimiter=delimiter)
    ]
    lines = [row for row in lines if any(row)]
    if not lines:
        raise ValueError("no header")
    return lines[0], tuple(lines[1:])


def write_table(header: Sequence[str], rows: Iterable[Sequence[str]], delimiter: str = ";") -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()


def delimiter_of(call: Call) -> str:
    return ";" if call.shop.settings.csv_delimiter == "SEMICOLON" else ","
