"""The import blocks `#MECG` of Sage 100 Comptabilité: one per debit or credit, CP850, CRLF.

A block is its flag, 38 fields of one line each, and an empty line. An empty field is an empty line.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from comptoir.connectors.files.journal_cells import JournalCells, amount, day
from comptoir.connectors.files.journal_rules import verify
from comptoir.sdk.accounting import AccountingLine

ENCODING: Final = "cp850"
FLAG: Final = "#MECG"
LABEL_LENGTH: Final = 69
OLD_LABEL_LENGTH: Final = 35
"""Of older versions."""
_DATE: Final = "%d%m%y"


def write_mecg(lines: Sequence[AccountingLine], *, label_length: int = LABEL_LENGTH) -> bytes:
    """RejectedRecord where a field is too long for Sage."""
    verify(lines)
    blocks = ("\r\n".join((FLAG, *_fields(line, label_length), "")) + "\r\n" for line in lines)
    return "".join(blocks).encode(ENCODING)


def _fields(line: AccountingLine, label_length: int) -> tuple[str, ...]:
    cells = JournalCells(line, ENCODING)
    return (
        cells.code("journal", line.journal, 6),
        day(line.entry_date, _DATE),
        day(line.entry_date, _DATE),
        cells.code("entry", line.entry, 13),
        cells.code("piece", line.piece, 17),
        "",  # treasury document
        cells.code("account", line.account, 13),
        "",  # contra account: Sage refuses one here
        cells.code("auxiliary", line.auxiliary, 17, needed=False),
        "",  # the third party's contra account
        cells.text("label", line.label, label_length),
        "0",  # means of payment
        day(line.due_on, _DATE),
        "0,000000",  # rate
        "0,00",  # quantity
        "0",  # currency: none
        "0" if line.debit else "1",
        amount(line.debit or line.credit),
        *("", "", ""),  # lettering, ticking, lettering of quantities
        *("0", "0", "0"),  # reminders, type of opening balance, type of revision
        "",  # amount in the currency
        "",  # tax code
        *("0", "0", "0"),  # norm, provenance, type of penalties
        *("", "", ""),  # dates of penalties, of the reminder, of the bank's statement
        "",  # reference
        *("0", "0,00"),  # state of payment, amount paid
        *("", ""),  # dates of the operation and of the closing
        "0",  # export of the bank's statement
    )
