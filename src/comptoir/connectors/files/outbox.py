"""What the hub sends: one pair per number, written once, and the ERP's receipt for it.

A number is attempted once its manifest has been seen by the ERP or could have been. Where a crash came
before that, the data file is written again, for nobody may read data without a manifest.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from comptoir.connectors.files.contract import (
    CONTRACT,
    MAX_SEQUENCE,
    Manifest,
    PairName,
    Place,
    encode,
)
from comptoir.connectors.files.csv_profiles import fold
from comptoir.connectors.files.export_file import Dialect, ExportRow, to_bytes
from comptoir.connectors.files.folder import Folder
from comptoir.connectors.files.journals import FORMATS
from comptoir.connectors.files.sent import sent_keys
from comptoir.sdk.accounting import AccountingLine, entry_key
from comptoir.sdk.errors import UnexpectedAnswer

# In the order in which the ERP moves a pair: looking the other way round could miss one on its way.
ATTEMPTED: Final = (Place.TO_ERP, Place.TO_ERP_RECEIPTS, Place.TO_ERP_DONE, Place.TO_ERP_REFUSED)


@dataclass(frozen=True)
class Payload:
    """A data file, and what its manifest says of it."""

    data: bytes
    keys: tuple[str, ...]
    """The item of each row."""
    encoding: str
    separator: str
    decimal: str
    format: str = ""
    key_column: str = ""


class Outbox:
    def __init__(self, folder: Folder, clock: Callable[[], datetime]) -> None:
        self._folder = folder
        self._clock = clock

    def send(self, kind: str, number: int, payload: Payload) -> str:
        """The pair's name, written now or by an earlier attempt.

        UnexpectedAnswer when the number bears other items already: the hub's numbers went backwards.
        """
        if not 1 <= number <= MAX_SEQUENCE:
            raise ValueError(f"not a sequence number: {number}")
        if not payload.keys:
            raise ValueError(f"{kind} {number} has no item")
        name = PairName(kind, number)
        if self._attempted(name):
            self._expect_same_items(name, payload)
        else:
            self._folder.write(Place.TO_ERP, name.data, payload.data)
            self._folder.write(Place.TO_ERP, name.manifest, encode(self._manifest(name, payload)))
        return name.stem

    def _attempted(self, name: PairName) -> bool:
        return any(self._folder.holds(place, name.manifest) for place in ATTEMPTED)

    def _expect_same_items(self, name: PairName, payload: Payload) -> None:
        """Details may have changed since the first attempt, which stands; the items may not."""
        sent = sent_keys(self._folder, name)
        if sent and set(sent.values()) != set(payload.keys):
            raise UnexpectedAnswer(f"{name.stem} was sent before, with other items.", code="number_reused")

    def _manifest(self, name: PairName, payload: Payload) -> Manifest:
        return Manifest(
            contract=CONTRACT,
            kind=name.kind,
            sequence=name.sequence,
            created_at=self._clock(),
            rows=len(payload.keys),
            sha256=hashlib.sha256(payload.data).hexdigest(),
            encoding=payload.encoding,
            separator=payload.separator,
            decimal=payload.decimal,
            format=payload.format,
            keys=payload.keys if payload.format else (),
            key=payload.key_column,
        )


def table(
    kind: str, header: Sequence[str], rows: Sequence[ExportRow], dialect: Dialect, *, key: str
) -> Payload:
    """A CSV file in the dialect's names; `key` is the contract's name of the column that names an item."""
    shown = [dialect.profile.written(kind, column) for column in header]
    key_shown = fold(dialect.profile.written(kind, key))
    return Payload(
        data=to_bytes(shown, rows, dialect),
        keys=tuple(row.key for row in rows),
        encoding=dialect.encoding,
        separator=dialect.separator,
        decimal=dialect.decimal,
        key_column="" if key_shown == key else key_shown,
    )


def journal(lines: Sequence[AccountingLine], format_name: str) -> Payload:
    """RejectedRecord, named by the entry, where a line cannot be written as it is."""
    chosen = FORMATS[format_name]
    return Payload(
        data=chosen.write(lines),
        keys=tuple(map(entry_key, lines)),
        encoding=chosen.encoding,
        separator=chosen.separator,
        decimal=chosen.decimal,
        format=format_name,
    )
