"""What was sent by feed, noted before it was: so that an answer that was lost is found again among Amazon's feeds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from comptoir.connectors.amazon.client import AmazonClient
from comptoir.connectors.amazon.feeds import feeds_since, of_places
from comptoir.sdk.connector import Cache

_KEPT_S = 90 * 24 * 3600  # as long as Amazon keeps a feed
_CLOCKS = timedelta(minutes=5)


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """One feed, noted before it is created. `references` has one entry per line, in order."""

    at: datetime
    references: tuple[str, ...]
    feed_id: str = ""


class Attempts:
    """Of one channel, in its own cache; `places` are the marketplaces that its feeds name."""

    def __init__(self, client: AmazonClient, cache: Cache, places: Sequence[str]) -> None:
        self._client = client
        self._cache = cache
        self._places = places

    def find(self, feed_type: str, reference: str) -> Attempt | None:
        kept = self._cache.get(_key(feed_type, reference))
        return msgspec.json.decode(kept, type=Attempt) if kept else None

    def feed_of(self, feed_type: str, attempt: Attempt) -> str:
        """Its feed; where its answer was lost, the oldest feed since then that no other attempt accounts for."""
        if attempt.feed_id:
            return attempt.feed_id
        found = of_places(feeds_since(self._client, feed_type, attempt.at - _CLOCKS), self._places)
        free = [feed.feed_id for feed in reversed(found) if not self._cache.get(_claim(feed.feed_id))]
        if not free:
            return ""
        self.note(feed_type, msgspec.structs.replace(attempt, feed_id=free[0]))
        return free[0]

    def note(self, feed_type: str, attempt: Attempt) -> None:
        kept = msgspec.json.encode(attempt)
        for reference in dict.fromkeys(attempt.references):
            self._cache.set(_key(feed_type, reference), kept, seconds=_KEPT_S)
        if attempt.feed_id:
            self._cache.set(_claim(attempt.feed_id), b"1", seconds=_KEPT_S)

    def forget(self, feed_type: str, attempt: Attempt) -> None:
        """Amazon did not take it."""
        for reference in dict.fromkeys(attempt.references):
            self._cache.set(_key(feed_type, reference), b"", seconds=1)


def _key(feed_type: str, reference: str) -> str:
    return f"memory:order-feed:{feed_type}:{reference}"


def _claim(feed_id: str) -> str:
    return f"memory:order-feed-claimed:{feed_id}"
