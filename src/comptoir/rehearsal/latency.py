"""How long the other channels show what one of them has just sold, in virtual seconds."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from comptoir.rehearsal.world import World, instant

LONGEST_ANSWER = timedelta(days=3)
"""A figure told later than that answers something else: a count, a return, another sale weeks after."""


@dataclass(frozen=True)
class Latency:
    p50: float = 0.0
    p95: float = 0.0
    max: float = 0.0
    later: int = 0
    """Sales after which another channel was told nothing for `LONGEST_ANSWER`, and then something."""
    sales: int = 0


def stock_latency(world: World, placed: list[dict[str, Any]]) -> Latency:
    """From each sale to the first stock figure that every other channel took after it.

    A sale that changed nothing elsewhere (the figure shown is capped, the last units are another pool's) is no
    measure of speed: where nothing more is told it is left out, and where the next figure comes days after, for
    another reason, it is counted apart.
    """
    told: dict[tuple[str, str], list[float]] = defaultdict(list)
    for fact in world.facts("stock_told"):
        told[fact["party"], fact["sku"]].append(instant(fact["at"]).timestamp())
    parties = {party for party, _ in told}
    waits: list[float] = []
    later = 0
    for order in placed:
        at = instant(order["placed_at"]).timestamp()
        for line in order["lines"]:
            for party in parties - {order["party"]}:
                times = told.get((party, line["sku"]), [])
                index = bisect_left(times, at)
                if index == len(times):
                    continue
                if times[index] - at > LONGEST_ANSWER.total_seconds():
                    later += 1
                else:
                    waits.append(times[index] - at)
    return _quantiles(sorted(waits), later)


def _quantiles(waits: list[float], later: int) -> Latency:
    if not waits:
        return Latency(later=later)
    return Latency(
        p50=round(waits[len(waits) // 2], 1),
        p95=round(waits[min(len(waits) - 1, len(waits) * 95 // 100)], 1),
        max=round(waits[-1], 1),
        later=later,
        sales=len(waits),
    )
