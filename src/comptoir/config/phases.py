"""Where the time of a start goes: told at its end, because a slow one is the first thing that a newcomer meets."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Phases:
    """What was waited for, one after the other. What starts beside the others counts where it is waited for."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._began = now()
        self._waits: list[tuple[str, float]] = []

    @contextmanager
    def waiting_for(self, name: str) -> Iterator[None]:
        began = self._now()
        yield
        self._waits.append((name, self._now() - began))

    def told(self) -> str:
        parts = ", ".join(f"{name} {seconds:.1f}" for name, seconds in self._waits)
        return f"Ready in {self._now() - self._began:.1f} s ({parts})."
