"""A rehearsed day whose flows are done by real workers, from the queue, while something goes wrong."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from django.db import InterfaceError, OperationalError, connections
from procrastinate.exceptions import ConnectorException

from comptoir.config.drills.shared_clock import SharedClock
from comptoir.core.bulk import fetch
from comptoir.flows.jobs import enqueue_due
from comptoir.flows.recover_stalled_jobs import orphaned_runs
from comptoir.flows.schedule import next_due_at, plan_turns
from comptoir.rehearsal.day import Day
from comptoir.rehearsal.settled import is_settled
from comptoir.rehearsal.world import World

T = TypeVar("T")
AWAY = (OperationalError, InterfaceError, ConnectorException)
"""How the database's absence is told; procrastinate wraps it in a word of its own."""
PATIENCE_S, IN_TROUBLE_S = 20.0, 4.0
"""How long one virtual step waits for its jobs. In trouble, those of a dead worker are not waited for longer."""
POLL_S = 0.02
AWAY_S = 120.0
SETTLE_S = 600.0
"""Bounds for a machine that has much else to do; on an idle one a drill settles within half a minute."""

_LEFT = "SELECT count(*) FROM procrastinate_jobs WHERE queue_name = 'flows' AND status IN ('todo', 'doing')"


class DrilledDay(Day):
    def __init__(self, world: World, start: datetime, clock: SharedClock, tend: Callable[[], None]) -> None:
        super().__init__(world, start, clock)
        self._tend = tend
        self.patience = PATIENCE_S
        self.settle_s = SETTLE_S

    def run_until(self, end: datetime, *, step: timedelta = timedelta(minutes=1)) -> None:
        self._surely(plan_turns)
        while self.now < end:
            self._advance(end, step)

    def _advance(self, end: datetime, step: timedelta) -> None:
        due = self._surely(next_due_at)
        coming = min(filter(None, (self._next_event, due)), default=end)
        to = min(max(coming, self.now + step), end)
        self._next_event = self._world.advance(to)
        self._clock.now = to
        self._unless_away(self._run_due)
        self._surely(lambda: self._person.act(to))
        self.progress(to)

    def _unless_away(self, act: Callable[[], None]) -> None:
        """Cut short by the database's absence, it is not begun again: the next step does what is due."""
        try:
            act()
        except AWAY:
            self._surely(plan_turns)

    def _surely(self, act: Callable[[], T]) -> T:
        """Again while the database is away: it is started again, or another takes its place."""
        until = time.monotonic() + AWAY_S
        while True:
            try:
                return act()
            except AWAY:
                connections.close_all()
                if time.monotonic() > until:
                    raise
                time.sleep(0.2)

    def _run_due(self) -> None:
        """A turn that found its lock taken by another flow of its channel is due again, as at the next tick."""
        enqueue_due()
        until = time.monotonic() + self.patience
        while time.monotonic() < until and (fetch(_LEFT)[0][0] or enqueue_due()):
            self._tend()
            time.sleep(POLL_S)

    def settle(self, end: datetime, *, step: timedelta) -> None:
        """Until nothing is left to do, nor anybody doing it."""
        until = time.monotonic() + self.settle_s
        while self.now < end and time.monotonic() < until:
            self.run_until(min(self.now + 6 * step, end), step=step)
            if self._surely(self._at_rest):
                return

    def _at_rest(self) -> bool:
        return is_settled(self._world) and not fetch(_LEFT)[0][0] and not orphaned_runs()
