"""Order intake (orders, lines, contacts, payloads, history, reservations, offers, what was decided about them)
against plain COPY of its rows.

Both take turns, batch by batch, so that what else the machine does weighs on both.
"""

from __future__ import annotations

from bench.bare_copy import BareTables, intake_rows
from bench.intake import Importer
from bench.measures import Benchmark, Budget, Progress, Result, result, scaled
from bench.order_stream import order_pages
from bench.shop import PRODUCTS, analyse, clear_database, open_shop
from comptoir.core.bulk import execute

ORDERS = 100_000
BATCH = 5_000
NAME = "order_intake_vs_copy"


def run(scale: float, progress: Progress) -> list[Result]:
    count = scaled(ORDERS, scale)
    clear_database()
    channel = open_shop()
    bare, importer = BareTables(channel), Importer(channel)
    execute("TRUNCATE offers_decision")
    analyse()
    for number, orders in enumerate(order_pages(count, page=BATCH, products=PRODUCTS), start=1):
        importer.store(orders)
        bare.copy(orders)
        progress(NAME, number * BATCH / count)
    _expect_same_rows(bare, importer, count)
    return [result(NAME, importer.watch.rate(count), "orders/s", bare.watch.rate(count))]


def _expect_same_rows(bare: BareTables, importer: Importer, count: int) -> None:
    if importer.counted("created") != count or intake_rows() != bare.rows():
        raise RuntimeError(f"intake wrote {intake_rows()}, the reference {bare.rows()}")


BENCHMARK = Benchmark(names=(NAME,), run=run, budgets={NAME: Budget("≥", 0.25)})
