"""FEC-shaped journals (art. A47 A-1 LPF): the 18 columns, written. `fec_check` reads them back.

A projection of what the hub knows for whoever keeps the books; not the legal file of the company.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from stdnum.fr import siren as siren_number

from comptoir.connectors.files.fec_check import COLUMNS, check_fec
from comptoir.connectors.files.journal_cells import JournalCells, amount, day, refusal
from comptoir.connectors.files.journal_rules import verify
from comptoir.sdk.accounting import AccountingLine, entry_key

ENCODING: Final = "iso-8859-15"
_DATE: Final = "%Y%m%d"


def write_fec(lines: Sequence[AccountingLine], *, separator: str = "\t") -> bytes:
    """In ISO 8859-15, CRLF, tabs or `|`. RejectedRecord, named by the entry, where `check_fec` would object."""
    verify(lines)
    rows = [COLUMNS, *(_cells(line, separator) for line in lines)]
    data = "".join(f"{separator.join(row)}\r\n" for row in rows).encode(ENCODING)
    for problem in check_fec(data):
        line = lines[max((problem.line or 2) - 2, 0)]
        raise refusal(entry_key(line), problem.message.rstrip("."))
    return data


def fec_name(siren: str, closing: date) -> str:
    """`<SIREN>FEC<AAAAMMJJ>.txt`. ValueError when that is no SIREN."""
    digits = siren_number.compact(siren)
    if not siren_number.is_valid(digits):
        raise ValueError(f"not a SIREN: {siren!r}")
    return f"{digits}FEC{closing:%Y%m%d}.txt"


def _cells(line: AccountingLine, separator: str) -> tuple[str, ...]:
    cells = JournalCells(line, ENCODING, separator)
    foreign = line.currency_amount
    return (
        cells.code("JournalCode", line.journal),
        cells.text("JournalLib", line.journal_label),
        cells.code("EcritureNum", line.entry),
        day(line.entry_date, _DATE),
        cells.code("CompteNum", line.account),
        cells.text("CompteLib", line.account_label),
        cells.code("CompAuxNum", line.auxiliary, needed=False),
        cells.text("CompAuxLib", line.auxiliary_label, needed=False),
        cells.code("PieceRef", line.piece),
        day(line.piece_date, _DATE),
        cells.text("EcritureLib", line.label),
        amount(line.debit),
        amount(line.credit),
        cells.code("EcritureLet", line.lettering, needed=False),
        day(line.lettered_on, _DATE),
        day(line.validated_on, _DATE),
        "" if foreign is None else amount(foreign),
        line.currency,
    )
