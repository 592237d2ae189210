"""`comptoir rehearse --study oversell`: how many units each way of publishing sells twice.

Four channels take 50, 20, 20 and 10 % of a Poisson demand; each shows what it was last told, less its own
sales. Once per cycle, each at its own minute, the hub reads a channel's orders and tells it a quantity:
the number available, less a buffer, or what `offers.escrow` gives, the very rule that the hub applies. One
product is sold to depletion, many times over. Publication is instant and nothing is cancelled.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from random import Random

from comptoir.offers.escrow import Pool, allocate, escrow_units, in_flight

SHARES = (0.5, 0.2, 0.2, 0.1)
HORIZON_DAYS = 60.0
_DAY_S = 86_400.0


@dataclass(frozen=True)
class Case:
    daily: float
    stock: int
    cycle_s: float


@dataclass(frozen=True)
class Scheme:
    """`buffer` units held back everywhere, or escrow of the last `escrow(case)` units."""

    label: str
    buffer: int = 0
    escrow: Callable[[Case], int] | None = None


@dataclass(frozen=True)
class Result:
    case: Case
    scheme: Scheme
    oversold_per_1000: float
    stranded: float
    """Units never sold, per product."""
    sold_out_h: float
    """When the last unit that was ever sold was sold, mean of all products."""


CASES = (
    Case(5, 20, 900), Case(5, 20, 3600), Case(40, 40, 300), Case(40, 40, 900), Case(40, 40, 3600),
)  # fmt: skip
SCHEMES = (
    Scheme("none"), Scheme("buffer 1", buffer=1), Scheme("buffer 2", buffer=2),
    Scheme("escrow K=4", escrow=lambda case: 4),
    Scheme("escrow, K by demand", escrow=lambda case: escrow_units(case.daily, case.cycle_s)),
)  # fmt: skip


@dataclass
class _Channel:
    shown: int = 0
    untold: int = 0
    thought: int = 0
    """What the hub thinks that it shows."""
    exposed: int = 0
    settled: bool = True


@dataclass
class _Shop:
    """One product on its channels: what truly happens, and what the hub knows."""

    case: Case
    scheme: Scheme
    available: int
    channels: list[_Channel] = field(default_factory=lambda: [_Channel() for _ in SHARES])
    sold: int = 0
    last_sale_s: float = 0.0
    entered: bool = False

    def sell(self, place: int, at: float) -> None:
        channel = self.channels[place]
        if channel.shown:
            channel.shown -= 1
            channel.untold += 1
            self.sold += 1
            self.last_sale_s = at

    def turn(self, place: int) -> None:
        """Read its orders, then tell it what to show."""
        channel = self.channels[place]
        told, channel.untold = channel.untold, 0
        self.available -= told
        channel.thought -= told
        channel.settled, channel.exposed = True, channel.thought
        wanted = self._wanted(place)
        if wanted != channel.thought:
            channel.exposed, channel.settled = channel.exposed + wanted, False
            channel.shown = channel.thought = wanted

    def _wanted(self, place: int) -> int:
        free = max(0, self.available)
        if self.scheme.escrow is None or free > self.scheme.escrow(self.case):
            self.entered = False
            return max(0, free - self.scheme.buffer)
        pools = [
            Pool(str(n), free, c.thought, c.exposed, settled=c.settled,
                 weight=round(share * self.case.daily * 1000) + 1)
            for n, (c, share) in enumerate(zip(self.channels, SHARES, strict=True))
        ]  # fmt: skip
        width = in_flight(self.case.daily, self.case.cycle_s)
        wanted = allocate(free, pools, entered=self.entered, in_flight=width)[str(place)]
        # Each channel is told at its own turn: the product comes down from the plain numbers until the last is.
        self.entered = sum(c.exposed for c in self.channels) <= free
        return wanted

    @property
    def over(self) -> bool:
        return not any(c.shown or c.untold for c in self.channels) and self.available <= max(
            0, self.scheme.buffer
        )


def study(*, products: int, seed: int) -> Iterator[Result]:
    for case in CASES:
        for scheme in SCHEMES:
            yield _measure(case, scheme, products, Random(f"{seed} {case}"))


def _measure(case: Case, scheme: Scheme, products: int, rng: Random) -> Result:
    shops = [_play(case, scheme, rng) for _ in range(products)]
    sold = sum(shop.sold for shop in shops)
    oversold = sum(max(0, shop.sold - case.stock) for shop in shops)
    stranded = sum(max(0, case.stock - shop.sold) for shop in shops)
    return Result(
        case, scheme, 1000 * oversold / max(1, sold), stranded / products,
        sum(shop.last_sale_s for shop in shops) / products / 3600,
    )  # fmt: skip


def _play(case: Case, scheme: Scheme, rng: Random) -> _Shop:
    shop = _Shop(case, scheme, case.stock)
    for place in range(len(SHARES)):
        shop.turn(place)
    rate = case.daily / _DAY_S
    events: list[tuple[float, int, int]] = [(rng.expovariate(rate), 0, -1)]
    events += [(rng.uniform(0, case.cycle_s), 1, place) for place in range(len(SHARES))]
    heapq.heapify(events)
    while not shop.over:
        at, _, place = heapq.heappop(events)
        if at > HORIZON_DAYS * _DAY_S:
            break
        if place < 0:
            shop.sell(rng.choices(range(len(SHARES)), SHARES)[0], at)
            heapq.heappush(events, (at + rng.expovariate(rate), 0, -1))
        else:
            shop.turn(place)
            heapq.heappush(events, (at + case.cycle_s, 1, place))
    return shop


def by_case(results: Sequence[Result]) -> dict[Case, list[Result]]:
    return {case: [r for r in results if r.case == case] for case in dict.fromkeys(r.case for r in results)}
