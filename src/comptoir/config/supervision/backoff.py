"""How long to wait before a dead program is started again."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Backoff:
    """Seconds: the first delay, doubled at each death in a row, never over `longest`.

    A program that lived `healthy` seconds has earned a fresh start.
    """

    first: float = 0.5
    longest: float = 30.0
    healthy: float = 60.0

    def deaths_in_a_row(self, before: int, lived: float) -> int:
        """This death included."""
        return 1 if lived >= self.healthy else before + 1

    def delay(self, deaths: int) -> float:
        return min(self.first * 2.0 ** min(deaths - 1, 16), self.longest)
