"""Where a read stands. X3's lists know the day of a change alone, so yesterday and today are read again each time.

What was read and is the same as last time, page by page, is neither completed nor handed on again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import msgspec

from comptoir.connectors.sage_x3.lists import Lists, Row, literal
from comptoir.sdk.errors import UnexpectedAnswer

SWEEP_EVERY = timedelta(days=1)
_A_DAY = timedelta(days=1)
_MOST_DIGESTS = 50
"""A day with more pages of changes than that hands them all on each time."""


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """`since`: everything changed before that day is taken. `day`: how far this pass goes. `after`: its last key."""

    since: date | None = None
    day: date | None = None
    after: str = ""
    swept: datetime | None = None
    """When everything was last read, whatever its day."""
    digests: tuple[str, ...] = ()
    """Of the pages of the last pass that was read to its end."""


class Pass:
    """`for rows in one.pages(): if one.is_new(rows): …` and `one.cursor` is where to resume once that is stored."""

    def __init__(self, lists: Lists, cursor: str, *, listed: str, where: str, order: Sequence[str], now: datetime,
                 swept: bool, first: timedelta | None = None) -> None:  # fmt: skip
        """With `swept`, everything is read again once a day: a change whose day was written late is found then.
        `first`: how far back the first read goes."""
        self._lists, self._listed, self._order = lists, listed, order
        known = msgspec.json.decode(cursor, type=Progress) if cursor else Progress()
        self._known = known.digests
        self._progress, self._sweeps = _begun(known, now, swept, first)
        terms = [where] if where else []
        if self._progress.since is not None:
            terms.append(f"{lists.column(listed, 'changed')} ge {literal(self._progress.since - _A_DAY)}")
        if self._progress.after:
            terms.append(f"{lists.column(listed, order[0])} ge {literal(self._progress.after)}")
        self._where = " and ".join(terms)
        self._digests: list[str] = []
        self._over = False

    def pages(self) -> Iterator[list[Row]]:
        """The first of `order` is the key; the last page may be empty."""
        held: list[Row] | None = None
        for page in self._lists.pages(self._listed, self._where, self._order):
            if held:
                after = max(str(row[self._order[0]]) for row in held)
                if after < self._progress.after:
                    raise UnexpectedAnswer(f"{self._listed}: its pages are not in order.", code="paging")
                self._progress = msgspec.structs.replace(self._progress, after=after)
                yield held
            held = page
        self._over = True
        yield held or []

    def is_new(self, material: Any) -> bool:
        """Call once for each page, with all that decides what is made of it."""
        digest = hashlib.sha256(msgspec.json.encode(material)).hexdigest()[:16]
        place = len(self._digests)
        self._digests.append(digest)
        return self._sweeps or place >= len(self._known) or self._known[place] != digest

    @property
    def cursor(self) -> str:
        progress = self._progress
        if self._over:
            kept = () if self._sweeps or len(self._digests) > _MOST_DIGESTS else tuple(self._digests)
            progress = Progress(since=progress.day, swept=progress.swept, digests=kept)
        return msgspec.json.encode(progress).decode()

    @property
    def key(self) -> str:
        """Names the batch."""
        return f"{self._listed}-{self._progress.day:%Y%m%d}-{self._progress.after}"[:60]


def _begun(known: Progress, now: datetime, swept: bool, first: timedelta | None) -> tuple[Progress, bool]:
    """Where this pass begins, and whether it reads everything."""
    if known.day is not None:
        return known, False
    if known.since is None and first is not None:
        return Progress(since=(now - first).date(), day=now.date()), False
    if known.since is None or (swept and (known.swept is None or now - known.swept >= SWEEP_EVERY)):
        return Progress(day=now.date(), swept=now), True
    return Progress(since=known.since, day=now.date(), swept=known.swept), False
