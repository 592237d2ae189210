"""What was sent and not yet confirmed, kept in the channel's cache until its report is read."""

from __future__ import annotations

import zlib
from datetime import datetime
from decimal import Decimal

import msgspec

from comptoir.sdk.connector import Cache
from comptoir.sdk.records import Verdict

# Amazon keeps the result of a feed for 28 days.
_KEPT_S = 28 * 24 * 3600
_OPEN_FEED = "memory:open-feed"
_PENDING = "memory:pending-feed"


class SentItem(msgspec.Struct, frozen=True, array_like=True):
    sku: str
    quantity: int | None = None
    price: Decimal | None = None
    deleted: bool = False


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    at: datetime
    items: tuple[SentItem, ...]
    """For a feed, in the order of its message numbers, from 1."""
    verdicts: tuple[Verdict, ...] = ()
    """Already known: refused before it was sent, or by the very answer."""


class SentMemory:
    def __init__(self, cache: Cache) -> None:
        self._cache = cache

    def keep(self, external_id: str, sent: Sent) -> None:
        self._cache.set(_key(external_id), zlib.compress(msgspec.json.encode(sent)), seconds=_KEPT_S)

    def find(self, external_id: str) -> Sent | None:
        kept = self._cache.get(_key(external_id))
        return msgspec.json.decode(zlib.decompress(kept), type=Sent) if kept else None

    def pending(self) -> Sent | None:
        """What a feed was about to hold, when its creation has not answered yet."""
        kept = self._cache.get(_PENDING)
        return msgspec.json.decode(zlib.decompress(kept), type=Sent) if kept else None

    def set_pending(self, sent: Sent | None) -> None:
        kept = zlib.compress(msgspec.json.encode(sent)) if sent else b""
        self._cache.set(_PENDING, kept, seconds=_KEPT_S)

    def open_feed(self) -> str:
        """The feed that Amazon may still be working on; ""."""
        return (self._cache.get(_OPEN_FEED) or b"").decode()

    def set_open_feed(self, feed_id: str) -> None:
        self._cache.set(_OPEN_FEED, feed_id.encode(), seconds=_KEPT_S)


def _key(external_id: str) -> str:
    return f"memory:sent:{external_id}"
