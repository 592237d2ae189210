"""Time: the world and the hub's own schedule advance together, and the flows are those of production."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from typing import Protocol, Self

from django.db import connections

from comptoir.core.bulk import execute
from comptoir.core.clock import system_clock, use_clock
from comptoir.flows.policy import run_flow
from comptoir.flows.schedule import Due, due_turns, next_due_at, plan_turns
from comptoir.journal.models import Run
from comptoir.rehearsal.person import Person
from comptoir.rehearsal.settled import is_settled
from comptoir.rehearsal.world import World

Progress = Callable[[datetime], None]
WORKERS = 2
WAITS = timedelta(minutes=1)
"""What a step is cut to while a channel's own limit makes a flow wait: it asks for seconds, not for hours."""


class HandClock(Protocol):
    """A clock that is set by hand."""

    now: datetime

    def __call__(self) -> datetime: ...


class VirtualClock:
    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


class Day:
    """`with Day(world, start) as day:` moves world and hub from instant to instant."""

    def __init__(self, world: World, start: datetime, clock: HandClock | None = None) -> None:
        self._world = world
        self._clock: HandClock = clock or VirtualClock(start)
        self._started = start
        self._person = Person()
        self._threads = ThreadPoolExecutor(max_workers=WORKERS, thread_name_prefix="worker")
        self._next_event: datetime | None = start
        self._analyse_at = start
        self._waiting = False
        self.progress: Progress = lambda now: None

    def __enter__(self) -> Self:
        use_clock(self._clock)
        return self

    def __exit__(self, *_: object) -> None:
        # Each thread has a connection of its own, which nothing else would close.
        together = Barrier(WORKERS)
        list(self._threads.map(_close_connection, [together] * WORKERS))
        self._threads.shutdown()
        use_clock(system_clock)

    @property
    def now(self) -> datetime:
        return self._clock.now

    def run_until(self, end: datetime, *, step: timedelta = timedelta(minutes=1)) -> None:
        plan_turns()
        while self.now < end:
            self._advance(end, step)

    def settle(self, end: datetime, *, step: timedelta) -> None:
        """Go on until nothing is left to do, at most until `end`."""
        while self.now < end and not is_settled(self._world):
            self.run_until(min(self.now + timedelta(hours=1), end), step=step)

    def _advance(self, end: datetime, step: timedelta) -> None:
        """One step, or a jump to what comes next when that is further away."""
        coming = min(filter(None, (self._next_event, next_due_at())), default=end)
        to = min(max(coming, self.now + (min(step, WAITS) if self._waiting else step)), end)
        self._next_event = self._world.advance(to)
        self._clock.now = to
        self._analyse()
        self._run_due()
        self._person.act(to)
        self.progress(to)

    def _run_due(self) -> None:
        """What is due: the flows of one channel in order, channels beside each other as workers would."""
        by_channel: dict[str, list[Due]] = {}
        for due in due_turns(self.now):
            by_channel.setdefault(due.channel, []).append(due)
        self._waiting = any(list(self._threads.map(_run_in_order, by_channel.values())))

    def _analyse(self) -> None:
        """What autovacuum does every minute, and has no time for when a minute is a day: each time what has
        gone by since the start has doubled."""
        if self.now >= self._analyse_at:
            execute("ANALYZE")
            self._analyse_at = self.now + max(self.now - self._started, timedelta(hours=1))


def _close_connection(together: Barrier) -> None:
    together.wait(timeout=60)
    connections.close_all()


def _run_in_order(turns: list[Due]) -> bool:
    """Is one of them waiting for a limit of its channel?"""
    runs = [run_flow(due.flow, due.channel) for due in turns]
    return any(run is not None and run.outcome == Run.Outcome.WAITING for run in runs)
