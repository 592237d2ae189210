"""Where a read stands: what changed since, page by page, without any clock but the base's own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

import msgspec

from comptoir.connectors.sage100 import queries
from comptoir.connectors.sage100.database import Database, Row

NEVER: Final = datetime(1900, 1, 1)  # noqa: DTZ001 - Sage keeps local instants without zone


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """`since`: everything changed before is taken. `newest`: how far this pass goes. `after`: its last row."""

    since: datetime = NEVER
    newest: datetime | None = None
    after: int = 0
    swept: datetime | None = None
    """When everything was last read, whatever its date (aware, by the hub's clock)."""

    @classmethod
    def decode(cls, cursor: str) -> Progress:
        return msgspec.json.decode(cursor, type=cls) if cursor else cls()

    def encode(self) -> str:
        return msgspec.json.encode(self).decode()


def passes(
    database: Database, cursor: str, *, table: str, statement: str, before: tuple[object, ...], overlap: timedelta,
    size: int, now: datetime, sweep_every: timedelta | None = None, behind: tuple[object, ...] = (),
) -> Iterator[tuple[list[Row], Progress]]:  # fmt: skip
    """Pages of what changed, each with where to resume once it is stored. The last one may be empty.

    `statement` takes `before`, then the last `cbMarq`, the earliest `cbModification`, the size of a page, and `behind`.
    With `sweep_every`, everything is read again that often: an instant that was written late is found then.
    """
    progress = Progress.decode(cursor)
    if progress.newest is None:
        newest = database.rows(queries.NEWEST.format(table=table))[0]["newest"] or NEVER
        since = progress.since
        swept = progress.swept
        if sweep_every is not None and (swept is None or now - swept >= sweep_every):
            since, swept = NEVER, now
        progress = Progress(since=since, newest=newest, after=0, swept=swept)
    while True:
        earliest = max(NEVER, progress.since - overlap) if progress.since > NEVER else NEVER
        rows = database.rows(statement, [*before, progress.after, earliest, size, *behind])
        if len(rows) < size:
            assert progress.newest is not None
            yield rows, Progress(since=max(progress.newest, progress.since), swept=progress.swept)
            return
        progress = msgspec.structs.replace(progress, after=int(rows[-1]["cbmarq"]))
        yield rows, progress
