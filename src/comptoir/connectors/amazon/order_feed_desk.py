"""Sends the order feeds and answers for each reference, over as many runs as Amazon needs.

The first call for a reference sends it and gives UNKNOWN: nothing is known before the report. A repeated
call looks first. What protects a refund from being paid twice when an answer was lost: the attempt is
noted before the feed is created; a note without a feed id is matched with the feeds that Amazon has.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from comptoir.connectors.amazon.attempts import Attempt, Attempts
from comptoir.connectors.amazon.client import AmazonClient
from comptoir.connectors.amazon.feeds import (
    create_feed,
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

_WAITING = "Amazon is working on it"


class OrderFeedDesk:
    def __init__(self, client: AmazonClient, context: Context, places: Sequence[str]) -> None:
        self._client = client
        self._context = context
        self._places = places
        self._attempts = Attempts(client, context.cache, places)

    def send(
        self, feed_type: str, columns: Sequence[str], asked: Sequence[tuple[str, list[FeedLine]]]
    ) -> Iterator[Verdict]:
        """`asked`: each reference with its lines."""
        fresh: list[FeedLine] = []
        for reference, lines in asked:
            attempt = self._attempts.find(feed_type, reference)
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
        self._attempts.note(feed_type, attempt)
        message = _WAITING
        try:
            feed_id = create_feed(self._client, feed_type, document, self._places)
            attempt = msgspec.structs.replace(attempt, feed_id=feed_id)
            self._attempts.note(feed_type, attempt)
        except OutcomeUnknown as error:
            message = error.message
        except Exception:
            self._attempts.forget(feed_type, attempt)  # Amazon did not take it
            raise
        for reference in dict.fromkeys(references):
            yield Verdict(
                key=reference, outcome=Outcome.UNKNOWN, message=message, external_id=attempt.feed_id
            )

    def _look(self, feed_type: str, attempt: Attempt, reference: str) -> Verdict | None:
        """What is known of an earlier attempt; None when it never reached Amazon."""
        feed_id = self._attempts.feed_of(feed_type, attempt)
        if not feed_id:
            return None
        feed = read_feed(self._client, feed_id)
        if not feed.is_final:
            return Verdict(key=reference, outcome=Outcome.UNKNOWN, message=_WAITING, external_id=feed_id)
        if feed.processing_status != "DONE":
            self._attempts.forget(feed_type, attempt)
            words = f"the feed {feed_id} ended {feed.processing_status}"
            return Verdict(key=reference, outcome=Outcome.RETRY, message=words)
        refused = parse_file_report(read_report(self._client, feed))
        return line_verdicts(attempt.references, refused, feed_id)[reference]


def refused_verdict(reference: str, error: RejectedRecord) -> Verdict:
    return Verdict(key=reference, outcome=Outcome.REJECTED, code=error.code, message=error.message)
