"""The hub's clock. Everything asks `now()`; rehearsals and tests put another clock in its place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    return datetime.now(UTC)


_clock: Clock = system_clock


def now() -> datetime:
    """Aware, UTC."""
    return _clock()


def use_clock(clock: Clock) -> None:
    """Replace the clock of the whole process."""
    global _clock
    _clock = clock


@contextmanager
def clock_at(clock: Clock) -> Iterator[None]:
    before = _clock
    use_clock(clock)
    try:
        yield
    finally:
        use_clock(before)
