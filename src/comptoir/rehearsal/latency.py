"""How long the other channels show what one of them has just sold, in virtual seconds."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from comptoir.rehearsal.world import World, instant


@dataclass(frozen=True)
class Latency:
    p50: float = 0.0
    p95: float = 0.0
    max: float = 0.0
    sales: int = 0


def stock_latency(world: World, placed: list[dict[str, Any]]) -> Latency:
    """From each sale to the first stock figure that every other channel took after it.

    A sale that changed nothing elsewhere (the figure shown is capped, or nothing more was told) is no
    measure of speed and is left out.
    """
    told: dict[tuple[str, str], list[float]] = defaultdict(list)
    for fact in world.facts("stock_told"):
        told[fact["party"], fact["sku"]].append(instant(fact["at"]).timestamp())
    parties = {party for party, _ in told}
    waits: list[float] = []
    for order in placed:
        at = instant(order["placed_at"]).timestamp()
        for line in order["lines"]:
            for party in parties - {order["party"]}:
                times = told.get((party, line["sku"]), [])
                index = bisect_left(times, at)
                if index < len(times):
                    waits.append(times[index] - at)
    waits.sort()
    return _quantiles(waits)


def _quantiles(waits: list[float]) -> Latency:
    if not waits:
        return Latency()
    return Latency(
        p50=round(waits[len(waits) // 2], 1),
        p95=round(waits[min(len(waits) - 1, len(waits) * 95 // 100)], 1),
        max=round(waits[-1], 1),
        sales=len(waits),
    )
