"""One pair from the ERP, read and verified: its records, its bad lines, or why it is refused whole."""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, Generic, TypeVar

import msgspec

from comptoir.connectors.files.cells import Row
from comptoir.connectors.files.contract import (
    Manifest,
    PairName,
    Place,
    Refusal,
    Refused,
    decode_manifest,
    decode_receipt,
)
from comptoir.connectors.files.csv_profiles import Profile
from comptoir.connectors.files.folder import Folder, read
from comptoir.connectors.files.sources import Source
from comptoir.connectors.files.table import read_rows
from comptoir.sdk.errors import RejectedRecord, TransientError, UnexpectedAnswer
from comptoir.sdk.records import Rejected

R = TypeVar("R")

NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""`as_of` of a refused file: it must make no shipment count as taken out of the stock."""


class Position(msgspec.Struct, frozen=True):
    """The cursor of one kind: the last pair that was dealt with."""

    sequence: int = 0
    sha256: str = ""
    """Of its manifest, which commits to the data by its own checksum; "" when the pair was refused."""

    @classmethod
    def decode(cls, cursor: str) -> Position:
        try:
            return msgspec.json.decode(cursor, type=cls) if cursor else cls()
        except msgspec.DecodeError as error:
            raise UnexpectedAnswer(f"The cursor {cursor!r} cannot be read: {error}.") from error

    def encode(self) -> str:
        return msgspec.json.encode(self).decode()


@dataclass(frozen=True)
class Delivery(Generic[R]):
    name: PairName
    position: Position
    """Where the reader stands once this is stored."""
    as_of: datetime = NEVER
    complete: bool = False
    records: tuple[R, ...] = ()
    lines: tuple[int, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    refusal: Refusal | None = None

    @property
    def key(self) -> str:
        """`stock-000000012`, or `stock-000000012:checksum`: enough to acknowledge after a restart."""
        return f"{self.name.stem}:{self.refusal}" if self.refusal else self.name.stem


def read_delivery(folder: Folder, name: PairName, source: Source[R], profile: Profile) -> Delivery[R]:
    content = read(folder, Place.FROM_ERP, name.manifest)
    if content is None:
        raise TransientError(f"{name.manifest} went away while it was read.")
    try:
        manifest = decode_manifest(content, name)
        rows = _parse(folder, name, manifest, source, profile)
    except Refused as refused:
        return refuse(name, Position(name.sequence), refused, raw=content)
    return Delivery(
        name=name,
        position=Position(name.sequence, hashlib.sha256(content).hexdigest()),
        as_of=(manifest.as_of or manifest.created_at).astimezone(UTC),
        complete=manifest.complete,
        records=tuple(rows.records),
        lines=tuple(rows.lines),
        rejected=tuple(sorted(rows.rejected, key=lambda rejected: rejected.line or 0)),
    )


def refuse(name: PairName, position: Position, refused: Refused, *, raw: bytes = b"") -> Delivery[Any]:
    """An empty delivery that says why, so that the hub tells somebody and goes on."""
    rejected = Rejected(external_id=name.data, message=refused.message, code=refused.reason, raw=raw)
    return Delivery(name=name, position=position, rejected=(rejected,), refusal=refused.reason)


def _parse(
    folder: Folder, name: PairName, manifest: Manifest, source: Source[R], profile: Profile
) -> _Rows[R]:
    data = folder.open(Place.FROM_ERP, name.data)
    if data is None:
        raise _missing_data(folder, name)
    found = _Rows(name, source)
    with data:
        for row in read_rows(data, manifest, source.required, profile):
            found.take(row)
    if source.whole:
        found.keep_whole_documents()
    return found


def _missing_data(folder: Folder, name: PairName) -> Refused:
    """A crash may have come between the two moves of a refusal: its receipt still says why."""
    receipt = read(folder, Place.FROM_ERP_RECEIPTS, name.receipt)
    if receipt and folder.holds(Place.FROM_ERP_REFUSED, name.data):
        reason = decode_receipt(receipt, name).refused or Refusal.CONTRACT
        return Refused(Refusal(reason), "The file was refused before.")
    return Refused(Refusal.CONTRACT, f"The manifest is there, {name.data} is not.")


@dataclass
class _Rows(Generic[R]):
    """What the rows read so far gave."""

    name: PairName
    source: Source[R]
    records: list[R] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    seen: set[Hashable] = field(default_factory=set)
    spoilt: set[str] = field(default_factory=set)

    def take(self, row: Row) -> None:
        try:
            row.verify()
            record = self.source.parse(row)
            self._once(record)
        except RejectedRecord as error:
            self._reject(row, error)
            return
        self.rejected += self.source.notes(row, record)
        self.records.append(record)
        self.lines.append(row.line)
        if self.source.whole:
            self.keys.append(row.text(self.source.key))

    def keep_whole_documents(self) -> None:
        kept = list(self._whole())
        self.records = [record for record, _ in kept]
        self.lines = [line for _, line in kept]

    def _once(self, record: R) -> None:
        if self.source.identity is None:
            return
        identity = self.source.identity(record)
        if identity in self.seen:
            raise RejectedRecord("An earlier line of this file says the same thing.", code="duplicate")
        self.seen.add(identity)

    def _reject(self, row: Row, error: RejectedRecord) -> None:
        key = row.text(self.source.key)
        self.spoilt.add(key)
        self.rejected.append(
            Rejected(
                external_id=key or f"{self.name.data}:{row.line}",
                message=error.message,
                code=error.code,
                line=row.line,
                raw=row.raw,
            )
        )

    def _whole(self) -> Iterator[tuple[R, int]]:
        for record, line, key in zip(self.records, self.lines, self.keys, strict=True):
            if key not in self.spoilt:
                yield record, line
                continue
            message = f"Another line of {key} is refused, and it is taken whole or not at all."
            self.rejected.append(Rejected(external_id=key, message=message, code="document", line=line))
