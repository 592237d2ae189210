"""Time: the world and the hub's own schedule advance together, and the flows are those of production."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Protocol, Self

from comptoir.core.bulk import execute
from comptoir.core.clock import system_clock, use_clock
from comptoir.flows.schedule import due_turns, next_due_at, plan_turns
from comptoir.rehearsal.person import Person
from comptoir.rehearsal.settled import is_settled
from comptoir.rehearsal.workers import Threads, Workers
from comptoir.rehearsal.world import World

Progress = Callable[[datetime], None]
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

    def __init__(
        self, world: World, start: datetime, clock: HandClock | None = None, workers: Workers | None = None
    ) -> None:
        self._world = world
        self._clock: HandClock = clock or VirtualClock(start)
        self._started = start
        self._person = Person()
        self._workers = workers or Threads()
        self._aside = ThreadPoolExecutor(max_workers=1, thread_name_prefix="world")
        self._next_event: datetime | None = start
        self._analyse_at = start
        self._waiting = False
        self.rarely: Mapping[str, timedelta] = {}
        """Flows of the house that rest for so long after each turn, whatever their own interval."""
        self._rests_until: dict[str, datetime] = {}
        self.progress: Progress = lambda now: None

    def __enter__(self) -> Self:
        use_clock(self._clock)
        return self

    def __exit__(self, *_: object) -> None:
        self._aside.shutdown()
        self._workers.close()
        use_clock(system_clock)

    @property
    def now(self) -> datetime:
        return self._clock.now

    def run_until(self, end: datetime, *, step: timedelta = timedelta(minutes=1)) -> None:
        plan_turns()
        while self.now < end:
            self._advance(end, step)

    def settle(self, end: datetime, *, step: timedelta) -> None:
        """Go on until nothing is left to do, at most until `end`. Looked at each hour, or twice in a longer step; at
        first after a whole one, in which what came last is read."""
        stride = max(timedelta(hours=1), step / 2)
        self.run_until(min(self.now + step, end), step=step)
        while self.now < end and not is_settled(self._world):
            self.run_until(min(self.now + stride, end), step=step)

    def _advance(self, end: datetime, step: timedelta) -> None:
        """One step, or a jump to what comes next when that is further away."""
        coming = min(filter(None, (self._next_event, next_due_at())), default=end)
        to = min(max(coming, self.now + (min(step, WAITS) if self._waiting else step)), end)
        # The person ends the evening while the world, a program of its own, lives the next morning.
        moved = self._aside.submit(self._world.advance, to)
        self._person.act(self.now)
        self._next_event = moved.result()
        self._clock.now = to
        self._analyse()
        self._run_due()
        self.progress(to)

    def _run_due(self) -> None:
        """What is due: the flows of one channel in order, channels beside each other as workers would."""
        by_channel: dict[str, list[tuple[str, str]]] = {}
        for due in due_turns(self.now):
            if not self._rests(due.flow):
                by_channel.setdefault(due.channel, []).append((due.flow, due.channel))
        # News first: in a step of hours it is what everything else of the channel is about.
        lanes = [sorted(turns, key=lambda turn: turn[0] != "import_orders") for turns in by_channel.values()]
        self._waiting = self._workers.do(self.now, lanes)

    def _rests(self, flow: str) -> bool:
        if flow not in self.rarely:
            return False
        if self.now < self._rests_until.get(flow, self.now):
            return True
        self._rests_until[flow] = self.now + self.rarely[flow]
        return False

    def _analyse(self) -> None:
        """What autovacuum does every minute, and has no time for when a minute is a day: each time what has
        gone by since the start has doubled."""
        if self.now >= self._analyse_at:
            execute("ANALYZE")
            self._analyse_at = self.now + max(self.now - self._started, timedelta(hours=1))
