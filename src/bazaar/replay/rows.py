"""Reads a file of invoice lines: parquet, CSV or XLSX, with the column names of Online Retail I and II.

The UCI data set calls them InvoiceNo, StockCode, Description, Quantity, InvoiceDate, UnitPrice,
CustomerID (II: Invoice, Price, "Customer ID"); snake_case forms of these are accepted too, in any order and
beside any others. Numbers, dates and codes may be text, with a decimal comma or point; what is missing may be
null, empty or NaN. CSV is read as UTF-8 or else Windows-1252, between commas, semicolons or tabs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple
from zipfile import BadZipFile

import pyarrow.csv
import pyarrow.parquet
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

_NAMES = {
    "invoiceno": "invoice",
    "invoice": "invoice",
    "stockcode": "sku",
    "description": "description",
    "quantity": "quantity",
    "invoicedate": "at",
    "unitprice": "price",
    "price": "price",
    "customerid": "customer",
}
_OPTIONAL = {"description", "customer"}
_DATES = tuple(
    f"{day}{hour}"
    for day in ("%m/%d/%Y", "%m/%d/%y", "%d/%m/%Y", "%d/%m/%y", "%d-%m-%Y", "%d.%m.%Y", "%Y/%m/%d")
    for hour in (" %H:%M", " %H:%M:%S", "")
)


class InvoiceRow(NamedTuple):
    """One line of the file. `None` in quantity, at or price: it could not be read."""

    line: int  # 1 is the first data line
    invoice: str
    sku: str
    description: str
    quantity: int | None
    at: datetime | None  # the file's local time, taken as UTC
    price: Decimal | None  # of one unit, with the file's own decimals
    customer: str  # empty: unknown


def read_invoice_rows(path: Path) -> list[InvoiceRow]:
    """Every line in the file's order. ValueError when it is another format or a column is missing."""
    readers: dict[str, Callable[[Path], dict[str, list[Any]]]] = {
        ".parquet": _parquet,
        ".csv": _csv,
        ".xlsx": _xlsx,
    }
    if path.suffix.lower() not in readers:
        raise ValueError(f"{path.name}: a replay reads {', '.join(readers)}")
    if not path.is_file():
        raise ValueError(f"no file {path}")
    columns = _canonical(readers[path.suffix.lower()](path))
    return list(_rows(columns))


def _canonical(columns: dict[str, list[Any]]) -> dict[str, list[Any]]:
    found = {_NAMES[key]: values for name, values in columns.items() if (key := _plain(name)) in _NAMES}
    missing = set(_NAMES.values()) - _OPTIONAL - set(found)
    if missing:
        raise ValueError(f"the file has no column for {', '.join(sorted(missing))}")
    rows = len(found["invoice"])
    return {name: found.get(name, [None] * rows) for name in sorted(set(_NAMES.values()))}


def _plain(name: str) -> str:
    return "".join(letter for letter in str(name).lower() if letter.isalnum())


def _rows(columns: dict[str, list[Any]]) -> Iterator[InvoiceRow]:
    form = _date_form(columns["at"])
    lines = zip(
        columns["invoice"], columns["sku"], columns["description"], columns["quantity"], columns["at"],
        columns["price"], columns["customer"], strict=True,
    )  # fmt: skip
    for line, (invoice, sku, description, quantity, at, price, customer) in enumerate(lines, start=1):
        yield InvoiceRow(
            line, _code(invoice), _code(sku), _code(description), _whole(quantity), _instant(at, form),
            _price(price), _code(customer),
        )  # fmt: skip


def _parquet(path: Path) -> dict[str, list[Any]]:
    try:
        table = pyarrow.parquet.read_table(path)
    except pyarrow.ArrowInvalid as error:
        raise ValueError(f"{path.name} is not a parquet file: {error}") from error
    return {name: table.column(name).to_pylist() for name in table.column_names}


def _csv(path: Path) -> dict[str, list[Any]]:
    """Everything as text: `085123A` and `536365` are codes, not numbers."""
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    head = text.partition("\n")[0].strip()
    between = max(",;\t", key=head.count)
    names = [name.strip().strip('"') for name in head.split(between)]
    try:
        table = pyarrow.csv.read_csv(
            BytesIO(text.encode()),
            parse_options=pyarrow.csv.ParseOptions(delimiter=between, newlines_in_values=True),
            convert_options=pyarrow.csv.ConvertOptions(column_types=dict.fromkeys(names, pyarrow.string())),
        )
    except pyarrow.ArrowInvalid as error:
        raise ValueError(f"{path.name} is not a CSV that a replay reads: {error}") from error
    return {name.strip(): table.column(name).to_pylist() for name in table.column_names}


def _xlsx(path: Path) -> dict[str, list[Any]]:
    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (BadZipFile, InvalidFileException) as error:
        raise ValueError(f"{path.name} is not an XLSX workbook: {error}") from error
    columns: dict[str, list[Any]] = {}
    for sheet in book.worksheets:
        rows = sheet.iter_rows(values_only=True)
        names = [str(name) for name in next(rows, ())]
        for row in rows:
            for name, value in zip(names, row, strict=False):
                columns.setdefault(name, []).append(value)
    book.close()
    return columns


@cache
def _code(value: object) -> str:
    """Codes and customers as text; a spreadsheet's `17850.0` is `17850`."""
    if value is None or value != value:  # NaN, as pandas writes what is missing
        return ""
    text = str(value).strip()
    return text[:-2] if text.endswith(".0") and text[:-2].isdigit() else text


@cache
def _whole(value: object) -> int | None:
    try:
        number = Decimal(_plain_number(value))
    except InvalidOperation:
        return None
    return int(number) if number.is_finite() and number == number.to_integral_value() else None


@cache
def _price(value: object) -> Decimal | None:
    """The shortest decimal that is this binary number: 4.25 is 4.25, not 4.2500000000000000001."""
    try:
        price = Decimal(_plain_number(value))
    except InvalidOperation:
        return None
    return price if price.is_finite() else None


def _plain_number(value: object) -> str:
    """`4,25` is how half of Europe writes it."""
    text = str(value).strip()
    return text.replace(",", ".") if text.count(",") == 1 and "." not in text else text


@cache
def _instant(value: object, form: str) -> datetime | None:
    if isinstance(value, datetime):
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    return None if value is None else _parsed(str(value).strip(), form)


def _date_form(values: list[Any]) -> str:
    """The one form that reads most of a column: `03/04` and `25/12` of one file are written alike."""
    texts = {text for value in values if isinstance(value, str) and (text := value.strip())}
    sample = sorted(texts)[:: max(1, len(texts) // 2_000)]
    return max(_DATES, key=lambda form: sum(_strictly(text, form) is not None for text in sample))


def _parsed(text: str, form: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return _strictly(text, form)
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def _strictly(text: str, form: str) -> datetime | None:
    try:
        return datetime.strptime(text, form).replace(tzinfo=UTC)
    except ValueError:
        return None
