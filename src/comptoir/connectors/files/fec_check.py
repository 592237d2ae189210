"""The rules of a FEC (art. A47 A-1 LPF), checked on the bytes of any file: nothing of the hub is needed.

Each breach is a `Problem` with the number of its line, the heading being line 1. A tolerant reader: it goes
on after a bad line, so that all of them are told at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from stdnum.fr import siren as siren_number

COLUMNS: Final = (
    *("JournalCode", "JournalLib", "EcritureNum", "EcritureDate", "CompteNum", "CompteLib", "CompAuxNum"),
    *("CompAuxLib", "PieceRef", "PieceDate", "EcritureLib", "Debit", "Credit", "EcritureLet", "DateLet"),
    *("ValidDate", "Montantdevise", "Idevise"),
)
OPTIONAL: Final = frozenset(
    {"CompAuxNum", "CompAuxLib", "EcritureLet", "DateLet", "Montantdevise", "Idevise"}
)
DATES: Final = ("EcritureDate", "PieceDate", "DateLet", "ValidDate")
AMOUNTS: Final = ("Debit", "Credit", "Montantdevise")
SEPARATORS: Final = ("\t", "|")

_NAME: Final = re.compile(r"([0-9]{9})FEC([0-9]{8})\.txt", re.IGNORECASE)
_AMOUNT: Final = re.compile(r"-?[0-9]+(?:,[0-9]+)?")
_ACCOUNT: Final = re.compile(r"[0-9]{3}")
_NUMBER: Final = re.compile(r"(.*?)([0-9]+)", re.DOTALL)
_DATE: Final = re.compile(r"[0-9]{8}")


@dataclass(frozen=True)
class Problem:
    code: str
    message: str
    line: int | None = None
    column: str = ""


def check_fec(content: bytes, *, file_name: str = "", opening_journal: str = "") -> tuple[Problem, ...]:
    """Every breach, in the file's order. `opening_journal`: the code of the opening balances, to come first."""
    return tuple(_check(content, file_name, opening_journal))


def check_fec_name(name: str) -> Iterator[Problem]:
    found = _NAME.fullmatch(name)
    if not found:
        yield Problem("file_name", f"{name!r} is not <SIREN>FEC<AAAAMMJJ>.txt.")
        return
    if not siren_number.is_valid(found[1]):
        yield Problem("file_name", f"{found[1]} is not a SIREN.")
    if _day(found[2]) is None:
        yield Problem("file_name", f"{found[2]} is not a date AAAAMMJJ.")


def _check(content: bytes, file_name: str, opening_journal: str) -> Iterator[Problem]:
    found = _NAME.fullmatch(file_name)
    closing = _day(found[2]) if found else None
    if file_name:
        yield from check_fec_name(file_name)
    text, problem = _decode(content)
    if problem:
        yield problem
    heading, *rows = re.split(r"\r\n|\r|\n", text)
    separator = next((mark for mark in SEPARATORS if mark in heading), "")
    if tuple(heading.split(separator or None)) != COLUMNS:
        yield Problem("heading", "The first line is not the 18 names, in their order.", 1)
        return
    if rows and not rows[-1]:
        rows.pop()  # what follows the last end of line
    file = _File(opening_journal, closing)
    for number, row in enumerate(rows, start=2):
        cells = row.split(separator)
        if len(cells) != len(COLUMNS):
            yield Problem("columns", f"{len(cells)} cells, not {len(COLUMNS)}.", number)
            continue
        yield from file.take(number, dict(zip(COLUMNS, cells, strict=True)))
    yield from file.unbalanced()


def _decode(content: bytes) -> tuple[str, Problem | None]:
    """ISO 8859-15, of which ASCII is a part. UTF-8 is read too, and told."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("iso-8859-15"), None
    if text.isascii():
        return text, None
    told = Problem("encoding", "The file is in UTF-8; the text names ASCII, ISO 8859-15 and EBCDIC.")
    return text.removeprefix("\ufeff"), told


@dataclass
class _File:
    """What the lines read so far say of those to come."""

    opening_journal: str
    closing: date | None
    balances: dict[tuple[str, str], Decimal] = field(default_factory=dict)
    first_lines: dict[tuple[str, str], int] = field(default_factory=dict)
    dates: dict[tuple[str, str], str] = field(default_factory=dict)
    last_numbers: dict[tuple[str, str], int] = field(default_factory=dict)
    last_entry: tuple[str, str] = ("", "")
    last_validation: date | None = None
    others_came: bool = False

    def take(self, number: int, row: dict[str, str]) -> Iterator[Problem]:
        key = (row["JournalCode"].strip(), row["EcritureNum"].strip())
        for code, message, column in (*_cell_problems(row), *self._order(key, row)):
            yield Problem(code, message, number, column)
        self.first_lines.setdefault(key, number)
        balance = _amount(row["Debit"]) - _amount(row["Credit"])
        self.balances[key] = self.balances.get(key, Decimal(0)) + balance

    def unbalanced(self) -> Iterator[Problem]:
        for key, balance in self.balances.items():
            if balance:
                message = f"Entry {key[1]} of {key[0]} is not balanced: debit less credit is {balance}."
                yield Problem("balance", message, self.first_lines[key])

    def _order(self, key: tuple[str, str], row: dict[str, str]) -> Iterator[tuple[str, str, str]]:
        if key != self.last_entry:
            yield from self._number(key)
            self.last_entry = key
        written = row["EcritureDate"].strip()
        if self.dates.setdefault(key, written) != written:
            yield "entry_date", f"The entry began with the date {self.dates[key]}.", "EcritureDate"
        booked = _day(written)
        if booked and self.closing and booked > self.closing:
            yield "closing", f"{written} is after the closing {self.closing:%Y%m%d}.", "EcritureDate"
        validated = _day(row["ValidDate"].strip())
        if validated and self.last_validation and validated < self.last_validation:
            yield "order", f"Validated before the line above ({self.last_validation:%Y%m%d}).", "ValidDate"
        self.last_validation = validated or self.last_validation
        if self.opening_journal:
            opening = key[0] == self.opening_journal
            if opening and self.others_came:
                yield "opening", "Opening balances come first.", "JournalCode"
            self.others_came = self.others_came or not opening

    def _number(self, key: tuple[str, str]) -> Iterator[tuple[str, str, str]]:
        """Continuous in each journal; a prefix such as a year's begins a sequence of its own."""
        journal, written = key
        if key in self.first_lines:
            yield "number", f"Entry {written} of {journal} came before: its lines are apart.", "EcritureNum"
            return
        found = _NUMBER.fullmatch(written)
        if not found:
            if written:
                yield "number", f"{written!r} does not end in a number: no hole could be seen.", "EcritureNum"
            return
        sequence, number = (journal, found[1]), int(found[2])
        last = self.last_numbers.get(sequence)
        if last is not None and number != last + 1:
            yield "number", f"Entry {written} of {journal} does not follow {found[1]}{last}.", "EcritureNum"
        self.last_numbers[sequence] = number


def _cell_problems(row: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    for column in COLUMNS:
        text = row[column].strip()
        if not text:
            if column not in OPTIONAL:
                yield "missing", f"{column} is empty.", column
        elif column in DATES and _day(text) is None:
            yield "date", f"{column} is not a date AAAAMMJJ: {text!r}.", column
        elif column in AMOUNTS and not _AMOUNT.fullmatch(text):
            yield "amount", f"{column} is not an amount with a decimal comma: {text!r}.", column
        elif column == "CompteNum" and not _ACCOUNT.match(text):
            yield "account", f"{column} does not begin with three digits: {text!r}.", column
    if _amount(row["Debit"]) and _amount(row["Credit"]):
        yield "sides", "Debit and Credit are both there.", "Credit"
    yield from _together(row, "Montantdevise", "Idevise")
    yield from _together(row, "CompAuxNum", "CompAuxLib")


def _together(row: dict[str, str], *names: str) -> Iterator[tuple[str, str, str]]:
    empty = [name for name in names if not row[name].strip()]
    if len(empty) == 1:
        yield "missing", f"{empty[0]} is empty, {' and '.join(set(names) - set(empty))} is not.", empty[0]


def _amount(text: str) -> Decimal:
    """Nothing where it is no amount: that is told apart."""
    return Decimal(text.strip().replace(",", ".")) if _AMOUNT.fullmatch(text.strip()) else Decimal(0)


def _day(text: str) -> date | None:
    if not _DATE.fullmatch(text):
        return None
    try:
        return datetime.strptime(text, "%Y%m%d").date()  # noqa: DTZ007 - a day, no instant
    except ValueError:
        return None
