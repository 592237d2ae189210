"""The data file of an export: deterministic bytes for the same items.

Strict writer: an item that the ERP could misread is refused here, with its id, before a byte is written.
Texts for people lose their control characters, line breaks first of all, and take the nearest letter
where the encoding lacks one; references, which the ERP gives back to us, must come through unchanged.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from comptoir.connectors.files.csv_profiles import Profile
from comptoir.sdk.errors import RejectedRecord

_FOUR_DECIMALS: Final = Decimal("0.0001")
_TOO_MUCH: Final = Decimal(10) ** 12
_CONTRACT: Final = Profile()
_CONTROLS: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})
"""Unicode categories: controls, lone surrogates, line and paragraph separators."""


_SPELT_OUT: Final = {
    "œ": "oe",
    "Œ": "OE",
    "æ": "ae",
    "Æ": "AE",
    "ß": "ss",
    "€": "EUR",
    "\u2019": "'",
    "\u2018": "'",
    "\u201c": '"',
    "\u201d": '"',
    "\u2013": "-",
    "\u2014": "-",
}
"""Letters and marks that Unicode does not take apart: quotes and dashes among them."""


@dataclass(frozen=True)
class Dialect:
    encoding: str
    separator: str
    decimal: str
    profile: Profile = _CONTRACT


@dataclass(frozen=True)
class ExportRow:
    """One line of an export; `key` is the id of its item, as verdicts bear it."""

    key: str
    cells: tuple[str, ...]


class Writer:
    """Turns the values of one item into cells; RejectedRecord bears the item's id."""

    def __init__(self, dialect: Dialect, key: str) -> None:
        self._dialect = dialect
        self._key = key

    def identifier(self, name: str, value: str, *, max_length: int | None = None) -> str:
        if not value or value != value.strip() or _has_controls(value) or not self._encodes(value):
            raise self._refusal(f"{name} cannot be written as it is: {value!r}")
        if max_length is not None and len(value) > max_length:
            raise self._refusal(f"{name} is longer than {max_length} characters: {value!r}")
        return value

    def text(self, value: str) -> str:
        printable = _printable(value)
        return printable if self._encodes(printable) else "".join(map(self._nearest, printable))

    def quantity(self, name: str, value: int) -> str:
        if value < 1:
            raise self._refusal(f"{name} is not above zero: {value}")
        return str(value)

    def amount(self, name: str, value: Decimal) -> str:
        """At most four decimals, two at least; an amount that has more is refused, never rounded."""
        if not _is_sendable(value) or value != value.quantize(_FOUR_DECIMALS):
            raise self._refusal(f"{name} is no amount of four decimals at most: {value}")
        return self._write(value)

    def unit_price(self, name: str, value: Decimal) -> str:
        """Rounded to four decimals: the line's amount beside it is what counts."""
        if not _is_sendable(value):
            raise self._refusal(f"{name} is no amount: {value}")
        return self._write(value.quantize(_FOUR_DECIMALS, rounding=ROUND_HALF_UP))

    def instant(self, name: str, value: datetime | None) -> str:
        if value is None:
            return ""
        if value.tzinfo is None:
            raise self._refusal(f"{name} is without a time zone")
        return self._dialect.profile.write_date(value)

    def flag(self, value: bool) -> str:
        return self._dialect.profile.yes[0] if value else self._dialect.profile.no[0]

    def _write(self, value: Decimal) -> str:
        whole, _, decimals = f"{value.quantize(_FOUR_DECIMALS):f}".partition(".")
        return f"{whole}{self._dialect.decimal}{decimals.rstrip('0').ljust(2, '0')}"

    def _encodes(self, text: str) -> bool:
        try:
            text.encode(self._dialect.encoding)
        except UnicodeEncodeError:
            return False
        return True

    def _nearest(self, character: str) -> str:
        if self._encodes(character):
            return character
        character = _SPELT_OUT.get(character, character)
        plain = "".join(c for c in unicodedata.normalize("NFKD", character) if self._encodes(c))
        return plain or "?"

    def _refusal(self, message: str) -> RejectedRecord:
        return RejectedRecord(f"{self._key}: {message}.", code="not_writable", record_id=self._key)


def to_bytes(header: Sequence[str], rows: Sequence[ExportRow], dialect: Dialect) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=dialect.separator, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows(row.cells for row in rows)
    return text.getvalue().encode(dialect.encoding)


def _printable(text: str) -> str:
    """On one line, without control characters: many an ERP reads line by line."""
    if text.isprintable():  # no category of `_CONTROLS` is: the quick way for nearly every text
        return " ".join(text.split())
    return " ".join("".join(" " if unicodedata.category(c) in _CONTROLS else c for c in text).split())


def _has_controls(text: str) -> bool:
    return not text.isprintable() and any(unicodedata.category(one) in _CONTROLS for one in text)


def _is_sendable(value: Decimal) -> bool:
    return value.is_finite() and abs(value) < _TOO_MUCH
