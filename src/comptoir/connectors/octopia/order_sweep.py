"""How orders are read so that none is ever missed, though they change while they are read.

`GET /orders?updatedAtMin&sort=asc:updatedAt` numbers its pages; an order that changes goes to the end
and moves all those behind it one place forward, over the border of a page already read. So the read
asks again for *page 1 from the last instant it has seen*: what changed meanwhile is further on and comes
later. Only where more orders than a page holds share one second are page numbers used, and these pages
are read again until they bring nothing new.

The read ends when asking from the last instant brings nothing new. The next one starts `overlap` before
the last instant seen, or before this read began by the server's clock, whichever came first: an order
that becomes visible late is still found.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import msgspec

from comptoir.sdk.errors import UnexpectedAnswer

PAGE_SIZE = 100
# The same pages are read three times at most when each reading brings something new.
_MOST_TURNS = 3

Seen = tuple[datetime, str]
"""When an order was updated, and its id."""


class Position(msgspec.Struct, frozen=True):
    """Where the read stands: the stored cursor."""

    high: datetime
    """The last instant seen: the next read starts `overlap` before it."""
    at: datetime | None = None
    """Orders updated before it are read. None between two reads."""
    page: int = 1
    turn: int = 1
    started: datetime | None = None
    """By the server's clock."""

    def dump(self) -> str:
        return msgspec.json.encode(self).decode()


def load_position(cursor: str) -> Position:
    try:
        return msgspec.json.decode(cursor, type=Position)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UnexpectedAnswer(f"This is not one of our cursors: {cursor[:80]!r}.") from error


class Sweep:
    """One read. `record` each page as it comes, then ask for `position` again."""

    def __init__(self, position: Position, overlap: timedelta, *, sorted_by_server: bool = True) -> None:
        start = position.at or position.high - overlap
        self.position = msgspec.structs.replace(position, at=to_second(start))
        self.finished = False
        self._sorted = sorted_by_server
        self._seen: set[Seen] = set()
        self._found_new = False

    @property
    def at(self) -> datetime:
        assert self.position.at is not None, "a finished read is not asked where it stands"
        return self.position.at

    def record(self, page: Sequence[Seen], size: int, server_time: datetime) -> None:
        """`page` in the server's order; `size` counts its unreadable items too."""
        new = set(page) - self._seen
        self._seen |= new
        self._found_new |= bool(new)
        high = max([self.position.high, *(updated for updated, _ in page)])
        self.position = msgspec.structs.replace(
            self.position, high=high, started=self.position.started or server_time
        )
        self._go_on(page, full=size >= PAGE_SIZE, new=bool(new))

    def _go_on(self, page: Sequence[Seen], *, full: bool, new: bool) -> None:
        beyond = [second for updated, _ in page if (second := to_second(updated)) > self.at]
        ordered = self._sorted and list(page) == sorted(page, key=lambda one: one[0])
        first = self.position.page == 1 and self.position.turn == 1
        if full and not (ordered and beyond):
            self._move(page=self.position.page + 1)
        elif first and (full or (new and beyond and ordered)):
            self._forward(max(beyond))
        elif self._found_new and not first and self.position.turn < _MOST_TURNS:
            self._again()
        elif full:
            self._forward(min(beyond))
        else:
            self._finish()

    def _move(self, **changes: object) -> None:
        self.position = msgspec.structs.replace(self.position, **changes)

    def _again(self) -> None:
        self._found_new = False
        self._move(page=1, turn=self.position.turn + 1)

    def _forward(self, at: datetime) -> None:
        self._seen = {one for one in self._seen if one[0] >= at}
        self._found_new = False
        self._move(at=at, page=1, turn=1)

    def _finish(self) -> None:
        started = self.position.started
        assert started is not None, "a page was recorded"
        self.finished = True
        self.position = Position(high=min(self.position.high, started))


def to_second(moment: datetime) -> datetime:
    """Down to the second: how finely `updatedAtMin` compares is not documented."""
    return moment.astimezone(UTC).replace(microsecond=0)
