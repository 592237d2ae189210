"""Reading what the flows do: the board, the issues by cause, the completeness ledger."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, Max, OuterRef, Subquery

from comptoir.channels.models import Channel
from comptoir.core import clock
from comptoir.core.bulk import fetch
from comptoir.flows.models import Turn
from comptoir.flows.registry import Flow, flows
from comptoir.journal.models import Issue, Run
from comptoir.orders.models import Completeness
from comptoir.web.charts import sparkline

HOUSE = ""
TOLERATED = timedelta(minutes=1)
"""A turn that is due waits for the next tick and a free worker: that is no lag."""

# By the index journal_run_started. Counts of calls and of what was found unchanged are no work done.
_WORK = """
SELECT flow, channel, floor(extract(epoch FROM started_at - %(since)s) / 3600)::int,
       sum((SELECT sum(value::numeric) FROM jsonb_each_text(counts)
            WHERE key NOT IN ('requests', 'pages', 'batches', 'unchanged', 'known', 'seen', 'older')))::bigint
FROM journal_run WHERE started_at >= %(since)s GROUP BY 1, 2, 3
"""


@dataclass(frozen=True)
class Cell:
    """One flow on one channel."""

    flow: Flow
    turn: Turn
    run: Run | None
    work: list[int]
    """Records dealt with, hour by hour, the last day long."""

    @property
    def sparkline(self) -> str:
        return sparkline(self.work) if any(self.work) else ""

    @property
    def done_today(self) -> int:
        return sum(self.work)

    @property
    def overdue(self) -> timedelta | None:
        """How long it has been waiting for a worker; None when it is on time, or does not run by itself."""
        late = clock.now() - self.turn.due_at
        running = self.turn.started_at and (
            not self.turn.ended_at or self.turn.started_at > self.turn.ended_at
        )
        return late if late > TOLERATED and not self.turn.paused and not running else None

    @property
    def state(self) -> str:
        """paused, or the last run's outcome; idle: its last turns found nothing to do."""
        if self.turn.paused:
            return "paused"
        if self.run is not None and (self.turn.failures or self._is_last()):
            return self.run.outcome
        return "idle" if self.turn.succeeded_at else "never"

    def _is_last(self) -> bool:
        """Turns that find nothing to do leave no run: they only move `succeeded_at`."""
        ended, succeeded = self.turn.ended_at, self.turn.succeeded_at
        return ended is None or succeeded is None or succeeded <= ended


@dataclass(frozen=True)
class Column:
    channel: Channel | None
    """None: the house itself."""
    cells: list[Cell]


def read_board(channels: Sequence[str] = ()) -> list[Column]:
    """In four queries, whatever the number of runs that were ever made.

    `channels`: the only ones that exist for the reader, and then not the house; empty: everything.
    """
    latest = Run.objects.filter(flow=OuterRef("flow"), channel=OuterRef("channel")).order_by("-id")
    planned = Turn.objects.filter(channel__in=channels) if channels else Turn.objects.all()
    turns = list(planned.annotate(run_id=Subquery(latest.values("id")[:1])).order_by("flow"))
    runs = Run.objects.in_bulk([turn.run_id for turn in turns if turn.run_id])
    known, work = flows(), _work_by_hour()
    cells: dict[str, list[Cell]] = defaultdict(list)
    for turn in turns:
        if turn.flow in known:
            cells[turn.channel].append(
                Cell(known[turn.flow], turn, runs.get(turn.run_id), work[turn.flow, turn.channel])
            )
    shown = Channel.objects.order_by("-role", "name")
    if channels:
        shown = shown.filter(key__in=channels)
    columns = [Column(channel, cells.get(channel.key, [])) for channel in shown]
    return [*columns, *([Column(None, cells[HOUSE])] if HOUSE in cells else [])]


def _work_by_hour() -> Mapping[tuple[str, str], list[int]]:
    work: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0] * 24)
    for flow, channel, hour, done in fetch(_WORK, {"since": clock.now() - timedelta(hours=24)}):
        work[flow, channel][min(23, hour)] += int(done or 0)
    return work


@dataclass(frozen=True)
class Cause:
    """Open issues with the same reason, channel and remedy."""

    reason: str
    label: str
    channel: str
    action: str
    count: int
    last: list[Issue]
    more: int


def turn_of(run: Run | None) -> Turn | None:
    """What runs the same flow on the same channel again; None where it is not planned any more."""
    if run is None or run.flow not in flows():
        return None
    return Turn.objects.filter(flow=run.flow, channel=run.channel).first()


def count_causes(channels: Sequence[str] = ()) -> list[Cause]:
    """The causes alone, the one with the newest news first, in one query."""
    found = Issue.objects.filter(state=Issue.State.OPEN).order_by()
    found = found.filter(channel__in=channels) if channels else found
    groups = found.values("reason", "channel", "action").annotate(n=Count("id"), at=Max("last_seen_at"))
    return [_cause(group, 0) for group in groups.order_by("-at")]


def open_causes(
    *, channel: str = "", reason: str = "", shown: int = 5, channels: Sequence[str] = ()
) -> list[Cause]:
    where = {name: value for name, value in (("channel", channel), ("reason", reason)) if value}
    found = Issue.objects.filter(state=Issue.State.OPEN, **where)
    found = found.filter(channel__in=channels) if channels else found
    groups = found.values("reason", "channel", "action").annotate(n=Count("id"), at=Max("last_seen_at"))
    return [_cause(group, shown) for group in groups.order_by("-at")]


def _cause(group: Mapping[str, Any], shown: int) -> Cause:
    same = {name: group[name] for name in ("reason", "channel", "action")}
    last = list(Issue.objects.filter(state=Issue.State.OPEN, **same)[:shown]) if shown else []
    count = int(group["n"])
    return Cause(
        **same, label=str(Issue.Reason(same["reason"]).label), count=count, last=last, more=count - len(last)
    )


def completeness(days: int = 14, *, channels: Sequence[str] = ()) -> list[Completeness]:
    since = (clock.now() - timedelta(days=days)).date()
    found = Completeness.objects.filter(day__gte=since)
    found = found.filter(channel__key__in=channels) if channels else found
    return list(found.select_related("channel").order_by("-day", "channel__name"))
