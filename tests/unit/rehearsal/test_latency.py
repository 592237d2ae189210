"""How fast the other channels hear of a sale: what answers it, and what came for another reason."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, cast

from comptoir.rehearsal.latency import LONGEST_ANSWER, stock_latency
from comptoir.rehearsal.world import World

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


class Ledger:
    """What `stock_latency` reads of a world."""

    def __init__(self, *told: tuple[str, str, timedelta]) -> None:
        self._told = told

    def facts(self, kind: str) -> list[dict[str, Any]]:
        assert kind == "stock_told"
        return [{"party": p, "sku": s, "at": (NOON + after).isoformat()} for p, s, after in self._told]


def sale(party: str, sku: str, after: timedelta = timedelta()) -> dict[str, Any]:
    return {"party": party, "placed_at": (NOON + after).isoformat(), "lines": [{"sku": sku}]}


def latency(sales: list[dict[str, Any]], *told: tuple[str, str, timedelta]) -> Any:
    return stock_latency(cast(World, Ledger(*told)), sales)


def test_the_first_figure_of_every_other_channel_answers_a_sale() -> None:
    minutes = [timedelta(minutes=n) for n in (-5, 2, 3, 9)]
    found = latency(
        [sale("a", "X")],
        ("b", "X", minutes[0]), ("b", "X", minutes[1]), ("a", "X", minutes[2]), ("c", "X", minutes[3]),
        ("b", "Y", timedelta()),
    )  # fmt: skip
    assert (found.p50, found.max, found.sales, found.later) == (540.0, 540.0, 2, 0)


def test_a_figure_of_weeks_after_answers_something_else_and_is_counted_apart() -> None:
    late = LONGEST_ANSWER + timedelta(seconds=1)
    found = latency([sale("a", "X"), sale("a", "Y")], ("b", "X", LONGEST_ANSWER), ("b", "Y", late))
    assert (found.max, found.sales, found.later) == (LONGEST_ANSWER.total_seconds(), 1, 1)


def test_where_nothing_more_is_told_nothing_is_measured() -> None:
    found = latency([sale("a", "X")], ("b", "X", timedelta(minutes=-5)))
    assert (found.max, found.sales, found.later) == (0.0, 0, 0)
