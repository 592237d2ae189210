"""From a sale on one channel to the confirmation of the new figure by each of the others, in real seconds.

Buyers place 50 orders a second on four Mirakl marketplaces that answer at once (bazaar in a process of its own).
One worker runs the flows of production as the schedule says they are due, with intervals of a second; what the
channels of a merchant impose (minutes between two calls) is left out on purpose. A sale counts once the hub has
read the report of the first submission of that article, on that channel, which was claimed after the order was stored.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from django.test.utils import override_settings

from bench.busy_markets import CHANNELS
from bench.market_process import START_TIMEOUT_S, markets
from bench.measures import Benchmark, Budget, Progress, Result, result
from bench.shop import analyse, clear_database, make_products
from comptoir.channels.models import Channel
from comptoir.channels.services import add_channel
from comptoir.core import clock
from comptoir.core.bulk import execute, fetch
from comptoir.flows.connect import connector_type
from comptoir.flows.policy import run_flow
from comptoir.flows.schedule import due_turns, plan_turns
from comptoir.journal.models import Run
from comptoir.offers.listing import list_products

ORDERS_PER_S = 50.0
TRADING_S, WARM_S = 120.0, 20.0
WANTED_S = 5.0
EVERY_S = {"import_orders": 1.0, "publish_offers": 1.0, "check_submissions": 0.5}
P50, P95, MOST = (f"sale_to_confirmation_{what}_s" for what in ("p50", "p95", "max"))
RATE = "sale_to_confirmation_orders_per_s"

_LISTED = """
UPDATE offers_offer SET state = 'listed', sent_quantity = desired_quantity, confirmed_quantity = desired_quantity,
    sent_price = desired_price, confirmed_price = desired_price, quantity_confirmed_at = %s, price_confirmed_at = %s
"""
_WAITS = """
SELECT extract(epoch FROM told.closed_at - o.placed_at)::float
FROM orders_order o JOIN orders_orderline line ON line.order_id = o.id
JOIN offers_offer offer ON offer.product_id = line.product_id AND offer.channel_id <> o.channel_id
LEFT JOIN LATERAL (
    SELECT submission.closed_at FROM offers_submissionitem item
    JOIN offers_submission submission ON submission.id = item.submission_id
    WHERE item.offer_id = offer.id AND item.outcome = 'done' AND item.quantity IS NOT NULL
      AND submission.created_at >= o.created_at
    ORDER BY submission.id LIMIT 1) told ON true
WHERE o.placed_at BETWEEN %s AND %s
"""


def run(scale: float, progress: Progress) -> list[Result]:
    waits, rate = measure(max(10.0, TRADING_S * min(scale, 1.0)), progress)
    return [
        result(P50, statistics.median(waits), "s", WANTED_S),
        result(P95, statistics.quantiles(waits, n=20)[-1], "s", WANTED_S),
        result(MOST, max(waits), "s", WANTED_S),
        result(RATE, rate, "orders/s", ORDERS_PER_S),
    ]


def measure(seconds: float, progress: Progress, *, others: int = 0) -> tuple[list[float], float]:
    """What each other channel's confirmation took, and orders a second. `others`: offers of articles that nobody
    buys, on the same channels."""
    clear_database()
    with tempfile.TemporaryDirectory(prefix="comptoir-bench-") as name:
        progress(f"{P95}: the marketplaces open", 0.0)
        opened = markets(Path(name), ORDERS_PER_S, "bench.busy_markets")
        with opened as (parties, skus), override_settings(UNTHROTTLED=True):
            _connect(parties, skus, others)
            began = clock.now()
            _trade(seconds, lambda done: progress(P95, done * 0.9))
            first, last = began + timedelta(seconds=WARM_S * seconds / TRADING_S), clock.now()
            _settle()
    waits = [row[0] for row in fetch(_WAITS, [first, last])]
    if not waits or None in waits:
        raise RuntimeError(f"of {len(waits)} figures, {waits.count(None)} were never confirmed")
    orders = fetch("SELECT count(*) FROM orders_order WHERE placed_at BETWEEN %s AND %s", [first, last])[0][0]
    return waits, orders / (last - first).total_seconds()


def _connect(parties: list[dict[str, object]], skus: list[str], others: int) -> None:
    more = [f"other-{n:07d}" for n in range(others // CHANNELS)]
    connector, products = connector_type("mirakl"), make_products([*skus, *more])
    for number, party in enumerate(parties, start=1):
        settings = party["settings"]
        assert isinstance(settings, dict)
        channel = add_channel(
            key=f"market-{number}", name=f"Market {number}", connector=connector, actor="bench",
            settings=connector.settings.load({"base_url": party["url"], **settings}),
        )  # fmt: skip
        list_products(channel, products)
    if len(parties) != CHANNELS:
        raise RuntimeError(f"{len(parties)} marketplaces were opened, {CHANNELS} wanted")
    Channel.objects.update(intervals=EVERY_S)
    execute(_LISTED, [clock.now(), clock.now()])
    # The channels show what they began with.
    execute("UPDATE offers_offer SET sent_quantity = NULL WHERE sku = ANY(%s)", [skus])
    analyse()
    plan_turns()


def _trade(seconds: float, progress: Callable[[float], None]) -> None:
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        if not _turns():
            time.sleep(0.02)
        progress(1 - left / seconds)


def _settle() -> None:
    """What was sold until now is imported, published and confirmed; who buys meanwhile is not looked at."""
    until, end = clock.now(), time.monotonic() + START_TIMEOUT_S
    while _latest_import() < until or _open_before(until):
        _turns()
        if time.monotonic() > end:
            raise RuntimeError(f"not settled after {START_TIMEOUT_S:.0f} s")


def _latest_import() -> datetime:
    return Channel.objects.filter(role="marketplace").order_by("orders_read_at")[0].orders_read_at


def _open_before(instant: datetime) -> bool:
    return None in {row[0] for row in fetch(_WAITS, [instant - timedelta(seconds=30), instant])}


def _turns() -> int:
    due = [turn for turn in due_turns(clock.now()) if turn.flow in EVERY_S]
    for turn in due:
        ran = run_flow(turn.flow, turn.channel)
        if ran is not None and ran.outcome != Run.Outcome.SUCCEEDED:
            raise RuntimeError(f"{turn.flow} {turn.channel}: {ran.outcome} {ran.error}")
    return len(due)


BENCHMARK = Benchmark(names=(P50, P95, MOST), run=run, budgets={P95: Budget("≤", 1.0)})
