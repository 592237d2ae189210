"""Every page of the back-office on a large house: how long the server takes, and how PostgreSQL found the rows.

A page is asked for by Django's own client, signed in: middleware, queries, templates, all but the wire. Its
time is the 95th percentile of several askings after a first one; the reference is the 300 ms that nobody notices.
At full scale there are 1,000,000 orders over a year on four channels, 10,000 products, 40,000 offers, and of every
other room what such a year leaves (`bench.house_rooms`). Which pages: `bench.page_addresses`. The plans
of every query of every page are written to `bench/plans/`, and a page that reads a big table whole is told.
"""

from __future__ import annotations

import re
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import ProgrammingError, connection
from django.test import Client
from django.test.utils import override_settings
from django.urls import get_resolver
from django.utils import timezone

from bench.house import ORDERS, House, open_house
from bench.measures import Benchmark, Budget, Progress, Result, result, scaled
from bench.page_addresses import ADDRESSES
from comptoir.core.loaded import set_loaded_aside

NAMES = {f"page_p95_ms_{name}": pattern for name, pattern in ADDRESSES.items()}
BUDGET_MS = 300.0
ASKINGS, FEW_ASKINGS = 20, 3
"""Where budgets are not judged (`bench.__main__`), a few show that each page answers."""
PLANS = Path(__file__).parent / "plans"
PARTS = {"page_p95_ms_running_out", "page_p95_ms_offer_price_cell"}
"""Parts of a page, as the browser asks for them once the page is there."""
BIG = ("orders_order", "orders_orderline", "orders_orderevent", "orders_ordercontact", "offers_offer",
       "inventory_stockmovement", "journal_run", "journal_exchange")  # fmt: skip


def run(scale: float, progress: Progress) -> list[Result]:
    house = open_house(scaled(ORDERS, scale), lambda done: progress("the house is filled", done * 0.8))
    client = Client()
    client.force_login(house.admin, backend="django.contrib.auth.backends.ModelBackend")
    _ = get_resolver().reverse_dict  # as the server does before its first page
    set_loaded_aside()
    results = []
    with override_settings(SECOND_FACTOR="optional"):  # its administrator has none
        for number, (name, pattern) in enumerate(NAMES.items()):
            address = _address(pattern, house)
            client.defaults.pop("HTTP_HX_REQUEST", None)
            if name in PARTS:
                client.defaults["HTTP_HX_REQUEST"] = "true"
            results.append(
                result(
                    name, _p95_ms(client, address, ASKINGS if scale >= 0.1 else FEW_ASKINGS), "ms", BUDGET_MS
                )
            )
            _write_plans(name, client, address)
            progress(name, 0.8 + 0.2 * number / len(NAMES))
    return results


def _address(pattern: str, house: House) -> str:
    return pattern.format(**house.places)


def _p95_ms(client: Client, address: str, askings: int = ASKINGS) -> float:
    times = []
    _ask(client, address)
    for _ in range(askings):
        started = time.perf_counter()
        _ask(client, address)
        times.append((time.perf_counter() - started) * 1000)
    return statistics.quantiles(times, n=20)[-1]


def _ask(client: Client, address: str) -> None:
    answer = client.get(address)
    if answer.status_code != 200:
        raise RuntimeError(f"{address} answered {answer.status_code}")


def _write_plans(name: str, client: Client, address: str) -> None:
    """`EXPLAIN (ANALYZE, BUFFERS)` of each query that the page made, with its own values."""
    with _recorded() as queries:
        _ask(client, address)
    texts = []
    for sql, values in queries:
        texts.append(f"-- {' '.join(sql.split())[:300]}\n{_plan(sql, values)}\n")
    PLANS.mkdir(exist_ok=True)
    whole = sorted(set(re.findall(rf"Seq Scan on ({'|'.join(BIG)})\b", "\n".join(texts))))
    vain = sum(
        int(rows) for rows in re.findall(r"Rows Removed by (?:Filter|Join Filter): (\d+)", "\n".join(texts))
    )
    head = (
        f"{address}\n{len(queries)} queries; read whole: {', '.join(whole) or 'nothing big'}; "
        f"rows read in vain: {vain:,}\n\n"
    )
    (PLANS / f"{name}.txt").write_text(head + "\n".join(texts), encoding="utf-8")


def _plan(sql: str, values: Any) -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) {sql}", values)
            return "\n".join(str(row[0]) for row in cursor.fetchall())
    except ProgrammingError as error:
        # A preview computes in tables of its own, which went with its transaction.
        return f"no plan: {error}"


@contextmanager
def _recorded() -> Iterator[list[tuple[str, Any]]]:
    queries: list[tuple[str, Any]] = []

    def record(execute: Callable[..., Any], sql: str, values: Any, many: bool, context: Any) -> Any:
        if sql.lstrip().upper().startswith(("SELECT", "WITH")) and "FOR UPDATE" not in sql:
            queries.append((sql, values))
        return execute(sql, values, many, context)

    with connection.execute_wrapper(record):
        yield queries


def _hosts() -> None:
    """The client says « testserver »; the stage's settings know the machine's names alone."""
    if "testserver" not in settings.ALLOWED_HOSTS:
        settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]


_hosts()
timezone.activate(settings.TIME_ZONE_OF_MERCHANT)

BENCHMARK = Benchmark(names=tuple(NAMES), run=run, budgets=dict.fromkeys(NAMES, Budget("≤", 1.0)))
