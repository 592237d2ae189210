"""What the ERP sends, in its order: walk the pairs that wait, tell what was made of them, put them away.

A pair is put away by `acknowledge`, after the hub has stored it. Until then it stays where it is, so that
a crash at any point loses nothing: the next walk meets it again and the cursor says what is left to do.
The data file moves first and its manifest last: while the manifest waits, there is something to finish.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from comptoir.connectors.files.contract import (
    CONTRACT,
    FileReceipt,
    Manifest,
    PairName,
    Place,
    Refusal,
    Refused,
    RejectedLine,
    decode_manifest,
    decode_receipt,
    encode,
    write_instant,
)
from comptoir.connectors.files.csv_profiles import Profile
from comptoir.connectors.files.deliveries import Delivery, Position, read_delivery, refuse
from comptoir.connectors.files.folder import Folder, read
from comptoir.connectors.files.sources import NOTES, SOURCES, Source
from comptoir.sdk.errors import UnexpectedAnswer
from comptoir.sdk.records import Rejected

R = TypeVar("R")


class Inbox:
    def __init__(
        self, folder: Folder, clock: Callable[[], datetime], gap_alarm: timedelta, profile: Profile
    ) -> None:
        self._folder = folder
        self._profile = profile
        self._clock = clock
        self._gap_alarm = gap_alarm
        self._unreadable: dict[str, tuple[Rejected, ...]] = {}

    def waiting(self, kind: str) -> list[PairName]:
        """Pairs whose manifest can be seen, by sequence."""
        names = (PairName.of_file(name, "json") for name in self._folder.names(Place.FROM_ERP))
        return sorted(name for name in names if name and name.kind == kind)

    def deliveries(self, source: Source[R], cursor: str) -> Iterator[Delivery[R]]:
        """What came after `cursor`, oldest first, up to the first hole.

        UnexpectedAnswer when that hole is older than the alarm: what is behind it goes on waiting.
        """
        position = Position.decode(cursor)
        for name in self.waiting(source.kind):
            if _dealt_with(name, position):
                yield from self._again(name, position)
                continue
            if name.sequence > position.sequence + 1:
                self._report_gap(name, position)
                return
            delivery = read_delivery(self._folder, name, source, self._profile)
            self._unreadable[delivery.key] = delivery.rejected
            position = delivery.position
            yield delivery

    def acknowledge(self, key: str, rejected: Sequence[Rejected]) -> None:
        """`rejected` may hold the lines that this connector refused itself or not: each is told once."""
        stem, _, reason = key.partition(":")
        name = PairName.parse(stem)
        if name is None:
            raise ValueError(f"not a batch of this connector: {key!r}")
        if not self._folder.holds(Place.FROM_ERP, name.manifest):
            return  # done before: the manifest leaves last
        if reason:
            self._refuse(name, Refusal(reason))
        else:
            self._take(name, rejected)
        self._unreadable.pop(key, None)

    def _again(self, name: PairName, position: Position) -> Iterator[Delivery[R]]:
        if self._is_the_one_taken(name, position):
            self.acknowledge(name.stem, ())
            return
        refused = Refused(Refusal.REPLAYED, f"Sequence {name.sequence} was read before.")
        yield refuse(name, position, refused)

    def _is_the_one_taken(self, name: PairName, position: Position) -> bool:
        manifest = read(self._folder, Place.FROM_ERP, name.manifest)
        if manifest is None:
            return False
        digest = hashlib.sha256(manifest).hexdigest()
        taken = name.sequence == position.sequence and digest == position.sha256
        taken = taken or manifest == read(self._folder, Place.FROM_ERP_DONE, name.manifest)
        return taken and self._data_is_as_told(name, decode_manifest(manifest, name))

    def _data_is_as_told(self, name: PairName, manifest: Manifest) -> bool:
        data = self._folder.open(Place.FROM_ERP, name.data)
        if data is None:
            return self._folder.holds(Place.FROM_ERP_DONE, name.data)
        with data:
            return hashlib.file_digest(data, "sha256").hexdigest() == manifest.sha256.lower()

    def _report_gap(self, name: PairName, position: Position) -> None:
        content = read(self._folder, Place.FROM_ERP, name.manifest)
        try:
            since = decode_manifest(content or b"", name).created_at
        except Refused:
            since = datetime.min.replace(tzinfo=UTC)  # nothing says that it is recent
        if self._clock() - since >= self._gap_alarm:
            missing = PairName(name.kind, position.sequence + 1).stem
            raise UnexpectedAnswer(
                f"{missing} has not come, {name.stem} and what follows wait for it.", code="gap"
            )

    def _take(self, name: PairName, rejected: Sequence[Rejected]) -> None:
        if not self._told_taken(name):
            told = tuple(dict.fromkeys([*self._refused_by_us(name), *rejected]))
            self._tell(name, taken=self._rows(name) - _lines_lost(told), rejected=told)
        self._put_away(name, Place.FROM_ERP_DONE)

    def _refuse(self, name: PairName, reason: Refusal) -> None:
        # A receipt that says what was taken is never replaced by one on a later replay of its number.
        if not self._told_taken(name):
            self._tell(name, refused=reason)
        self._put_away(name, Place.FROM_ERP_REFUSED)

    def _rows(self, name: PairName) -> int:
        try:
            return decode_manifest(read(self._folder, Place.FROM_ERP, name.manifest) or b"", name).rows
        except Refused as refused:
            raise UnexpectedAnswer(f"{name.manifest} changed after it was taken.") from refused

    def _refused_by_us(self, name: PairName) -> tuple[Rejected, ...]:
        known = self._unreadable.get(name.stem)
        if known is not None:
            return known
        return read_delivery(self._folder, name, SOURCES[name.kind], self._profile).rejected

    def _told_taken(self, name: PairName) -> bool:
        content = read(self._folder, Place.FROM_ERP_RECEIPTS, name.receipt)
        return content is not None and decode_receipt(content, name).refused is None

    def _tell(
        self,
        name: PairName,
        *,
        taken: int = 0,
        rejected: Sequence[Rejected] = (),
        refused: Refusal | None = None,
    ) -> None:
        receipt = FileReceipt(
            contract=CONTRACT,
            kind=name.kind,
            sequence=name.sequence,
            read_at=write_instant(self._clock()),
            taken=taken,
            rejected=tuple(
                RejectedLine(line=one.line, key=one.external_id, code=one.code, message=one.message)
                for one in rejected
            ),
            refused=refused,
        )
        self._folder.write(Place.FROM_ERP_RECEIPTS, name.receipt, encode(receipt))

    def _put_away(self, name: PairName, place: Place) -> None:
        self._folder.move(name.data, Place.FROM_ERP, place)
        self._folder.move(name.manifest, Place.FROM_ERP, place)


def _dealt_with(name: PairName, position: Position) -> bool:
    """A refused pair was not taken: until a later one is, it may come again, put right."""
    last = name.sequence == position.sequence
    return name.sequence < position.sequence or (last and bool(position.sha256))


def _lines_lost(rejected: Sequence[Rejected]) -> int:
    """Lines, not reasons: one line may be wrong in two ways, and a note leaves its line taken."""
    return len({one.line or one.external_id for one in rejected if one.code not in NOTES})
