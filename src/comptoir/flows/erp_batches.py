"""Taking what the ERP delivers: stored in one transaction with the cursor, then acknowledged."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from django.db import transaction

from comptoir.flows.execution import Execution
from comptoir.journal.issues import Reason, close_issues
from comptoir.sdk.ports import BatchAcknowledger
from comptoir.sdk.records import Batch, Rejected

B = TypeVar("B", bound=Batch)


def take_batches(
    execution: Execution,
    kind: str,
    batches: Iterable[B],
    store: Callable[[B], Sequence[Rejected]],
    *,
    names: Callable[[B], Iterable[str]] = lambda batch: (),
) -> None:
    """`store` writes a batch and returns what it could not take of it; `names` are the ids of all that it
    holds: Issues about those that were taken this time are closed.

    A crash between the commit and the acknowledgement is harmless: the batch is below the cursor then,
    and is only acknowledged again.
    """
    for batch in batches:
        with transaction.atomic():
            refused = [*batch.rejected, *store(batch)]
            execution.move_cursor(kind, batch.cursor)
            execution.set_aside(refused, kind=kind)
            still = {item.external_id for item in refused}
            close_issues(
                resolution="it was taken now", subject_kind=kind, reason=Reason.UNREADABLE,
                channel=execution.channel.key, subjects=sorted(set(names(batch)) - still),
            )  # fmt: skip
        execution.count("batches")
        if isinstance(execution.connection, BatchAcknowledger):
            execution.connection.acknowledge(batch.key, refused)
