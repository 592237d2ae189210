"""Named locks held by the database session: they end with the process, whatever kills it.

A lock is also a *fence*. Who holds it may have been cut off from the database for minutes; its session is
gone then, and another has the lock. Inside the block every statement is refused on any other session than
the one that took the lock, so that a program which comes back from nowhere cannot write over its successor.
Nor can it call a channel: a token of the throttle is taken in the database before each request.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import OperationalError, connection

from comptoir.core import drain
from comptoir.core.bulk import execute, fetch


class Busy(Exception):  # noqa: N818
    """Somebody else holds the lock."""


class LockLost(OperationalError):  # noqa: N818
    """The session that held the lock has ended: somebody else may have it by now."""


class Fence:
    """Lets a statement pass while the session that took the lock is ours and nobody asked us to leave."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._session = connection.connection
        self._closing = False

    def let_close(self) -> None:
        """What was asked to leave may still write down that it left."""
        self._closing = True

    @property
    def lost(self) -> bool:
        """As far as we know: a session that the server ended is found out at the next statement."""
        return connection.connection is not self._session or bool(self._session.closed)

    def check(self) -> None:
        if connection.connection is not self._session:
            raise LockLost(f"{self._name}: the session that held this lock has ended.")
        if not self._closing:
            drain.check()

    def __call__(self, run: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        """As Django's `execute_wrapper` calls it."""
        self.check()
        return run(sql, params, many, context)


@contextmanager
def advisory_lock(name: str) -> Iterator[Fence]:
    """Hold `name` for the block; Busy at once when another session has it."""
    key = _key(name)
    if not fetch("SELECT pg_try_advisory_lock(%s)", [key])[0][0]:
        raise Busy(name)
    fence = Fence(name)
    try:
        with connection.execute_wrapper(fence):
            yield fence
    finally:
        if not fence.lost:
            execute("SELECT pg_advisory_unlock(%s)", [key])


def held_among(names: set[str]) -> set[str]:
    """Those of `names` that some session of this database holds now."""
    held = {row[0] for row in fetch(_HELD)} if names else set()
    return {name for name in names if _key(name) in held}


# A bigint key is shown in two halves: https://www.postgresql.org/docs/current/view-pg-locks.html
_HELD = """
SELECT (classid::bigint << 32) | objid::bigint FROM pg_locks
WHERE locktype = 'advisory' AND objsubid = 1 AND granted
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


def lock_in_transaction(name: str) -> None:
    """Wait for `name` and keep it until the transaction ends."""
    execute("SELECT pg_advisory_xact_lock(%s)", [_key(name)])


def _key(name: str) -> int:
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "big", signed=True)
