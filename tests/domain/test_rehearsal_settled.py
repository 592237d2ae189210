"""What a rehearsal waits for before it judges: news of the ERP that are on their way, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from comptoir.inventory.models import Stock
from comptoir.rehearsal.settled import own_moves_told
from tests.domain.conftest import NOW, make_product


class ToldWorld:
    """The two pages of the world's ledger that are asked."""

    def __init__(self, physical: int, *moves: tuple[str, int]) -> None:
        self._physical = physical
        self._moves = moves

    def stock(self) -> dict[str, dict[str, int]]:
        return {"MOUSE": {"physical": self._physical}}

    def facts(self, kind: str) -> Iterator[dict[str, Any]]:
        assert kind == "stock_moved"
        for why, minutes in self._moves:
            at = NOW + timedelta(minutes=minutes)
            yield {"sku": "MOUSE", "at": at.isoformat(), "detail": {"why": why}}


@pytest.fixture
def counted() -> None:
    """Ten mice, counted now."""
    make_product("MOUSE", on_hand=10)
    Stock.objects.update(counted_at=NOW)


@pytest.mark.usefixtures("counted")
@pytest.mark.parametrize(
    ("world", "told"),
    [
        (ToldWorld(10, ("return", 30)), True),  # nothing differs
        (ToldWorld(12, ("return", 30)), False),  # came back after the count: it will be told
        (ToldWorld(12, ("return", 0)), False),  # in the minute of the count: perhaps just after it
        (ToldWorld(12, ("return", -30)), True),  # was counted, and the hub is wrong all the same
        (ToldWorld(8, ("shipment", 30)), True),  # our own order: told by its shipment, not by a count
    ],
)
def test_goods_that_the_erp_moved_by_itself_are_waited_for_until_it_counted(
    world: ToldWorld, told: bool
) -> None:
    assert own_moves_told(world) is told  # type: ignore[arg-type]
