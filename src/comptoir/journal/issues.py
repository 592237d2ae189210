"""Opening and closing Issues."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from psycopg.types.json import Jsonb

from comptoir.core import clock
from comptoir.core.bulk import fetch
from comptoir.journal.models import Issue
from comptoir.sdk.storable import storable, storable_json

Reason = Issue.Reason

_OPEN = """
INSERT INTO journal_issue AS known (reason, state, channel, flow, subject_kind, subject, message,
    action, detail, run_id, occurrences, opened_at, last_seen_at, closed_by, resolution)
VALUES (%s, 'open', %s, %s, %s, %s, %s, %s, %s, %s, 1, %s, %s, '', '')
ON CONFLICT (reason, channel, flow, subject_kind, subject) WHERE state = 'open'
DO UPDATE SET message = excluded.message, detail = excluded.detail, run_id = excluded.run_id,
              occurrences = known.occurrences + 1, last_seen_at = excluded.last_seen_at
"""


@dataclass(frozen=True)
class Trouble:
    """What an Issue says: on which object, why, what to do."""

    reason: Issue.Reason
    message: str
    channel: str = ""
    flow: str = ""
    subject_kind: str = ""
    subject: str = ""
    action: str = ""
    detail: dict[str, Any] = field(default_factory=dict)


def open_issues(troubles: Sequence[Trouble], *, run_id: int | None = None) -> None:
    """Open one Issue per trouble, or count it once more where it is open already."""
    at = clock.now()
    # Sorted, so that two workers reporting the same troubles wait for each other instead of deadlocking.
    rows: list[Any] = [
        (t.reason, t.channel, t.flow, t.subject_kind, storable(t.subject)[:200], storable(t.message), t.action,
         Jsonb(storable_json(t.detail)), run_id, at, at)
        for t in sorted(troubles, key=lambda t: (t.reason, t.channel, t.flow, t.subject_kind, t.subject))
    ]  # fmt: skip
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(_OPEN, rows)


def close_issues(
    *, by: str = "comptoir", resolution: str, subject_kind: str, subjects: Sequence[str], **where: Any
) -> int:
    """Close the open Issues on these objects: the trouble is over. Returns how many were open."""
    if not subjects:
        return 0
    # Nearly always there are none: asked before the names of a thousand objects are sent.
    if not _is_any_open({"subject_kind": subject_kind, **where}):
        return 0
    open_ones = Issue.objects.filter(state="open", subject_kind=subject_kind, **where)
    named = [storable(subject)[:200] for subject in subjects]
    return open_ones.filter(subject__in=named).update(
        state="closed", closed_at=clock.now(), closed_by=by, resolution=resolution
    )


def _is_any_open(where: Mapping[str, Any]) -> bool:
    """The same question as the ORM's, at a third of its cost: each run asks it, and each page."""
    fits = " AND ".join(
        f"{name.removesuffix('__in')} = {'ANY' if name.endswith('__in') else ''}(%({name})s)"
        for name in where
    )
    values = {name: list(value) if name.endswith("__in") else value for name, value in where.items()}
    asked = f"SELECT EXISTS (SELECT FROM journal_issue WHERE state = 'open' AND {fits})"  # noqa: S608 - our names
    return bool(fetch(asked, values)[0][0])


def close_issue(issue: Issue, *, by: str, resolution: str) -> None:
    issue.state = Issue.State.CLOSED
    issue.closed_at = clock.now()
    issue.closed_by = by
    issue.resolution = resolution
    issue.save(update_fields=["state", "closed_at", "closed_by", "resolution"])
