"""One row of a data file, cell by cell. Every reader raises RejectedRecord with a code of its own."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Final

from comptoir.connectors.files.csv_profiles import Profile
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
_CONTRACT: Final = Profile()
_FLAGS: Final = {"yes": True, "no": False}
"""The contract's own: the quick way for nearly every row."""


@dataclass(frozen=True)
class Layout:
    """What the header and the manifest say of every row."""

    columns: tuple[str, ...]
    """In the file's order; "" where a column has no name."""
    decimal: str
    separator: str
    profile: Profile = _CONTRACT
    shown: Mapping[str, str] = field(default_factory=dict)
    """The contract's name of a column and the file's, where they differ."""

    def name(self, column: str) -> str:
        """As somebody who looks at the file knows it."""
        return self.shown.get(column, column)


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
            raise RejectedRecord(f"{self._layout.name(column)} is empty.", code="missing")
        return text

    def integer(self, column: str) -> int | None:
        """A whole number, or None where the cell is empty."""
        text = self.text(column)
        if not text:
            return None
        found = _integer(self._ungrouped(text))
        if found is None:
            raise RejectedRecord(
                f"{self._layout.name(column)} is not a whole number: {text!r}.", code="bad_number"
            )
        return found

    def quantity(self, column: str, *, default: int | None = None) -> int:
        """Units; an empty cell is refused where no default is given."""
        text = self.text(column)
        found = _integer(self._ungrouped(text)) if text else default
        if found is None:
            raise RejectedRecord(
                f"{self._layout.name(column)} is not a whole number of units: {text!r}.", code="bad_quantity"
            )
        return found

    def amount(self, column: str) -> Decimal | None:
        """With the decimal mark of the manifest and no other; None where the cell is empty."""
        text = self.text(column)
        if not text:
            return None
        found = _amount(self._ungrouped(text), self._layout.decimal)
        if found is None:
            raise RejectedRecord(
                f"{self._layout.name(column)} is not an amount: {text!r}.", code="bad_amount"
            )
        return found

    def price(self, column: str) -> Decimal | None:
        amount = self.amount(column)
        if amount is not None and amount <= 0:
            raise RejectedRecord(
                f"{self._layout.name(column)} is not above zero: {amount}.", code="bad_price"
            )
        return amount

    def currency(self, column: str) -> str:
        text = self.text(column) or "EUR"
        if not _CURRENCY.fullmatch(text):
            raise RejectedRecord(
                f"{self._layout.name(column)} is not a currency code: {text!r}.", code="bad_currency"
            )
        return text

    def flag(self, column: str, *, default: bool) -> bool:
        text = self.text(column)
        found = _FLAGS.get(text) if text else default
        if found is None:
            found = self._layout.profile.flag(text)
        if found is None:
            raise RejectedRecord(
                f"{self._layout.name(column)} is neither yes nor no: {text!r}.", code="bad_flag"
            )
        return found

    def instant(self, column: str) -> datetime | None:
        """UTC; None where the cell is empty. An instant without a zone is refused: it could be any hour."""
        text = self.text(column)
        if not text:
            return None
        found = _instant(text) or self._layout.profile.read_date(text)
        if found is None:
            raise RejectedRecord(f"{self._layout.name(column)} is not an instant: {text!r}.", code="bad_date")
        return found

    def _ungrouped(self, text: str) -> str:
        return self._layout.profile.without_thousands(text, self._layout.decimal)

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
