"""The feed that Amazon may still be working on, and the SKUs that it holds.

Noted before it is created: when the answer to its creation is lost, the next turn finds it among
Amazon's feeds. A SKU patched meanwhile would be set back by the older value of the feed.
"""

from __future__ import annotations

from datetime import timedelta

from comptoir.connectors.amazon.client import AmazonClient
from comptoir.connectors.amazon.feeds import create_feed, feeds_since, of_places, read_feed, upload_document
from comptoir.connectors.amazon.sent import Sent, SentMemory

FEED_TYPE = "JSON_LISTINGS_FEED"
CONTENT_TYPE = "application/json; charset=UTF-8"
_CLOCKS = timedelta(minutes=5)


class OpenFeeds:
    def __init__(self, client: AmazonClient, memory: SentMemory, marketplace_id: str) -> None:
        self._client = client
        self._memory = memory
        self._place = marketplace_id

    def create(self, document: bytes, sent: Sent) -> str:
        """The feed's id."""
        document_id = upload_document(self._client, document, CONTENT_TYPE)
        self._memory.set_pending(sent)
        feed_id = create_feed(self._client, FEED_TYPE, document_id, [self._place])
        self._adopt(feed_id, sent)
        return feed_id

    def held(self) -> frozenset[str]:
        """The SKUs of the feed that is not finished; looked up at Amazon, so that nothing stays stuck."""
        self._find_lost()
        feed_id = self._memory.open_feed()
        if not feed_id:
            return frozenset()
        if read_feed(self._client, feed_id).is_final:
            self._memory.set_open_feed("")
            return frozenset()
        sent = self._memory.find(f"feed-{feed_id}")
        return frozenset(item.sku for item in sent.items) if sent else frozenset()

    def _find_lost(self) -> None:
        """An attempt whose answer never came: the newest feed since then that we do not know is it."""
        pending = self._memory.pending()
        if pending is None:
            return
        found = of_places(feeds_since(self._client, FEED_TYPE, pending.at - _CLOCKS), [self._place])
        unknown = [feed.feed_id for feed in found if self._memory.find(f"feed-{feed.feed_id}") is None]
        if unknown:
            self._adopt(unknown[0], pending)
        else:
            self._memory.set_pending(None)

    def _adopt(self, feed_id: str, sent: Sent) -> None:
        self._memory.keep(f"feed-{feed_id}", sent)
        self._memory.set_open_feed(feed_id)
        self._memory.set_pending(None)
