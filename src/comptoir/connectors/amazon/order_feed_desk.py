"""Sends the order feeds and answers for each reference, over as many runs as Amazon needs.

The first call for a reference sends it and gives UNKNOWN: nothing is known before the report. A repeated
call looks first. What protects a refund from being paid twice when an answer was lost: the attempt is
noted before the feed is created; a note without a feed id is matched with the feeds that Amazon has.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import msgspec

from comptoir.connectors.amazon.client import AmazonClient
from comptoir.connectors.amazon.feeds import (
    create_feed,
    feeds_since,
    of_places,
    read_feed,
    read_report,
    upload_document,
)
from comptoir.connectors.amazon.order_feeds import (
    CONTENT_TYPE,
    FeedLine,
    build_file,
    line_verdicts,
    parse_file_report,
)
from comptoir.sdk.connector import Context
from comptoir.sdk.errors import OutcomeUnknown, RejectedRecord
from comptoir.sdk.records import Outcome, Verdict

_KEPT_S = 90 * 24 * 3600  # as long as Amazon keeps a feed
_CLOCKS = timedelta(minutes=5)
_WAITING = "Amazon is working on it"


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """One feed, noted before it is created. `references` has one entry per line, in order."""

    at: datetime
    references: tuple[str, ...]
    feed_id: str = ""


class OrderFeedDesk:
    def __init__(self, client: AmazonClient, context: Context, places: Sequence[str]) -> None:
        self._client = client
        self._context = context
        self._places = places

    def send(
        self, feed_type: str, columns: Sequence[str], asked: Sequence[tuple[str, list[FeedLine]]]
    ) -> Iterator[Verdict]:
        """`asked`: each reference with its lines."""
        fresh: list[FeedLine] = []
        for reference, lines in asked:
            attempt = self._find(feed_type, reference)
            verdict = self._look(feed_type, attempt, reference) if attempt else None
            if verdict is None:
                fresh += lines
            else:
                yield verdict
        if fresh:
            yield from self._send(feed_type, columns, fresh)

    def _send(self, feed_type: str, columns: Sequence[str], lines: list[FeedLine]) -> Iterator[Verdict]:
        document = upload_document(self._client, build_file(columns, lines), CONTENT_TYPE)
        references = tuple(line.reference for line in lines)
        attempt = Attempt(at=self._context.clock(), references=references)
        self._note(feed_type, attempt)
        message = _WAITING
        try:
            feed_id = create_feed(self._client, feed_type, document, self._places)
            attempt = msgspec.structs.replace(attempt, feed_id=feed_id)
            self._note(feed_type, attempt)
        except OutcomeUnknown as error:
            message = error.message
        except Exception:
            self._forget(feed_type, attempt)  # Amazon did not take it
            raise
        for reference in dict.fromkeys(references):
            yield Verdict(
                key=reference, outcome=Outcome.UNKNOWN, message=message, external_id=attempt.feed_id
            )

    def _look(self, feed_type: str, attempt: Attempt, reference: str) -> Verdict | None:
        """What is known of an earlier attempt; None when it never reached Amazon."""
        feed_id = attempt.feed_id or self._unclaimed(feed_type, attempt)
        if not feed_id:
            return None
        feed = read_feed(self._client, feed_id)
        if not feed.is_final:
            return Verdict(key=reference, outcome=Outcome.UNKNOWN, message=_WAITING, external_id=feed_id)
        if feed.processing_status != "DONE":
            self._forget(feed_type, attempt)
            words = f"the feed {feed_id} ended {feed.processing_status}"
            return Verdict(key=reference, outcome=Outcome.RETRY, message=words)
        refused = parse_file_report(read_report(self._client, feed))
        return line_verdicts(attempt.references, refused, feed_id)[reference]

    def _unclaimed(self, feed_type: str, attempt: Attempt) -> str:
        """The oldest feed since that attempt which no other attempt of ours accounts for."""
        found = of_places(feeds_since(self._client, feed_type, attempt.at - _CLOCKS), self._places)
        free = [feed.feed_id for feed in reversed(found) if not self._context.cache.get(_claim(feed.feed_id))]
        if not free:
            return ""
        self._note(feed_type, msgspec.structs.replace(attempt, feed_id=free[0]))
        return free[0]

    def _find(self, feed_type: str, reference: str) -> Attempt | None:
        kept = self._context.cache.get(_key(feed_type, reference))
        return msgspec.json.decode(kept, type=Attempt) if kept else None

    def _note(self, feed_type: str, attempt: Attempt) -> None:
        kept = msgspec.json.encode(attempt)
        for reference in dict.fromkeys(attempt.references):
            self._context.cache.set(_key(feed_type, reference), kept, seconds=_KEPT_S)
        if attempt.feed_id:
            self._context.cache.set(_claim(attempt.feed_id), b"1", seconds=_KEPT_S)

    def _forget(self, feed_type: str, attempt: Attempt) -> None:
        for reference in dict.fromkeys(attempt.references):
            self._context.cache.set(_key(feed_type, reference), b"", seconds=1)


def refused_verdict(reference: str, error: RejectedRecord) -> Verdict:
    return Verdict(key=reference, outcome=Outcome.REJECTED, code=error.code, message=error.message)


def _key(feed_type: str, reference: str) -> str:
    return f"memory:order-feed:{feed_type}:{reference}"


def _claim(feed_id: str) -> str:
    return f"memory:order-feed-claimed:{feed_id}"
