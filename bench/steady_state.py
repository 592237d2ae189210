"""An hour of trading at 100,000 offers: what is only changed, and never added to, must not grow.

Each virtual minute orders come in by pages, the ERP counts a part of the articles, quantities are claimed, sent
and confirmed. Sizes after a quarter of an hour are the reference; those at the end, the value: tables that are
updated in place (offers, stock, turns, buckets), and the memory of this process. Orders, movements and
submissions are kept on purpose, and grow.

The hour is over in a minute or so, in which the server's own autovacuum hardly wakes: it is done here, each
virtual minute, by its own rule (https://www.postgresql.org/docs/current/routine-vacuuming.html#AUTOVACUUM).
"""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

from django.db import transaction

from bench.intake import PAGE, Importer
from bench.measures import Benchmark, Budget, Progress, Result, result, scaled
from bench.order_stream import order_pages
from bench.shop import MORNING, ON_HAND, analyse, clear_database, open_shop, sku_of
from comptoir.channels.models import Channel
from comptoir.core.bulk import execute, fetch
from comptoir.core.clock import clock_at
from comptoir.flows.policy import run_flow
from comptoir.inventory.counts import apply_count
from comptoir.offers.claims import claim_quantities
from comptoir.offers.desired import recompute_desired
from comptoir.offers.submissions import close_submission, mark_sent
from comptoir.sdk.records import StockLevel, SubmissionReport
from comptoir.sdk.statuses import ImportState

OFFERS = 100_000
MINUTES, WARM_MINUTES = 60, 15
PAGES_A_MINUTE = 3
COUNTED_EVERY = 5
COUNTED = 2_000
BLOAT, MEMORY = "steady_state_table_growth", "steady_state_memory_growth"
CHANGED_IN_PLACE = ("offers_offer", "inventory_stock", "flows_turn", "core_tokenbucket", "channels_cursor")

_SIZE = "SELECT sum(pg_total_relation_size(name::regclass)) FROM unnest(%s::text[]) name"
_DUE = """
SELECT pg_class.relname FROM pg_stat_user_tables JOIN pg_class ON pg_class.oid = relid
WHERE n_dead_tup > coalesce((SELECT option_value::float FROM pg_options_to_table(reloptions)
                             WHERE option_name = 'autovacuum_vacuum_threshold'), 50)
                 + coalesce((SELECT option_value::float FROM pg_options_to_table(reloptions)
                             WHERE option_name = 'autovacuum_vacuum_scale_factor'), 0.2) * greatest(reltuples, 0)
"""


class _Minutes:
    """The clock of the hour."""

    def __init__(self) -> None:
        self.now = MORNING

    def __call__(self) -> datetime:
        return self.now


def run(scale: float, progress: Progress) -> list[Result]:
    count = scaled(OFFERS, scale)
    clear_database()
    progress(f"{BLOAT}: making {count:,} offers", 0.0)
    channel = open_shop(products=count)
    analyse()
    clock, chance = _Minutes(), random.Random(1)
    importer = Importer(channel)
    pages = order_pages(MINUTES * PAGES_A_MINUTE * PAGE, page=PAGE, products=count)
    size = memory = 0.0
    with clock_at(clock):
        for minute in range(1, MINUTES + 1):
            clock.now += timedelta(minutes=1)
            for page in islice(pages, PAGES_A_MINUTE):
                importer.store(page)
            if minute % COUNTED_EVERY == 0:
                _count(chance, clock.now, count)
            _publish(channel)
            run_flow("recover_stalled_jobs", trigger="bench")
            _autovacuum()
            if minute == WARM_MINUTES:
                size, memory = _size(), _memory_mb()
            progress(BLOAT, minute / MINUTES)
    if importer.counted("created") != MINUTES * PAGES_A_MINUTE * PAGE:
        raise RuntimeError(f"stored: {dict(importer.execution.counts)}")
    return [
        result(BLOAT, _size() / 1e6, "MB", size / 1e6),
        result(MEMORY, _memory_mb(), "MB", memory),
    ]


def _count(chance: random.Random, at: datetime, products: int) -> None:
    """The ERP's word on some articles, kits left out."""
    numbers = chance.sample([n for n in range(products) if n % 50], min(COUNTED, products // 2))
    levels = [
        StockLevel(sku=sku_of(n), warehouse="MAIN", quantity=ON_HAND - chance.randrange(1000))
        for n in numbers
    ]
    with transaction.atomic():
        recompute_desired(apply_count(levels, as_of=at, reference=at.isoformat()).changed)


def _publish(channel: Channel) -> None:
    """Until nothing is left to say; the channel takes everything at once."""
    while (claimed := claim_quantities(channel, limit=5_000)) is not None:
        submission, _ = claimed
        mark_sent(submission, f"import-{submission.pk}")
        close_submission(submission, SubmissionReport(state=ImportState.COMPLETE), run_id=None)


def _autovacuum() -> None:
    execute("SELECT pg_stat_force_next_flush()")
    for (table,) in fetch(_DUE):
        execute(f"VACUUM (ANALYZE) {table}")


def _size() -> float:
    return float(fetch(_SIZE, [list(CHANGED_IN_PLACE)])[0][0])


def _memory_mb() -> float:
    """Resident now, not at most (Linux)."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("this system does not tell the memory of a process")


BENCHMARK = Benchmark(
    names=(BLOAT, MEMORY), run=run, budgets={BLOAT: Budget("≤", 1.15), MEMORY: Budget("≤", 1.15)}
)
