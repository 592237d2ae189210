"""What waits for a channel, batch after batch, for as long as one turn may take.

A day's orders that come at once must be answered before the channel gives up waiting: one batch in each turn would
take till tomorrow. But the flows of a channel that share a lock wait for each other, and news of orders must never
wait long.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TypeVar

from django.db.models import Model, QuerySet

from comptoir.flows.execution import Execution

SHARE = timedelta(seconds=30)
"""A batch begun within it is ended."""
MOST = 1_000
"""Rows in one turn, however fast the channel answers."""
M = TypeVar("M", bound=Model)


def in_batches(execution: Execution, waiting: QuerySet[M], *, size: int) -> Iterator[list[M]]:
    """Oldest key first, each row once: what cannot be done now waits for the next turn and keeps no other.

    Each batch is read when the one before it is done, so it knows what that one changed.
    """
    after, seen, until = 0, 0, execution.now() + SHARE
    while seen < MOST and (not seen or execution.now() < until):
        batch = list(waiting.filter(pk__gt=after).order_by("pk")[:size])
        if not batch:
            return
        after, seen = batch[-1].pk, seen + len(batch)
        yield batch
        if len(batch) < size:
            return
