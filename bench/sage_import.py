"""A Sage's articles and stock into the hub: all of them against plain COPY of the rows, and one in a hundred changed.

The flows are those of production. Sage is PostgreSQL on the same machine: what SQL Server and a network add is not
in it.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from bench.measures import Benchmark, Budget, Progress, Result, result, scaled
from bench.sage_process import company_file
from bench.shop import clear_database
from comptoir.core.bulk import copy_rows, execute, fetch
from comptoir.flows.policy import run_flow
from comptoir.journal.models import Run

ARTICLES = 100_000
FULL, DELTA = "sage_import_full_vs_copy", "sage_import_1pct_vs_full"
_TABLES = ("catalog_product", "catalog_purchaseprice", "inventory_stock", "inventory_stockmovement")
_CHANGE = """
UPDATE {table} SET {what}, cbModification = localtimestamp(0) WHERE AR_Ref LIKE 'SKU-%%' AND cbMarq %% 100 = 0
"""


def run(scale: float, progress: Progress) -> list[Result]:
    count = scaled(ARTICLES, scale)
    clear_database()
    with (
        tempfile.TemporaryDirectory(prefix="comptoir-bench-") as name,
        company_file(Path(name), count) as company,
    ):
        progress(FULL, 0.2)
        full = _import()
        _expect(count, 1000)
        progress(DELTA, 0.7)
        company.run(_CHANGE.format(table="F_ARTICLE", what="AR_PrixVen = 31"))
        company.run(_CHANGE.format(table="F_ARTSTOCK", what="AS_QteSto = 900"))
        delta = _import()
        _expect(count // 100, 900)
        progress("the same rows by COPY", 0.9)
        copied = _copy()
    return [result(FULL, count / full, "articles/s", count / copied), result(DELTA, delta, "s", full)]


def _import() -> float:
    started = time.perf_counter()
    for flow in ("import_products_from_erp", "import_stock_from_erp"):
        ran = run_flow(flow, "sage", trigger="bench")
        if ran is None or ran.outcome != Run.Outcome.SUCCEEDED:
            raise RuntimeError(f"{flow}: {ran and (ran.outcome, ran.error)}")
    return time.perf_counter() - started


def _expect(count: int, units: int) -> None:
    stored = fetch("SELECT count(*) FROM inventory_stock WHERE on_hand = %s", [units])[0][0]
    if abs(stored - count) > (count // 100 if units == 1000 else 0):
        raise RuntimeError(f"{stored} articles have {units} units, not {count}")


def _copy() -> float:
    """Into bare tables: no index, no key, no check."""
    seconds = 0.0
    for table in _TABLES:
        columns = [row[0] for row in fetch(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND table_schema = 'public'"
            " ORDER BY ordinal_position", [table])]  # fmt: skip
        rows = fetch(f"SELECT {', '.join(columns)} FROM {table}")
        execute(f"CREATE TEMPORARY TABLE bare_{table} AS SELECT * FROM {table} WITH NO DATA")
        started = time.perf_counter()
        copy_rows(f"bare_{table}", columns, rows)
        seconds += time.perf_counter() - started
        execute(f"DROP TABLE bare_{table}")
    return seconds


BENCHMARK = Benchmark(names=(FULL, DELTA), run=run, budgets={DELTA: Budget("≤", 0.05)})
