"""Fakes at the ports of the sdk: time, throttle, cache."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from comptoir.sdk.connector import Context
from comptoir.sdk.http import Exchange, Limit


@dataclass
class FakeClock:
    now: datetime = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **duration: float) -> None:
        self.now += timedelta(**duration)


@dataclass
class FakeThrottle:
    """Lets everything through and remembers what was asked; `refuse_for` makes it say wait."""

    taken: list[str] = field(default_factory=list)
    drained: dict[str, float] = field(default_factory=dict)
    refuse_for: float = 0.0

    def take(self, key: str, limit: Limit) -> float:
        if not self.refuse_for:
            self.taken.append(key)
        return self.refuse_for

    def drain(self, key: str, limit: Limit, seconds: float) -> None:
        self.drained[key] = seconds


@dataclass
class FakeCache:
    kept: dict[str, bytes] = field(default_factory=dict)

    def get(self, key: str) -> bytes | None:
        return self.kept.get(key)

    def set(self, key: str, value: bytes, *, seconds: int) -> None:
        self.kept[key] = value


def context_for_tests(
    *, exchanges: list[Exchange] | None = None, clock: FakeClock | None = None, timeout_s: float = 0.5
) -> Context:
    """A context for a connection to a server on loopback; traces are appended to `exchanges`."""
    used = clock or FakeClock()
    return Context(
        clock=used,
        throttle=FakeThrottle(),
        observe=(exchanges if exchanges is not None else []).append,
        cache=FakeCache(),
        account="test",
        allow_loopback=True,
        timeout_s=timeout_s,
        sleep=clock_sleep(used),
    )


def clock_sleep(clock: FakeClock) -> Callable[[float], None]:
    """Sleeping moves the clock and takes no time."""
    return lambda seconds: clock.advance(seconds=seconds)
