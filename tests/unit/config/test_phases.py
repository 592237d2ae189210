from __future__ import annotations

from comptoir.config.phases import Phases


class Hands:
    """A clock that is put forward by hand."""

    def __init__(self) -> None:
        self.at = 100.0

    def __call__(self) -> float:
        return self.at


def test_a_start_tells_what_it_waited_for_and_how_long() -> None:
    clock = Hands()
    phases = Phases(clock)
    with phases.waiting_for("database"):
        clock.at += 0.9
    clock.at += 0.5
    with phases.waiting_for("web"):
        clock.at += 2.04
    assert phases.told() == "Ready in 3.4 s (database 0.9, web 2.0)."
