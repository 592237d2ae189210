"""How the time of each speed measure grows with the size of the house: 10,000, 100,000, 1,000,000.

The exponent is that of a power law between two sizes, log(t₂ / t₁) / log(n₂ / n₁): 1 when ten times as much takes
ten times as long. Of the two steps the greater counts. What takes its share of the size (all offers, a tenth of
them, one in fifty, every order) may grow by 1; the time from a sale to its confirmation should not grow at all.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Mapping
from itertools import pairwise

from bench import offer_diff_vs_python, recompute, sale_to_confirmation, submission_vs_copy
from bench.intake import Importer
from bench.measures import Benchmark, Budget, Progress, Result, result, scaled
from bench.order_stream import order_pages
from bench.shop import PRODUCTS, analyse, clear_database, open_shop

SIZES = (10_000, 100_000, 1_000_000)
PAGE = 5_000
SALES_S = 40.0
WANTED = 1.1
_PREFIX = "growth_exponent_"
Times = Mapping[str, float]


def _offers(size: int, progress: Progress) -> Times:
    claim, _ = offer_diff_vs_python.measure(size, progress)
    submission, _ = submission_vs_copy.measure(size, progress)
    some, everything = recompute.measure(size, progress)
    return {
        "offer_diff": claim,
        "submission": submission,
        "recompute_changed": min(one[0] for one in some),
        "recompute_all": min(one[0] for one in everything),
    }


def _orders(size: int, progress: Progress) -> Times:
    clear_database()
    importer = Importer(open_shop())
    analyse()
    for number, orders in enumerate(order_pages(size, page=PAGE, products=PRODUCTS), start=1):
        importer.store(orders)
        progress(f"{_PREFIX}order_intake: {size:,} orders", min(1.0, number * PAGE / size))
    return {"order_intake": importer.watch.seconds}


def _sales(size: int, progress: Progress) -> Times:
    waits, _ = sale_to_confirmation.measure(SALES_S, progress, others=size)
    return {"sale_to_confirmation": statistics.median(waits)}


MEASURES: tuple[Callable[[int, Progress], Times], ...] = (_offers, _orders, _sales)
NAMES = (
    "offer_diff",
    "submission",
    "recompute_changed",
    "recompute_all",
    "order_intake",
    "sale_to_confirmation",
)


def run(scale: float, progress: Progress) -> list[Result]:
    sizes = [scaled(size, scale) for size in SIZES]
    times: dict[str, list[float]] = {name: [] for name in NAMES}
    for size in sizes:
        for measure in MEASURES:
            for name, seconds in measure(size, progress).items():
                times[name].append(seconds)
    return [result(f"{_PREFIX}{name}", _exponent(sizes, times[name]), "", WANTED) for name in NAMES]


def _exponent(sizes: list[int], seconds: list[float]) -> float:
    points = list(zip(sizes, seconds, strict=True))
    return max(math.log(t2 / t1) / math.log(n2 / n1) for (n1, t1), (n2, t2) in pairwise(points))


BENCHMARK = Benchmark(
    names=tuple(_PREFIX + name for name in NAMES),
    run=run,
    budgets={_PREFIX + name: Budget("≤", 1.0) for name in NAMES},
)
