"""Sage 50 (formerly Ciel) `XIMPORT.TXT`: fixed width, 138 characters a line, CP850, CRLF.

The layout is that of openflyers' page on « CielXimport ». Sage imports it into the draft entries
(« brouillard ») and renames it `.BAK`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from comptoir.connectors.files.journal_cells import JournalCells, amount, day, refusal
from comptoir.connectors.files.journal_rules import verify
from comptoir.sdk.accounting import AccountingLine, entry_key

ENCODING: Final = "cp850"
WIDTH: Final = 138
MAX_MOVEMENT: Final = 99_999


def write_ximport(lines: Sequence[AccountingLine]) -> bytes:
    """One movement per entry, numbered from 1 in the file. RejectedRecord where a field is too long."""
    verify(lines)
    text = "".join(
        f"{_line(movement, line)}\r\n"
        for movement, (_, entry) in enumerate(groupby(lines, key=entry_key), start=1)
        for line in entry
    )
    return text.encode(ENCODING)


def _line(movement: int, line: AccountingLine) -> str:
    if movement > MAX_MOVEMENT:
        raise refusal(entry_key(line), f"one file holds {MAX_MOVEMENT} entries")
    written = "".join(_fields(movement, line))
    if len(written) != WIDTH:
        raise refusal(entry_key(line), f"the line is {len(written)} characters wide, not {WIDTH}")
    return written


def _fields(movement: int, line: AccountingLine) -> Iterator[str]:
    cells = JournalCells(line, ENCODING)
    yield f"{movement:05d}"
    yield cells.code("journal", line.journal, 2).ljust(2)
    yield day(line.entry_date, "%Y%m%d")
    yield day(line.due_on, "%Y%m%d", " " * 8)
    yield cells.code("piece", line.piece, 12).ljust(12)
    # One field for the account: the third party's own where there is one.
    yield cells.code("account", line.auxiliary or line.account, 11).ljust(11)
    yield cells.text("label", line.label, 25).ljust(25)
    yield amount(line.debit or line.credit, ".").rjust(13, "0")
    yield "D" if line.debit else "C"
    yield " " * 12  # ticking
    yield " " * 6  # analytical code
    label = line.auxiliary_label if line.auxiliary else line.account_label
    yield cells.text("account_label", label, 34, needed=False).ljust(34)
    yield "O"  # in euros
