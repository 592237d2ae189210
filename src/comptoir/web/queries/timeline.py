"""A run as a picture: when each request left, and how long its answer took."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from comptoir.journal.models import Exchange, Run

WIDE, ROW = 1000, 14
SHOWN = 60


@dataclass(frozen=True)
class Bar:
    x: float
    y: int
    width: float
    failed: bool


@dataclass(frozen=True)
class Timeline:
    bars: list[Bar]
    height: int
    duration: timedelta


def timeline(run: Run, exchanges: Sequence[Exchange]) -> Timeline | None:
    """None when there is nothing to draw. What was not kept leaves a gap."""
    shown = sorted(exchanges, key=lambda one: one.started_at)[:SHOWN]
    if not shown:
        return None
    ends = [one.started_at + timedelta(milliseconds=one.duration_ms) for one in shown]
    start = min(run.started_at, shown[0].started_at)
    duration = max([*ends, run.ended_at or ends[-1]]) - start
    if duration <= timedelta(0):
        return None
    bars = [
        Bar(
            round((one.started_at - start) / duration * WIDE, 1), number * ROW + 2,
            max(2.0, round(one.duration_ms / 1000 / duration.total_seconds() * WIDE, 1)),
            bool(one.error) or one.status is None or one.status >= 400,
        )
        for number, one in enumerate(shown)
    ]  # fmt: skip
    return Timeline(bars, len(bars) * ROW + 2, duration)
