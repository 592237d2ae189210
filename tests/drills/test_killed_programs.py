"""The process drills, small: `comptoir drill` plays them large. Each is a process of its own, on its own database."""

from __future__ import annotations

from dataclasses import replace

import pytest

from comptoir.config.drills.registry import DRILLS, CannotBePlayed, play
from comptoir.config.drills.theatre import Outcome, Size

SMALL = Size(orders=12, products=10, seconds=5, workers=2, hours=0.5)

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


def played(name: str, size: Size = SMALL) -> Outcome:
    try:
        return play(name, size)
    except CannotBePlayed as reason:
        pytest.skip(f"NOT PLAYED HERE: {reason}")


@pytest.mark.parametrize("name", ["failover", "disk"])
def test_nothing_is_lost_doubled_leaked_or_left_running(name: str) -> None:
    outcome = played(name)
    assert outcome.wrong == []
    assert outcome.blows > 0
    assert outcome.facts["orders"] == SMALL.orders
    assert outcome.facts["in_erp"] > 0


def test_workers_web_and_database_are_killed_at_any_moment_and_all_of_them_come_back() -> None:
    outcome = played("kill")
    assert outcome.wrong == []
    assert outcome.facts["orders"] == SMALL.orders
    assert (
        min(outcome.facts.get(f"{what}_killed", 0) for what in ("workers", "webs", "backends", "servers")) > 0
    )
    assert outcome.facts["web_answers"] > 0


def test_a_channel_that_was_down_for_a_day_comes_back_with_its_orders_and_the_others_noticed_nothing() -> (
    None
):
    """`comptoir drill away --orders 20000` is the large form."""
    outcome = played("away", replace(SMALL, orders=120, products=60))
    assert outcome.wrong == []
    assert outcome.facts["orders_away"] > 100
    assert outcome.facts["in_erp"] > 100
    assert 0 < outcome.facts["others_silent_minutes"] <= 40


def test_the_work_of_a_machine_that_is_cut_off_is_taken_over_within_a_minute_and_nothing_is_done_twice() -> (
    None
):
    outcome = played("cut")
    assert outcome.wrong == []
    assert outcome.facts["jobs_cut"] > 0
    assert outcome.facts["taken_over_s"] < 60
    assert outcome.facts["sessions_ended_s"] < 60


def test_a_drill_in_which_nothing_went_wrong_on_purpose_has_not_passed() -> None:
    assert not Outcome("kill").passed
    assert not Outcome("kill", blows=1, wrong=["an order is lost"]).passed
    assert set(DRILLS) == {"kill", "failover", "cut", "disk", "away"}
