"""Orders through the pont into a simulated Sage: how much of the time the hub itself works.

Sage writes one document at a time; the rest of the time the hub waits for it. What the libraries compute for us (HTTP,
JSON, psycopg) counts as ours.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from django.test.utils import override_settings

from bench.intake import Importer
from bench.measures import Benchmark, Progress, Result, result, scaled
from bench.order_stream import order_pages
from bench.sage_process import company_file
from bench.shop import analyse, clear_database, open_shop
from comptoir.core.bulk import fetch
from comptoir.flows.policy import run_flow
from comptoir.journal.models import Run

ORDERS = 10_000
PRODUCTS = 2_000
NAME = "sage_export_own_share"


def run(scale: float, progress: Progress) -> list[Result]:
    count = scaled(ORDERS, scale)
    clear_database()
    importer = Importer(open_shop(products=PRODUCTS))
    for orders in order_pages(count, page=100, products=PRODUCTS):
        importer.store(orders)
    analyse()
    with (
        tempfile.TemporaryDirectory(prefix="comptoir-bench-") as name,
        company_file(Path(name), PRODUCTS) as company,
    ):
        progress(NAME, 0.3)
        with override_settings(UNTHROTTLED=True):
            started, processor = time.perf_counter(), time.process_time()
            ran = run_flow("export_orders_to_erp", "sage", trigger="bench")
            seconds, own = time.perf_counter() - started, time.process_time() - processor
        confirmed = fetch("SELECT count(*) FROM orders_order WHERE erp_state = 'confirmed'")[0][0]
        written = company.documents()
    if ran is None or ran.outcome != Run.Outcome.SUCCEEDED or (confirmed, written) != (count, count):
        raise RuntimeError(
            f"of {count} orders, confirmed {confirmed}, in Sage {written}: {ran and ran.error}"
        )
    return [
        result(NAME, own / seconds, "of the time", 1.0),
        result("sage_export_orders_per_s", count / seconds, "orders/s", 1.0),
    ]


BENCHMARK = Benchmark(names=(NAME,), run=run, budgets={})
