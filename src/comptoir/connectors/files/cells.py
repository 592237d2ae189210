"""One row of a data file, cell by cell. Every reader raises RejectedRecord with a code of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Final

from comptoir.sdk.errors import RejectedRecord

_REMEMBERED: Final = 4096
MAX_DECIMALS: Final = 4
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

    columns: tuple[str, ...]
    """In the file's order; "" where a column has no name."""
    decimal: str
    separator: str


class Row:
    """Cells by column name, stripped; a column that the file lacks reads as empty."""

    __slots__ = ("_by_name", "_layout", "cells", "line")

    def __init__(self, line: int, cells: Sequence[str], layout: Layout) -> None:
        self.line = line
        self.cells = cells
        self._layout = layout
        self._by_name = dict(zip(layout.columns, map(str.strip, cells), strict=False))

    def verify(self) -> None:
        """Refuse a row that is not as wide as the header, or that no database could hold."""
        width = len(self._layout.columns)
        if len(self.cells) != width and (len(self.cells) < width or any(self.cells[width:])):
            raise RejectedRecord(f"{len(self.cells)} cells under {width} columns.", code="columns")
        if "\0" in "".join(self.cells):
            raise RejectedRecord("The line holds NUL characters.", code="nul")

    @property
    def raw(self) -> bytes:
        """The row as somebody may look at it: its quotes are gone."""
        return self._layout.separator.join(self.cells).encode()

    def text(self, column: str) -> str:
        return self._by_name.get(column, "")

    def needed(self, column: str) -> str:
        text = self.text(column)
        if not text:
            raise RejectedRecord(f"{column} is empty.", code="missing")
        return text

    def integer(self, column: str) -> int | None:
        """A whole number, or None where the cell is empty."""
        text = self.text(column)
        if not text:
            return None
        found = _integer(text)
        if found is None:
            raise RejectedRecord(f"{column} is not a whole number: {text!r}.", code="bad_number")
        return found

    def quantity(self, column: str, *, default: int | None = None) -> int:
        """Units; an empty cell is refused where no default is given."""
        text = self.text(column)
        found = _integer(text) if text else default
        if found is None:
            raise RejectedRecord(f"{column} is not a whole number of units: {text!r}.", code="bad_quantity")
        return found

    def amount(self, column: str) -> Decimal | None:
        """With the decimal mark of the manifest and no other; None where the cell is empty."""
        text = self.text(column)
        if not text:
            return None
        found = _amount(text, self._layout.decimal)
        if found is None:
            raise RejectedRecord(f"{column} is not an amount: {text!r}.", code="bad_amount")
        return found

    def price(self, column: str) -> Decimal | None:
        amount = self.amount(column)
        if amount is not None and amount <= 0:
            raise RejectedRecord(f"{column} is not above zero: {amount}.", code="bad_price")
        return amount

    def currency(self, column: str) -> str:
        text = self.text(column) or "EUR"
        if not _CURRENCY.fullmatch(text):
            raise RejectedRecord(f"{column} is not a currency code: {text!r}.", code="bad_currency")
        return text

    def flag(self, column: str, *, default: bool) -> bool:
        text = self.text(column).lower()
        if text and text not in _FLAGS:
            raise RejectedRecord(f"{column} is neither yes nor no: {text!r}.", code="bad_flag")
        return _FLAGS.get(text, default)

    def instant(self, column: str) -> datetime | None:
        """UTC; None where the cell is empty. An instant without a zone is refused: it could be any hour."""
        text = self.text(column)
        if not text:
            return None
        found = _instant(text)
        if found is None:
            raise RejectedRecord(f"{column} is not an instant in UTC: {text!r}.", code="bad_date")
        return found

    def needed_instant(self, column: str) -> datetime:
        self.needed(column)
        found = self.instant(column)
        assert found is not None
        return found


# The same sizes, rates and instants come back on line after line: read once, they cost nothing.


@lru_cache(maxsize=_REMEMBERED)
def _integer(text: str) -> int | None:
    if not _INTEGER.fullmatch(text) or abs(int(text)) > MAX_INTEGER:
        return None
    return int(text)


@lru_cache(maxsize=_REMEMBERED)
def _amount(text: str, mark: str) -> Decimal | None:
    found = _AMOUNTS[mark].fullmatch(text)
    if not found or len((found["decimals"] or "").rstrip("0")) > MAX_DECIMALS:
        return None
    return Decimal(text.replace(",", "."))


@lru_cache(maxsize=_REMEMBERED)
def _instant(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found.astimezone(UTC) if found.tzinfo else None
