"""The world's clock: real time, faster than real time, or pushed by hand."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta


class WorldClock:
    """Answers `now()` in UTC.

    With `speed` 1.0 and no `start` it is the machine's own clock. With another speed, virtual time runs
    that many times faster from `start`. With `speed` 0 time stands still until `advance_to` is called:
    rehearsals and tests push it.
    """

    def __init__(
        self,
        start: datetime | None = None,
        speed: float = 1.0,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._monotonic = monotonic
        self._origin = start or datetime.now(UTC)
        self._mark = monotonic()
        self.speed = speed

    def now(self) -> datetime:
        elapsed = (self._monotonic() - self._mark) * self.speed
        return self._origin + timedelta(seconds=elapsed)

    def advance_to(self, instant: datetime) -> None:
        """Move to `instant`; going back is refused, because told facts carry their times."""
        if instant < self.now():
            raise ValueError(f"the world's clock is at {self.now().isoformat()}, it does not go back")
        self._origin = instant
        self._mark = self._monotonic()
