"""Remembering a write that has no key of its own, so that repeating it looks before it acts.

OR28 and OR30 take no reference of ours: sent twice, they give back twice. Before the first attempt the
ids that the order carries are kept under our reference; a repetition that finds a new one with the same
line and amounts knows it for its own.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from comptoir.sdk.connector import Cache

KEPT_S = 30 * 86_400


class Attempts:
    def __init__(self, cache: Cache) -> None:
        self._cache = cache

    def begin(self, reference: str, ids: Iterable[str]) -> frozenset[str] | None:
        """None for a first attempt, which is now remembered; else the ids that stood before the first one."""
        key = f"memory:attempt:{reference}"
        kept = self._cache.get(key)
        if kept is not None:
            return frozenset(msgspec.json.decode(kept, type=list[str]))
        self._cache.set(key, msgspec.json.encode(sorted(ids)), seconds=KEPT_S)
        return None
