"""A hundred thousand changed offers among a million become submissions, against plain COPY of what that writes.

Ours, batch by batch as a channel takes them: claimed (found, judged, marked with their exposure, written as items,
committed), built into the records that the connector sends, and noted as sent. The reference builds the same
records and copies the same rows into two tables without index or constraint: the items, and for each offer what the
claim notes of it.
"""

from __future__ import annotations

from django.db import transaction

from bench.measures import Benchmark, Budget, Progress, Result, Stopwatch, result, scaled
from bench.offer_diff_vs_python import OFFERS, change_offers, make_offers
from bench.shop import clear_database
from comptoir.channels.models import Channel
from comptoir.core import clock
from comptoir.core.bulk import copy_rows, execute, fetch
from comptoir.offers.claims import ClaimedQuantity, claim_quantities
from comptoir.offers.submissions import mark_sent
from comptoir.sdk.records import StockUpdate

ONE_CHANGED_IN = 10
ROUNDS = 3
BATCH = 10_000
NAME = "submission_vs_copy"
_ITEM = ("submission_id", "offer_id", "quantity", "price", "outcome", "message")
_MARK = ("id", "sent_quantity", "quantity_submission_id", "quantity_error", "exposed_quantity", "possible_quantity",
         "exposed_at")  # fmt: skip
_WROTE = """
SELECT item.submission_id, item.offer_id, item.quantity, o.sku, o.exposed_quantity, o.possible_quantity, o.exposed_at
FROM offers_submissionitem item JOIN offers_offer o ON o.id = item.offer_id
WHERE o.quantity_submission_id = item.submission_id ORDER BY item.offer_id
"""


def run(scale: float, progress: Progress) -> list[Result]:
    count = scaled(OFFERS, scale)
    ours, plain = measure(count, progress)
    changed = count // ONE_CHANGED_IN
    return [result(NAME, changed / ours, "offers/s", changed / plain)]


def measure(count: int, progress: Progress) -> tuple[float, float]:
    """Seconds of ours and of the reference for a tenth of so many offers, the best of some rounds."""
    clear_database()
    progress(f"{NAME}: making {count:,} offers", 0.0)
    channel = make_offers(count)
    ours: list[float] = []
    plain: list[float] = []
    for number in range(ROUNDS):
        progress(NAME, (number + 1) / (ROUNDS + 1))
        change_offers(channel, number, one_in=ONE_CHANGED_IN)
        ours.append(_submit(channel, count // ONE_CHANGED_IN))
        plain.append(_copy())
    return min(ours), min(plain)


def _submit(channel: Channel, expected: int) -> float:
    watch, sent = Stopwatch(), 0
    with watch.running():
        while (claimed := claim_quantities(channel, limit=BATCH)) is not None:
            submission, rows = claimed
            sent += len(_built(rows))
            mark_sent(submission, f"import-{submission.pk}")
    if sent != expected:
        raise RuntimeError(f"{sent} offers were submitted, {expected} differed")
    return watch.seconds


def _built(rows: list[ClaimedQuantity]) -> list[StockUpdate]:
    return [StockUpdate(sku=row.sku, quantity=row.quantity) for row in rows]


def _copy() -> float:
    """The very rows of the submissions just made, known beforehand."""
    wrote = fetch(_WROTE)
    for table, like, columns in (
        ("bare_item", "offers_submissionitem", _ITEM),
        ("bare_mark", "offers_offer", _MARK),
    ):
        execute(f"DROP TABLE IF EXISTS {table}")
        execute(f"CREATE TABLE {table} AS SELECT {', '.join(columns)} FROM {like} WITH NO DATA")
    watch, now = Stopwatch(), clock.now()
    with watch.running():
        for first in range(0, len(wrote), BATCH):
            batch = wrote[first : first + BATCH]
            _built([ClaimedQuantity(row[3], row[2]) for row in batch])
            with transaction.atomic():
                copy_rows("bare_item", _ITEM, ((row[0], row[1], row[2], None, "", "") for row in batch))
                copy_rows(
                    "bare_mark", _MARK, ((row[1], row[2], row[0], "", row[4], row[5], now) for row in batch)
                )
    return watch.seconds


BENCHMARK = Benchmark(names=(NAME,), run=run, budgets={NAME: Budget("≥", 0.2)})
