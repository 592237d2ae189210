"""Changes of listings out: a few at once by PATCH, many by one JSON_LISTINGS_FEED.

PATCH takes five calls a second and shows its effect within minutes; a feed takes 25,000 changes and its
own time. The order of a queued feed and a PATCH on the same SKU is undefined at Amazon, so that nothing
is patched while a feed of ours that holds that SKU is open; feeds are taken one after the other, so that
a second one would only queue: while one is open the next waits and then carries newer values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from typing import TypeVar

import msgspec

from comptoir.connectors.amazon.client import AmazonClient
from comptoir.connectors.amazon.listing_changes import Change, item_path
from comptoir.connectors.amazon.listing_reports import Submitted, rejection
from comptoir.connectors.amazon.open_feeds import OpenFeeds
from comptoir.connectors.amazon.sent import Sent, SentItem, SentMemory
from comptoir.connectors.amazon.settings import AmazonSettings
from comptoir.sdk.connector import Context
from comptoir.sdk.errors import OutcomeUnknown, RateLimited, RejectedRecord, TransientError
from comptoir.sdk.records import Outcome, Receipt, SubmissionReport, Verdict
from comptoir.sdk.statuses import ImportState

T = TypeVar("T")

PATCH_UP_TO = 20
URGENT_UP_TO = 100  # twenty seconds of PATCH
LARGEST_FEED_BYTES = 10 * 1024 * 1024
FEED_PAUSE = timedelta(seconds=60)
_ENCODER = msgspec.json.Encoder(decimal_format="number")


def build_changes(
    updates: Iterable[T], build: Callable[[T], Change]
) -> tuple[list[Change], tuple[Verdict, ...]]:
    """The changes that may be sent, and a verdict for each that may not."""
    changes: list[Change] = []
    refused: list[Verdict] = []
    for update in updates:
        try:
            changes.append(build(update))
        except RejectedRecord as error:
            refused.append(_refused(str(getattr(update, "sku", "")), error))
    return changes, tuple(refused)


class Submitter:
    def __init__(self, settings: AmazonSettings, context: Context, client: AmazonClient) -> None:
        self._settings = settings
        self._context = context
        self._client = client
        self._memory = SentMemory(context.cache)
        self._feeds = OpenFeeds(client, self._memory, settings.marketplace.id)

    def submit(self, changes: Sequence[Change], refused: tuple[Verdict, ...]) -> Receipt:
        if not changes:
            report = SubmissionReport(state=ImportState.COMPLETE, verdicts=refused)
            return Receipt(external_id="", report=report)
        held = self._feeds.held()
        if len(changes) <= PATCH_UP_TO and not any(change.sku in held for change in changes):
            return self._patch(changes, refused)
        if held:
            raise RateLimited("a feed is still being processed", retry_after=FEED_PAUSE)
        return self._feed(changes, refused)

    def submit_urgent(self, changes: Sequence[Change], refused: tuple[Verdict, ...]) -> Receipt:
        """By PATCH, whatever else waits. A SKU that an open feed holds must wait: the feed may come second."""
        held = self._feeds.held()
        free = [change for change in changes if change.sku not in held]
        now, late = free[:URGENT_UP_TO], free[URGENT_UP_TO:]
        waiting = [_retry(change.sku, "a feed of ours holds it") for change in changes if change.sku in held]
        waiting += [_retry(change.sku, "others were first") for change in late]
        told = (*refused, *waiting)
        if waiting and not now:
            raise RateLimited("a feed of ours holds them all", retry_after=FEED_PAUSE)
        if not now:
            report = SubmissionReport(state=ImportState.COMPLETE, verdicts=told)
            return Receipt(external_id="", report=report)
        return self._patch(now, told)

    def _feed(self, changes: Sequence[Change], refused: tuple[Verdict, ...]) -> Receipt:
        document = build_feed(changes, self._settings)
        sent = Sent(at=self._context.clock(), items=_items(changes), verdicts=refused)
        return Receipt(external_id=f"feed-{self._feeds.create(document, sent)}")

    def _patch(self, changes: Sequence[Change], refused: tuple[Verdict, ...]) -> Receipt:
        at = self._context.clock()
        sent: list[Change] = []
        verdicts = list(refused)
        external_id = ""
        for place, change in enumerate(changes):
            try:
                answer = self._send(change)
                external_id = external_id or answer.submission_id or ""
                errors = [issue for issue in answer.issues or () if issue.is_error]
                if answer.status == "INVALID" or (errors and answer.status != "ACCEPTED"):
                    verdicts.append(rejection(change.sku, errors))
                else:
                    sent.append(change)
            except RejectedRecord as error:
                verdicts.append(_refused(change.sku, error))
            except (TransientError, OutcomeUnknown) as error:
                if not sent:
                    raise
                # The values are absolute: what may have been done is simply done again, next time.
                verdicts += [_retry(late.sku, error.message) for late in changes[place:]]
                break
        return self._patched(sent, tuple(verdicts), external_id or changes[0].sku, Sent(at=at, items=()))

    def _patched(
        self, sent: Sequence[Change], verdicts: tuple[Verdict, ...], name: str, empty: Sent
    ) -> Receipt:
        if not sent:
            report = SubmissionReport(state=ImportState.COMPLETE, verdicts=verdicts)
            return Receipt(external_id=f"patch-{name}", report=report)
        external_id = f"patch-{name}"
        self._memory.keep(external_id, Sent(at=empty.at, items=_items(sent), verdicts=verdicts))
        return Receipt(external_id=external_id)

    def _send(self, change: Change) -> Submitted:
        operation, method = {
            "PATCH": ("patchListingsItem", "PATCH"),
            "UPDATE": ("putListingsItem", "PUT"),
            "DELETE": ("deleteListingsItem", "DELETE"),
        }[change.operation]
        answer = self._client.write(
            operation,
            method,
            item_path(self._settings.seller_id, change.sku),
            params={
                "marketplaceIds": [self._settings.marketplace.id],
                "issueLocale": self._settings.marketplace.locale,
            },
            body=None if change.operation == "DELETE" else change.body(),
        )
        return answer.json(Submitted)


def build_feed(changes: Sequence[Change], settings: AmazonSettings) -> bytes:
    """The document of a JSON_LISTINGS_FEED, version 2.0; RejectedRecord when it is too large."""
    document = _ENCODER.encode(
        {
            "header": {
                "sellerId": settings.seller_id,
                "version": "2.0",
                "issueLocale": settings.marketplace.locale,
                "report": {"includedData": ["issues"], "apiVersion": "2021-08-01"},
            },
            "messages": [change.message(number) for number, change in enumerate(changes, start=1)],
        }
    )
    if len(document) > LARGEST_FEED_BYTES:
        raise RejectedRecord(f"the feed has {len(document)} bytes, {LARGEST_FEED_BYTES} are allowed")
    return document


def _items(changes: Sequence[Change]) -> tuple[SentItem, ...]:
    return tuple(SentItem(c.sku, c.quantity, c.price, c.operation == "DELETE") for c in changes)


def _refused(sku: str, error: RejectedRecord) -> Verdict:
    return Verdict(key=sku, outcome=Outcome.REJECTED, code=error.code, message=error.message)


def _retry(sku: str, message: str) -> Verdict:
    return Verdict(key=sku, outcome=Outcome.RETRY, message=message)
