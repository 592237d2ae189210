"""The same orders told again: no row is written, and it is at least as fast as the first time."""

from __future__ import annotations

from collections.abc import Callable

from bench.intake import PAGE, Importer
from bench.measures import Benchmark, Budget, Progress, Result, result, scaled
from bench.order_stream import order_pages
from bench.shop import PRODUCTS, analyse, clear_database, open_shop
from comptoir.core.bulk import fetch

ORDERS = 100_000
NAME = "order_reimport_vs_intake"
_WATCHED = (
    "orders_order", "orders_orderline", "orders_ordercontact", "orders_raworder", "orders_orderevent",
    "inventory_reservation", "inventory_stock", "inventory_stockmovement", "offers_offer",
)  # fmt: skip


def run(scale: float, progress: Progress) -> list[Result]:
    count = scaled(ORDERS, scale)
    clear_database()
    channel = open_shop()
    analyse()
    first, again = Importer(channel), Importer(channel)
    _import(first, count, lambda done: progress(NAME, done / 2))
    before = _row_versions()
    _import(again, count, lambda done: progress(NAME, 0.5 + done / 2))
    changed = [table for table, versions in _row_versions().items() if versions != before[table]]
    if changed or again.counted("unchanged") != count or first.counted("created") != count:
        raise RuntimeError(f"the second import counted {again.execution.counts} and wrote to {changed}")
    return [result(NAME, again.watch.rate(count), "orders/s", first.watch.rate(count))]


def _import(importer: Importer, count: int, progress: Callable[[float], None]) -> None:
    for number, orders in enumerate(order_pages(count, page=PAGE, products=PRODUCTS), start=1):
        importer.store(orders)
        progress(number * PAGE / count)


def _row_versions() -> dict[str, tuple[int, int, int]]:
    """Per table: how many rows there are, and two sums over the transactions that wrote and the places of them.

    Any row that is inserted, deleted or written again (even with the same values) changes them.
    """
    return {
        table: fetch(
            f"""SELECT count(*), coalesce(sum(xmin::text::bigint), 0),
                       coalesce(sum(hashtextextended(ctid::text, 0)::numeric), 0) FROM {table}"""
        )[0]
        for table in _WATCHED
    }


BENCHMARK = Benchmark(names=(NAME,), run=run, budgets={NAME: Budget("≥", 1.0)})
