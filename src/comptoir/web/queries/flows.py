"""Reading what the flows do: the board, the issues by cause, the completeness ledger."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, Max, OuterRef, Subquery

from comptoir.channels.models import Channel
from comptoir.core import clock
from comptoir.flows.models import Turn
from comptoir.flows.registry import Flow, flows
from comptoir.journal.models import Issue, Run
from comptoir.orders.models import Completeness

HOUSE = ""


@dataclass(frozen=True)
class Cell:
    """One flow on one channel."""

    flow: Flow
    turn: Turn
    run: Run | None

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


def read_board() -> list[Column]:
    """In three queries, whatever the number of runs that were ever made."""
    latest = Run.objects.filter(flow=OuterRef("flow"), channel=OuterRef("channel")).order_by("-id")
    turns = list(Turn.objects.annotate(run_id=Subquery(latest.values("id")[:1])).order_by("flow"))
    runs = Run.objects.in_bulk([turn.run_id for turn in turns if turn.run_id])
    known = flows()
    cells: dict[str, list[Cell]] = defaultdict(list)
    for turn in turns:
        if turn.flow in known:
            cells[turn.channel].append(Cell(known[turn.flow], turn, runs.get(turn.run_id)))
    columns = [
        Column(channel, cells.get(channel.key, [])) for channel in Channel.objects.order_by("-role", "name")
    ]
    return [*columns, *([Column(None, cells[HOUSE])] if HOUSE in cells else [])]


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


def open_causes(*, channel: str = "", reason: str = "", shown: int = 5) -> list[Cause]:
    where = {name: value for name, value in (("channel", channel), ("reason", reason)) if value}
    found = Issue.objects.filter(state=Issue.State.OPEN, **where)
    groups = found.values("reason", "channel", "action").annotate(n=Count("id"), at=Max("last_seen_at"))
    return [_cause(group, shown) for group in groups.order_by("-at")]


def _cause(group: Mapping[str, Any], shown: int) -> Cause:
    same = {name: group[name] for name in ("reason", "channel", "action")}
    last = list(Issue.objects.filter(state=Issue.State.OPEN, **same)[:shown])
    count = int(group["n"])
    return Cause(
        **same, label=str(Issue.Reason(same["reason"]).label), count=count, last=last, more=count - len(last)
    )


def completeness(days: int = 14) -> list[Completeness]:
    since = (clock.now() - timedelta(days=days)).date()
    return list(
        Completeness.objects.filter(day__gte=since)
        .select_related("channel")
        .order_by("-day", "channel__name")
    )
