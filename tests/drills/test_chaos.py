"""What goes wrong at the last moment of a drill is lived through to its end."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import cast

from comptoir.config.drills.chaos import Chaos, until
from comptoir.config.drills.day import DrilledDay
from comptoir.config.drills.theatre import _until_calm


class _Day:
    """It is the day that tells the workers what is due: a blow may wait for that."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 23, 8, tzinfo=UTC)
        self.went_on = threading.Event()

    def run_until(self, end: datetime, *, step: timedelta) -> None:
        self.now = end
        self.went_on.set()


def test_the_day_goes_on_until_the_blow_that_is_under_way_has_ended() -> None:
    day, struck, seen = _Day(), threading.Event(), list[bool]()

    def blow() -> None:
        struck.set()
        seen.append(day.went_on.wait(20))

    chaos = Chaos([blow], seed=1, pause=(0.0, 0.0))
    chaos.start()
    until(20, struck.is_set, "the blow")
    _until_calm(cast("DrilledDay", day), chaos)
    chaos.end()
    assert seen == [True]
    assert chaos.count == 1, "and no other one began"
