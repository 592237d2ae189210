"""The last units of a product, shared between the pools that sell it: the rule, in plain Python.

`desired.py` applies the same rule in SQL to whole sets; a property test holds the two together.

What a pool may still sell without our having heard of it is its *exposure*: what it shows at most, and
what it may have sold since we last read its orders. Each write of `q` units adds `q` to it (the channel
may sell all that it showed before just before the write, and `q` after); each sale that we hear of takes
its units off; and once a write is confirmed and the orders were read after that, it is what the channel
shows and no more. Under escrow, Σ exposures + Σ quantities about to be written ≤ available: whatever sells,
in whatever order, whenever we hear of it, no unit is sold twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil, sqrt

LEAST_ESCROW = 4
"""Units under which any product is in escrow."""


@dataclass(frozen=True)
class Pool:
    """What one pool (channels that share a quantity) is and shows of one product."""

    name: str
    cap: int
    """The most that its rules let it show; 0: nothing."""
    shown: int | None
    """What we last put there, less what it sold since; None: nobody knows."""
    exposed: int
    """What it may still sell at most before we hear of it."""
    busy: bool = False
    """A write is under way: nothing else can be sent."""
    settled: bool = True
    """Confirmed, and its orders were read after that."""
    weight: int = 1
    """Thousandths of units a day that it sells of this product, plus one."""


def in_flight(daily: float, cycle_s: float, unheard: float = 0.0) -> int:
    """Units that may sell, all pools together, while a decrease travels: mean + 3 σ of a Poisson law.

    `unheard`: what pools of which nothing was heard for a while sold since then, by their demand.
    """
    mean = daily * cycle_s / 86_400 + unheard
    return max(1, ceil(mean + 3 * sqrt(mean)))


def escrow_units(daily: float, cycle_s: float, unheard: float = 0.0) -> int:
    """K: at or below that many units, the pools get disjoint quotas."""
    return max(LEAST_ESCROW, 2 * in_flight(daily, cycle_s, unheard))


def fair_quotas(available: int, pools: Sequence[Pool]) -> dict[str, int]:
    """One unit each, best sellers first; the rest by share of demand, greatest remainders first; and what
    a cap leaves over to the next ones in that order."""
    open_ones = [pool for pool in _ranked(pools) if pool.cap > 0]
    rest, total = max(0, available - len(open_ones)), sum(pool.weight for pool in open_ones)
    shares = [divmod(rest * pool.weight, total) for pool in open_ones]
    spare = rest - sum(whole for whole, _ in shares)
    by_remainder = sorted(range(len(open_ones)), key=lambda place: (-shares[place][1], place))
    lucky = set(by_remainder[:spare])
    quotas = {pool.name: 0 for pool in pools} | {
        pool.name: min(pool.cap, (place < available) + shares[place][0] + (place in lucky))
        for place, pool in enumerate(open_ones)
    }
    left = max(0, available - sum(quotas.values()))
    for pool in open_ones:
        more = min(left, pool.cap - quotas[pool.name])
        quotas[pool.name] += more
        left -= more
    return quotas


def allocate(available: int, pools: Sequence[Pool], *, entered: bool, in_flight: int) -> dict[str, int]:
    """What each pool should show. `entered`: the product was in escrow before; else it comes from the plain
    numbers, which every pool showed in full, and `in_flight` units are held back while they come down."""
    quotas = fair_quotas(available, pools)
    if sum(pool.exposed for pool in pools) <= available:
        return _share_slack(available, pools, quotas)
    return _come_down(available, pools, quotas, in_flight=None if entered else in_flight)


def _share_slack(available: int, pools: Sequence[Pool], quotas: dict[str, int]) -> dict[str, int]:
    """Nothing can be oversold as it is: only what is in nobody's hands is given out."""
    slack = available - sum(pool.exposed for pool in pools)
    wanted = {pool.name: pool.shown or 0 for pool in pools}
    written = [p for p in _ranked(pools) if not p.busy and _is_off(p, quotas[p.name])]
    for pool, given in _fit(slack, sorted(written, key=lambda p: (p.shown or 0) > 0), quotas):
        keeps = pool.shown is not None and pool.shown <= pool.cap
        wanted[pool.name] = max(given, wanted[pool.name]) if keeps else given
    starved = any(quotas[p.name] > 0 and not p.busy and wanted[p.name] == 0 for p in pools)
    freeing = any(p.exposed > wanted[p.name] for p in pools)
    if starved and not freeing:
        holders = [p for p in _ranked(pools) if not p.busy and (p.shown or 0) > quotas[p.name]]
        for holder in sorted(holders, key=lambda p: quotas[p.name] - (p.shown or 0))[:1]:
            wanted[holder.name] = 0
    return wanted


def _is_off(pool: Pool, quota: int) -> bool:
    return pool.shown is None or pool.shown < quota or pool.shown > pool.cap


def _come_down(
    available: int, pools: Sequence[Pool], quotas: dict[str, int], *, in_flight: int | None
) -> dict[str, int]:
    """More is shown than there is: who shows more than its quota comes down."""
    written = [p for p in _ranked(pools) if not p.busy and (p.shown is None or p.shown > quotas[p.name])]
    wanted = {pool.name: pool.shown or 0 for pool in pools}
    at_risk = sum(pool.exposed for pool in written)
    kept = sum(pool.exposed for pool in pools) - at_risk
    slack = available - kept - (at_risk if in_flight is None else min(at_risk, in_flight))
    return wanted | {pool.name: given for pool, given in _fit(slack, written, quotas)}


def _fit(slack: int, pools: Sequence[Pool], quotas: dict[str, int]) -> Iterator[tuple[Pool, int]]:
    """Their quotas, in order, as far as the slack goes."""
    for pool in pools:
        yield pool, max(0, min(quotas[pool.name], slack))
        slack -= quotas[pool.name]


def _ranked(pools: Sequence[Pool]) -> list[Pool]:
    return sorted(pools, key=lambda pool: (-pool.weight, pool.name))
