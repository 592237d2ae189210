"""Cancellations and refunds, from our records to the order feeds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from comptoir.connectors.amazon.order_feed_desk import OrderFeedDesk, refused_verdict
from comptoir.connectors.amazon.order_feeds import (
    CANCEL_COLUMNS,
    CANCELLATIONS,
    REFUND_COLUMNS,
    REFUNDS,
    FeedLine,
    build_file,
    cancellation_lines,
    refund_lines,
)
from comptoir.sdk.errors import RejectedRecord
from comptoir.sdk.records import Cancellation, Refund, Verdict

T = TypeVar("T", Cancellation, Refund)


def cancel(desk: OrderFeedDesk, asked: Sequence[Cancellation], reason: str) -> Iterator[Verdict]:
    yield from _send(desk, CANCELLATIONS, CANCEL_COLUMNS, asked, lambda one: cancellation_lines(one, reason))


def refund(desk: OrderFeedDesk, asked: Sequence[Refund], reason: str) -> Iterator[Verdict]:
    yield from _send(desk, REFUNDS, REFUND_COLUMNS, asked, lambda one: refund_lines(one, reason))


def _send(
    desk: OrderFeedDesk,
    feed_type: str,
    columns: Sequence[str],
    asked: Sequence[T],
    build: Callable[[T], list[FeedLine]],
) -> Iterator[Verdict]:
    ready: list[tuple[str, list[FeedLine]]] = []
    for one in asked:
        try:
            lines = build(one)
            build_file(columns, lines)  # refuses what would shift its columns, before it meets the others
            ready.append((one.reference, lines))
        except RejectedRecord as error:
            yield refused_verdict(one.reference, error)
    yield from desk.send(feed_type, columns, ready)
