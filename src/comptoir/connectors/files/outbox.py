"""What the hub sends: one pair per number, written once, and the ERP's receipt for it.

A number is attempted once its manifest has been seen by the ERP or could have been. Where a crash came
before that, the data file is written again, for nobody may read data without a manifest.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
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
from comptoir.connectors.files.sent import sent_keys
from comptoir.sdk.errors import UnexpectedAnswer

# In the order in which the ERP moves a pair: looking the other way round could miss one on its way.
ATTEMPTED: Final = (Place.TO_ERP, Place.TO_ERP_RECEIPTS, Place.TO_ERP_DONE, Place.TO_ERP_REFUSED)


class Outbox:
    def __init__(self, folder: Folder, clock: Callable[[], datetime], dialect: Dialect) -> None:
        self._folder = folder
        self._clock = clock
        self._dialect = dialect

    def send(
        self, kind: str, number: int, header: Sequence[str], rows: Sequence[ExportRow], *, key: str
    ) -> str:
        """The pair's name, written now or by an earlier attempt. `key`: the column that names an item.

        UnexpectedAnswer when the number bears other items already: the hub's numbers went backwards.
        """
        if not 1 <= number <= MAX_SEQUENCE:
            raise ValueError(f"not a sequence number: {number}")
        if not rows:
            raise ValueError(f"{kind} {number} has no item")
        name = PairName(kind, number)
        if self._attempted(name):
            self._expect_same_items(name, rows)
        else:
            self._write(name, header, rows, key)
        return name.stem

    def _attempted(self, name: PairName) -> bool:
        return any(self._folder.holds(place, name.manifest) for place in ATTEMPTED)

    def _expect_same_items(self, name: PairName, rows: Sequence[ExportRow]) -> None:
        """Details may have changed since the first attempt, which stands; the items may not."""
        sent = sent_keys(self._folder, name)
        if sent and set(sent.values()) != {row.key for row in rows}:
            raise UnexpectedAnswer(f"{name.stem} was sent before, with other items.", code="number_reused")

    def _write(self, name: PairName, header: Sequence[str], rows: Sequence[ExportRow], key: str) -> None:
        shown = [self._dialect.profile.written(name.kind, column) for column in header]
        data = to_bytes(shown, rows, self._dialect)
        self._folder.write(Place.TO_ERP, name.data, data)
        manifest = self._manifest(name, data, len(rows), key)
        self._folder.write(Place.TO_ERP, name.manifest, encode(manifest))

    def _manifest(self, name: PairName, data: bytes, rows: int, key: str) -> Manifest:
        shown = fold(self._dialect.profile.written(name.kind, key))
        return Manifest(
            contract=CONTRACT,
            kind=name.kind,
            sequence=name.sequence,
            created_at=self._clock(),
            rows=rows,
            sha256=hashlib.sha256(data).hexdigest(),
            encoding=self._dialect.encoding,
            separator=self._dialect.separator,
            decimal=self._dialect.decimal,
            key="" if shown == key else shown,
        )
