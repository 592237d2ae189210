"""The formats in which accounting journals are delivered."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from comptoir.connectors.files import fec, mecg, ximport
from comptoir.sdk.accounting import AccountingLine


@dataclass(frozen=True)
class JournalFormat:
    write: Callable[[Sequence[AccountingLine]], bytes]
    """Strict: RejectedRecord, named by the entry, before a byte is delivered."""
    encoding: str
    separator: str
    decimal: str
    first_line: int
    """The number of the first accounting line in a receipt: 2 under a heading."""


FORMATS: Final[Mapping[str, JournalFormat]] = {
    "fec": JournalFormat(fec.write_fec, fec.ENCODING, "\t", ",", 2),
    "ximport": JournalFormat(ximport.write_ximport, ximport.ENCODING, "", ".", 1),
    "mecg": JournalFormat(mecg.write_mecg, mecg.ENCODING, "", ",", 1),
}


def write_journal(form: str, lines: Sequence[AccountingLine]) -> bytes:
    """ValueError for a format that is not known; RejectedRecord names the entry that cannot be written."""
    if form not in FORMATS:
        raise ValueError(f"no format of journals is called {form!r}")
    return FORMATS[form].write(lines)
