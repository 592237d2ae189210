"""Feeds (2021-06-30): a document is uploaded, a feed made of it, its report read when it is done."""

from __future__ import annotations

import gzip
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from comptoir.connectors.amazon.client import AmazonClient, Params, instant
from comptoir.connectors.amazon.payload import Payload
from comptoir.sdk.errors import UnexpectedAnswer

_ROOT = "/feeds/2021-06-30"
FINAL: Final = frozenset({"DONE", "CANCELLED", "FATAL"})


class _Document(Payload, frozen=True, kw_only=True):
    feed_document_id: str
    url: str
    compression_algorithm: str | None = None


class _Created(Payload, frozen=True, kw_only=True):
    feed_id: str


class Feed(Payload, frozen=True, kw_only=True):
    feed_id: str
    processing_status: str
    created_time: datetime | None = None
    marketplace_ids: list[str] | None = None
    result_feed_document_id: str | None = None

    @property
    def is_final(self) -> bool:
        return self.processing_status in FINAL


class _Feeds(Payload, frozen=True, kw_only=True):
    feeds: list[Feed]
    next_token: str | None = None


def upload_document(client: AmazonClient, content: bytes, content_type: str) -> str:
    """The document's id. The address is good for five minutes and for this very Content-Type."""
    answer = client.ask("createFeedDocument", f"{_ROOT}/documents", {"contentType": content_type})
    document = answer.json(_Document)
    client.upload(document.url, content, content_type)
    return document.feed_document_id


def create_feed(
    client: AmazonClient,
    feed_type: str,
    document_id: str,
    places: Sequence[str],
    options: Mapping[str, str] | None = None,
) -> str:
    body: dict[str, object] = {
        "feedType": feed_type,
        "marketplaceIds": list(places),
        "inputFeedDocumentId": document_id,
    }
    if options:
        body["feedOptions"] = dict(options)
    return client.write("createFeed", "POST", f"{_ROOT}/feeds", body=body).json(_Created).feed_id


def read_feed(client: AmazonClient, feed_id: str) -> Feed:
    return client.get("getFeed", f"{_ROOT}/feeds/{feed_id}").json(Feed)


def feeds_since(client: AmazonClient, feed_type: str, since: datetime) -> list[Feed]:
    """Newest first: what was made since the attempt whose outcome is not known."""
    params: Params = {"feedTypes": [feed_type], "createdSince": instant(since), "pageSize": 100}
    found: list[Feed] = []
    while True:
        page = client.get("getFeeds", f"{_ROOT}/feeds", params).json(_Feeds)
        found += page.feeds
        if not page.next_token:
            return found
        params = {"nextToken": page.next_token}  # must then be the only parameter


def of_places(feeds: Sequence[Feed], places: Sequence[str]) -> list[Feed]:
    """Those that may be ours: another channel of the account makes feeds of the same type for its own place."""
    return [feed for feed in feeds if not feed.marketplace_ids or set(feed.marketplace_ids) == set(places)]


def read_report(client: AmazonClient, feed: Feed) -> bytes:
    """The processing report, decompressed; b"" when Amazon made none."""
    if not feed.result_feed_document_id:
        return b""
    answer = client.get("getFeedDocument", f"{_ROOT}/documents/{feed.result_feed_document_id}")
    document = answer.json(_Document)
    return decompress(client.download(document.url), document.compression_algorithm)


def decompress(content: bytes, algorithm: str | None) -> bytes:
    """Whatever Amazon announces, the two first bytes of gzip decide: a proxy may have unpacked it."""
    if algorithm not in (None, "GZIP"):
        raise UnexpectedAnswer(f"unknown compression {algorithm}")
    if not content.startswith(b"\x1f\x8b"):
        return content
    try:
        return gzip.decompress(content)
    except (OSError, EOFError) as error:
        raise UnexpectedAnswer("the document cannot be decompressed") from error
