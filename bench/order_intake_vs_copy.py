"""Order intake (orders, lines, contacts, payloads, history, reservations, offers) against plain COPY of its rows.

Both take turns, batch by batch, so that what else the machine does weighs on both.
"""

from __future__ import annotations

from collections.abc import Callable

from bench.bare_copy import BareTables, intake_rows
from bench.intake import PAGE, Importer
from bench.measures import Benchmark, Budget, Progress, Result, result, scaled
from bench.order_stream import order_pages
from bench.shop import PRODUCTS, analyse, clear_database, open_shop

ORDERS = 100_000
BATCH = 5_000
LARGE_PAGE = 1_000
"""What a channel with larger pages, or a first import, could give: for information."""
NAME = "order_intake_vs_copy"


def run(scale: float, progress: Progress) -> list[Result]:
    count = scaled(ORDERS, scale)
    return [
        _measure(NAME, count, PAGE, lambda done: progress(NAME, done / 2)),
        _measure(f"{NAME}_pages_of_1000", count, LARGE_PAGE, lambda done: progress(NAME, 0.5 + done / 2)),
    ]


def _measure(name: str, count: int, page: int, progress: Callable[[float], None]) -> Result:
    clear_database()
    channel = open_shop()
    bare, importer = BareTables(channel), Importer(channel)
    analyse()
    for number, orders in enumerate(order_pages(count, page=BATCH, products=PRODUCTS), start=1):
        bare.copy(orders)
        for first in range(0, len(orders), page):
            importer.store(orders[first : first + page])
        progress(number * BATCH / count)
    _expect_same_rows(bare, importer, count)
    return result(name, importer.watch.rate(count), "orders/s", bare.watch.rate(count))


def _expect_same_rows(bare: BareTables, importer: Importer, count: int) -> None:
    if importer.counted("created") != count or intake_rows() != bare.rows():
        raise RuntimeError(f"intake wrote {intake_rows()}, the reference {bare.rows()}")


BENCHMARK = Benchmark(names=(NAME,), run=run, budgets={NAME: Budget("≥", 0.25)})
