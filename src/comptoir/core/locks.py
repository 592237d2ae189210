"""Named locks held by the database session: they end with the process, whatever kills it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from comptoir.core.bulk import execute, fetch


class Busy(Exception):  # noqa: N818
    """Somebody else holds the lock."""


@contextmanager
def advisory_lock(name: str) -> Iterator[None]:
    """Hold `name` for the block; Busy at once when another session has it."""
    key = _key(name)
    if not fetch("SELECT pg_try_advisory_lock(%s)", [key])[0][0]:
        raise Busy(name)
    try:
        yield
    finally:
        execute("SELECT pg_advisory_unlock(%s)", [key])


def lock_in_transaction(name: str) -> None:
    """Wait for `name` and keep it until the transaction ends."""
    execute("SELECT pg_advisory_xact_lock(%s)", [_key(name)])


def _key(name: str) -> int:
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "big", signed=True)
