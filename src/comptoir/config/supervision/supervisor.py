"""Start programs in order, start again what dies, stop all in the reverse order."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Protocol

from comptoir.config.problems import StartupProblem
from comptoir.config.supervision.backoff import Backoff
from comptoir.config.supervision.child import Child, ChildSpec, Say

POLL_SECONDS = 0.1


class StopAsked(Exception):  # noqa: N818
    """Ctrl-C or SIGTERM came while something was still starting."""


class Service(Protocol):
    """Anything that runs and can be started again: a Child, or the embedded database."""

    @property
    def name(self) -> str: ...
    def start(self) -> None: ...
    def alive(self) -> bool: ...
    def stop(self) -> None: ...


@dataclass
class _Watched:
    service: Service
    started_at: float
    deaths: int = 0
    again_at: float | None = None
    """Monotonic instant of the next start; None while it lives."""


class Supervisor:
    """Use it from one thread, which the children are tied to.

    `say(name, line)` gets what the children say and what happens to them.
    """

    def __init__(
        self,
        logs: Path,
        say: Say,
        backoff: Backoff | None = None,
        now: Callable[[], float] = time.monotonic,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._logs = logs
        self._say = say
        self._backoff = backoff or Backoff()
        self._now = now
        self._pause = pause
        self._watched: list[_Watched] = []
        self._stop_asked = False

    def ask_to_stop(self) -> None:
        """Safe in a signal handler."""
        self._stop_asked = True

    def add(self, service: Service) -> None:
        """Start a service that is ready when its `start` returns."""
        self._check_stop()
        self._watched.append(_Watched(service, self._now()))
        service.start()

    def start(self, spec: ChildSpec) -> Child:
        """Start a child and wait until it is ready. Raises StartupProblem or StopAsked."""
        child = self.spawn(spec)
        self.wait_until_ready(child)
        return child

    def spawn(self, spec: ChildSpec) -> Child:
        """Start a child without waiting."""
        child = Child(spec, self._logs, self._say)
        self.add(child)
        return child

    def wait_until_ready(self, child: Child) -> None:
        deadline = self._now() + child.spec.ready_seconds
        while not child.ready():
            self._check_stop()
            if not child.alive():
                raise self._died(child)
            if self._now() > deadline:
                raise StartupProblem(
                    f"`{child.name}` is not ready after {child.spec.ready_seconds:.0f} seconds.",
                    f"Look at {self._logs / child.name}.log.",
                )
            self._pause(POLL_SECONDS)

    def run(self, spec: ChildSpec) -> None:
        """Run a child to its end. Raises StartupProblem when it fails, StopAsked when interrupted."""
        child = Child(spec, self._logs, self._say)
        child.start()
        try:
            while child.alive():
                self._check_stop()
                self._pause(POLL_SECONDS)
            if child.exit_code() != 0:
                raise self._died(child)
        finally:
            child.stop()

    def watch(self) -> None:
        """Until asked to stop, start again whatever dies."""
        while not self._stop_asked:
            for watched in self._watched:
                self._tend(watched)
            self._pause(POLL_SECONDS)

    def stop(self) -> None:
        """Everything, last started first; each is stopped even when another cannot be."""
        problems: list[Exception] = []
        while self._watched:
            service = self._watched.pop().service
            try:
                service.stop()
            except Exception as error:  # noqa: BLE001 - the others must be stopped first
                problems.append(error)
        if problems:
            raise ExceptionGroup("some programs could not be stopped", problems)

    def _tend(self, watched: _Watched) -> None:
        if watched.service.alive():
            return
        if watched.again_at is None:
            self._note_death(watched)
        elif self._now() >= watched.again_at:
            self._start_again(watched)

    def _note_death(self, watched: _Watched) -> None:
        lived = self._now() - watched.started_at
        watched.deaths = self._backoff.deaths_in_a_row(watched.deaths, lived)
        delay = self._backoff.delay(watched.deaths)
        watched.again_at = self._now() + delay
        self._say(watched.service.name, f"stopped by itself; it starts again in {delay:.1f} s")

    def _start_again(self, watched: _Watched) -> None:
        watched.again_at, watched.started_at = None, self._now()
        try:
            watched.service.stop()  # what it left behind
            watched.service.start()
        except (StartupProblem, OSError) as error:
            self._say(watched.service.name, f"cannot start: {error}")

    def _check_stop(self) -> None:
        if self._stop_asked:
            raise StopAsked

    def _died(self, child: Child) -> StartupProblem:
        return StartupProblem(
            f"`{child.name}` stopped while starting (code {child.exit_code()}).",
            f"Its last words, also in {self._logs / child.name}.log:\n{child.last_words()}",
        )


@contextmanager
def stopped_by_signals(supervisor: Supervisor) -> Iterator[None]:
    """Ctrl-C, SIGTERM and a closed terminal stop in order, however often they come."""
    orders = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def handle(number: int, frame: FrameType | None) -> None:
        supervisor.ask_to_stop()

    before = {order: signal.signal(order, handle) for order in orders}
    try:
        yield
    finally:
        supervisor.stop()
        for order, handler in before.items():
            signal.signal(order, handler)
