"""From which warehouses an order leaves: the first that ships it whole, else the fewest, else by priority.

Pure: what the lines need and what is free, in; units of each line in each warehouse, out. Lines and quantities
may be split. What is nowhere is asked of the first warehouse: the order is short there, and is seen to be.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

MOST_PARTS = 3
"""Warehouses of which every combination is tried; an order that needs more takes from each by priority."""


@dataclass(frozen=True)
class Need:
    line: int
    product: int
    units: int


@dataclass(frozen=True)
class Taken:
    line: int
    product: int
    warehouse: int
    units: int


def route(needs: Sequence[Need], free: Mapping[tuple[int, int], int], order: Sequence[int]) -> list[Taken]:
    """`free`: (product, warehouse) → units; `order`: the warehouses by priority, at least one."""
    wanted = Counter[int]()
    for need in needs:
        wanted[need.product] += need.units
    chosen = _choose(wanted, free, order)
    left = {key: max(0, units) for key, units in free.items()}
    return list(_merged(_take(needs, left, chosen, order[0])))


def _choose(
    wanted: Mapping[int, int], free: Mapping[tuple[int, int], int], order: Sequence[int]
) -> Sequence[int]:
    """The fewest warehouses that have as much of it as all of them; the first by priority among as few."""

    def covered(some: Sequence[int]) -> int:
        return sum(
            min(units, sum(max(0, free.get((product, place), 0)) for place in some))
            for product, units in wanted.items()
        )

    best = covered(order)
    useful = [place for place in order if covered([place])]
    for size in range(1, min(MOST_PARTS, len(useful)) + 1):
        for some in combinations(useful, size):
            if covered(some) == best:
                return some
    return useful


def _take(
    needs: Sequence[Need], left: dict[tuple[int, int], int], chosen: Sequence[int], first: int
) -> Iterator[Taken]:
    for need in needs:
        missing = need.units
        whole = [place for place in chosen if left.get((need.product, place), 0) >= missing]
        for place in whole[:1] or chosen:
            units = min(missing, left.get((need.product, place), 0))
            if units:
                left[need.product, place] -= units
                missing -= units
                yield Taken(need.line, need.product, place, units)
        if missing:
            yield Taken(need.line, need.product, first, missing)


def _merged(parts: Iterator[Taken]) -> Iterator[Taken]:
    sums = Counter[tuple[int, int, int]]()
    for part in parts:
        sums[part.line, part.product, part.warehouse] += part.units
    return (Taken(line, product, place, units) for (line, product, place), units in sums.items())
