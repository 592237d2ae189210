"""One row of a data file, cell by cell. Every reader raises RejectedRecord with a code of its own."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

from comptoir.sdk.errors import RejectedRecord

MAX_INTEGER: Final = 2**31 - 1
"""More units than that is a damaged file, not a warehouse."""

_AMOUNTS: Final = {
    mark: re.compile(rf"-?[0-9]{{1,12}}(?:{re.escape(mark)}(?P<decimals>[0-9]+))?") for mark in ".,"
}
_INTEGER: Final = re.compile(r"-?[0-9]{1,12}")
_CURRENCY: Final = re.compile(r"[A-Z]{3}")
_FLAGS: Final = {"yes": True, "no": False}


@dataclass(frozen=True)
class Layout:
    """What the header and the manifest say of every row."""

    columns: Mapping[str, int]
    width: int
    """Cells of the header, unnamed ones included."""
    decimal: str
    separator: str


class Row:
    """Cells by column name, stripped; a column that the file lacks reads as empty."""

    __slots__ = ("_layout", "cells", "line")

    def __init__(self, line: int, cells: Sequence[str], layout: Layout) -> None:
        self.line = line
        self.cells = cells
        self._layout = layout

    def verify(self) -> None:
        """Refuse a row that is not as wide as the header, or that no database could hold."""
        width = self._layout.width
        if len(self.cells) != width and (len(self.cells) < width or any(self.cells[width:])):
            _refuse("columns", f"{len(self.cells)} cells under {width} columns.")
        if "\0" in "".join(self.cells):
            _refuse("nul", "The line holds NUL characters.")

    @property
    def raw(self) -> bytes:
        """The row as somebody may look at it: its quotes are gone."""
        return self._layout.separator.join(self.cells).encode()

    def text(self, column: str) -> str:
        index = self._layout.columns.get(column)
        return "" if index is None or index >= len(self.cells) else self.cells[index].strip()

    def needed(self, column: str) -> str:
        return self.text(column) or _refuse("missing", f"{column} is empty.")

    def integer(self, column: str) -> int | None:
        """A whole number, or None where the cell is empty."""
        text = self.text(column)
        if not text:
            return None
        if not _INTEGER.fullmatch(text) or abs(int(text)) > MAX_INTEGER:
            _refuse("bad_number", f"{column} is not a whole number: {text!r}.")
        return int(text)

    def quantity(self, column: str, *, default: int | None = None) -> int:
        """Units; an empty cell is refused where no default is given."""
        text = self.text(column)
        if not text and default is not None:
            return default
        if not _INTEGER.fullmatch(text) or abs(int(text)) > MAX_INTEGER:
            _refuse("bad_quantity", f"{column} is not a whole number of units: {text!r}.")
        return int(text)

    def amount(self, column: str) -> Decimal | None:
        """With the decimal mark of the manifest and no other; None where the cell is empty."""
        text = self.text(column)
        if not text:
            return None
        found = _AMOUNTS[self._layout.decimal].fullmatch(text)
        if not found or len((found["decimals"] or "").rstrip("0")) > 4:
            raise RejectedRecord(f"{column} is not an amount: {text!r}.", code="bad_amount")
        return Decimal(text.replace(",", "."))

    def price(self, column: str) -> Decimal | None:
        amount = self.amount(column)
        if amount is not None and amount <= 0:
            _refuse("bad_price", f"{column} is not above zero: {amount}.")
        return amount

    def currency(self, column: str) -> str:
        text = self.text(column) or "EUR"
        if not _CURRENCY.fullmatch(text):
            _refuse("bad_currency", f"{column} is not a currency code: {text!r}.")
        return text

    def flag(self, column: str, *, default: bool) -> bool:
        text = self.text(column).lower()
        if text and text not in _FLAGS:
            _refuse("bad_flag", f"{column} is neither yes nor no: {text!r}.")
        return _FLAGS.get(text, default)

    def instant(self, column: str) -> datetime | None:
        """UTC; None where the cell is empty. An instant without a zone is refused: it could be any hour."""
        text = self.text(column)
        if not text:
            return None
        try:
            found = datetime.fromisoformat(text)
        except ValueError:
            found = None
        if found is None or found.tzinfo is None:
            raise RejectedRecord(f"{column} is not an instant in UTC: {text!r}.", code="bad_date")
        return found.astimezone(UTC)

    def needed_instant(self, column: str) -> datetime:
        self.needed(column)
        found = self.instant(column)
        assert found is not None
        return found


def _refuse(code: str, message: str) -> str:
    raise RejectedRecord(message, code=code)
