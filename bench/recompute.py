"""Desired quantities in sets, against plain UPDATEs of the same rows.

After many stock movements: the offers of the articles moved, which is every one of them on each channel. In
full: every offer. The reference writes the very same figures, known beforehand, joined by id. The articles
are few enough in stock here and there that some are in escrow.

Each of the two begins after a VACUUM, as autovacuum would have done: what a first change of all rows leaves behind
makes room for the next one, and who comes second would find it. One full recompute goes before those that count, so
that the table has the room that any table has after some changes.
"""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction

from bench.measures import Benchmark, Budget, Progress, Result, Stopwatch, result, scaled
from bench.shop import MORNING, analyse, clear_database
from comptoir.channels.models import Channel
from comptoir.core.bulk import execute, fetch
from comptoir.core.sealing import seal
from comptoir.inventory.reservations import default_warehouse
from comptoir.offers.desired import recompute_desired

OFFERS = 1_000_000
OFFERS_A_MOVEMENT = 100
CHANNELS = 4
ROUNDS = 3
CHANGED, ALL = "recompute_changed_vs_update", "recompute_all_vs_update"

_PRODUCTS = """
INSERT INTO catalog_product (sku, title, brand, family, currency, is_kit, active, created_at, updated_at)
SELECT 'SKU-' || lpad(n::text, 7, '0'), 'Product', '', '', 'EUR', false, true, %(at)s, %(at)s
FROM generate_series(1, %(count)s) AS n
"""
_STOCK = """
INSERT INTO inventory_stock (product_id, warehouse_id, on_hand, reserved, incoming, counted_at)
SELECT id, %(warehouse)s, id %% 90, 0, 0, %(at)s FROM catalog_product ORDER BY id
"""
_OFFERS = """
INSERT INTO offers_offer (channel_id, product_id, sku, network, state, currency, condition, external_id,
    external_product_id, desired_quantity, sent_quantity, confirmed_quantity, quantity_confirmed_at, quantity_error,
    price_error, changed_at)
SELECT c.id, p.id, p.sku, 'seller', 'listed', 'EUR', 'new', '', '', 0, 0, 0, %(at)s, '', '', %(at)s
FROM catalog_product p CROSS JOIN channels_channel c ORDER BY p.id, c.id
"""
_BEFORE = (
    "CREATE TABLE bench_before AS SELECT id, desired_quantity FROM offers_offer WHERE product_id = ANY(%s)"
)
_MOVED = """
CREATE TABLE bench_moved AS SELECT o.id, before.desired_quantity AS old, o.desired_quantity AS new
FROM offers_offer o JOIN bench_before before USING (id) WHERE before.desired_quantity <> o.desired_quantity
"""
_WRITE = """
UPDATE offers_offer o SET desired_quantity = moved.{}, changed_at = %s FROM bench_moved moved WHERE moved.id = o.id
"""


Rounds = list[tuple[float, float, int]]
"""Seconds of ours, seconds of the plain UPDATE, offers written."""


def run(scale: float, progress: Progress) -> list[Result]:
    some, everything = measure(scaled(OFFERS, scale), progress)
    return [_result(CHANGED, some), _result(ALL, everything)]


def measure(count: int, progress: Progress) -> tuple[Rounds, Rounds]:
    """Of so many offers: after one movement for a hundred of them, and all of them."""
    progress(f"{CHANGED}: making {count:,} offers", 0.0)
    clear_database()
    articles = _make(count // CHANNELS)
    changed, some = articles[:: max(1, len(articles) // (count // OFFERS_A_MOVEMENT))], []
    for number in range(ROUNDS):
        progress(CHANGED, number / ROUNDS / 2)
        some.append(_compare(changed))
    everything = []
    for number in range(ROUNDS + 1):
        progress(ALL, 0.5 + number / (ROUNDS + 1) / 2)
        everything.append(_compare(articles))
    return some, everything[1:]


def _make(articles: int) -> list[int]:
    for n in range(CHANNELS):
        Channel.objects.create(
            key=f"bench-{n}", name=f"Bench {n}", kind="mirakl", role="marketplace", account=f"bench-{n}",
            stock_pool=f"bench-{n}", currency="EUR", sealed_settings=seal({}), created_at=MORNING,
        )  # fmt: skip
    values = {"count": articles, "at": MORNING, "warehouse": default_warehouse().pk}
    for statement in (_PRODUCTS, _STOCK, _OFFERS):
        execute(statement, values)
    analyse()
    ids = [row[0] for row in fetch("SELECT id FROM catalog_product ORDER BY id")]
    recompute_desired(ids)
    execute("UPDATE offers_offer SET sent_quantity = desired_quantity, confirmed_quantity = desired_quantity")
    analyse()
    return ids


def _compare(articles: list[int]) -> tuple[float, float, int]:
    """The same change twice, from the same state: recomputed; then, put back, as one plain UPDATE."""
    execute("UPDATE inventory_stock SET on_hand = on_hand + 5 WHERE product_id = ANY(%s)", [articles])
    execute(_BEFORE, [articles])
    _clean()
    ours, wrote = _timed(lambda: recompute_desired(articles))
    execute(_MOVED)
    execute(_WRITE.format("old"), [MORNING])
    _clean()
    plain, _ = _timed(lambda: execute(_WRITE.format("new"), [MORNING]))
    execute("DROP TABLE bench_before, bench_moved")
    return ours, plain, wrote


def _clean() -> None:
    execute("VACUUM (ANALYZE)")


def _timed(work: Callable[[], int]) -> tuple[float, int]:
    watch = Stopwatch()
    with watch.running(), transaction.atomic():
        wrote = work()
    return watch.seconds, wrote


def _result(name: str, rounds: Rounds) -> Result:
    if not all(wrote for _, _, wrote in rounds):
        raise RuntimeError(f"{name}: nothing was written")
    return result(name, min(r[0] for r in rounds), "s", min(r[1] for r in rounds))


BENCHMARK = Benchmark(
    names=(CHANGED, ALL), run=run, budgets={CHANGED: Budget("≤", 3.0), ALL: Budget("≤", 2.0)}
)
