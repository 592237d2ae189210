"""A hundred thousand changes of stock and prices, published and confirmed through Amazon's feeds without quotas.

The flows are those of production, run one after the other in one worker; Amazon is bazaar in a process of its
own, whose time counts: it takes the feeds apart and writes their reports. `amazon_publish_own_share` is the
processor time of the worker over the time that went by; the rest is waiting for Amazon and for PostgreSQL.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from django.test.utils import override_settings

from bench.market_process import market
from bench.measures import Benchmark, Budget, Progress, Result, result, scaled
from bench.shop import analyse, clear_database, make_products
from comptoir.channels.models import Channel
from comptoir.channels.services import add_channel
from comptoir.core.bulk import execute, fetch
from comptoir.flows.connect import connector_type
from comptoir.flows.policy import run_flow
from comptoir.journal.models import Run
from comptoir.offers.listing import list_products
from comptoir.offers.submissions import open_submissions

OFFERS = 25_000
ROUNDS = 2  # of stock and prices: 100,000 changes
WANTED_PER_S = 1_000
PAUSE_S = 0.05
GIVE_UP_S = 1_200.0
SPEED, SHARE = "amazon_publish_items_per_s", "amazon_publish_own_share"
_LISTED = """
UPDATE offers_offer SET state = 'listed', floor_price = 1, sent_quantity = 0, confirmed_quantity = 0,
    desired_quantity = 10, sent_price = 19, confirmed_price = 19, desired_price = 20
"""
_CHANGED = (
    "UPDATE offers_offer SET desired_quantity = desired_quantity + 1, desired_price = desired_price + 1"
)
_OPEN = """
SELECT count(*) FILTER (WHERE confirmed_quantity IS DISTINCT FROM desired_quantity),
       count(*) FILTER (WHERE confirmed_price IS DISTINCT FROM desired_price) FROM offers_offer
"""


def run(scale: float, progress: Progress) -> list[Result]:
    count = scaled(OFFERS, scale)
    clear_database()
    with tempfile.TemporaryDirectory(prefix="comptoir-bench-") as name:
        progress(f"{SPEED}: {count:,} articles are put on sale", 0.0)
        with (
            market(Path(name), count, "bench.amazon_market") as (party, skus),
            override_settings(UNTHROTTLED=True, CONNECTOR_TIMEOUT_S=120.0),
        ):
            channel = _connect(party, skus)
            seconds, own = 0.0, 0.0
            for number in range(ROUNDS):
                progress(SPEED, (number + 1) / (ROUNDS + 1))
                execute(_LISTED if number == 0 else _CHANGED)
                analyse()
                more, mine = _publish(channel)
                seconds, own = seconds + more, own + mine
    return [
        result(SPEED, 2 * ROUNDS * count / seconds, "changes/s", WANTED_PER_S),
        result(SHARE, own / seconds, "of the time", 1.0),
    ]


def _connect(party: dict[str, object], skus: list[str]) -> Channel:
    told = party["settings"]
    assert isinstance(told, dict)
    connector = connector_type("amazon")
    channel = add_channel(
        key="amazon", name="Amazon", connector=connector, actor="bench",
        settings=connector.settings.load({"base_url": party["url"], **told}),
    )  # fmt: skip
    list_products(channel, make_products(skus))
    return channel


def _publish(channel: Channel) -> tuple[float, float]:
    """Until everything is confirmed: seconds that went by, and seconds of processor time of this process."""
    started, processor = time.perf_counter(), time.process_time()
    while (before := fetch(_OPEN)[0]) != (0, 0):
        turn = _turn("publish_offers", channel)
        while open_submissions(channel):
            _turn("check_submissions", channel)
            time.sleep(PAUSE_S)
        if turn.outcome == Run.Outcome.SUCCEEDED:
            fail_when_stuck(before, fetch(_OPEN)[0])
        if time.perf_counter() - started > GIVE_UP_S:
            raise RuntimeError(f"not confirmed after {GIVE_UP_S:.0f} s: {fetch(_OPEN)[0]}")
    return time.perf_counter() - started, time.process_time() - processor


def fail_when_stuck(before: tuple[int, ...], after: tuple[int, ...]) -> None:
    """A turn that had nothing to wait for, after which nothing is open and as much differs as before: the next
    would be the same. What holds it is in the Issues (a price held by a guard, offers refused …)."""
    if after == before != (0, 0):
        told = fetch(
            "SELECT reason, count(*), min(message) FROM journal_issue WHERE state = 'open' GROUP BY 1 ORDER BY 2 DESC"
        )
        raise RuntimeError(
            f"{after} quantities and prices differ and nobody sends them: {told or 'no issue says why'}"
        )


def _turn(flow: str, channel: Channel) -> Run:
    """A turn may have to wait for the feed that is open; anything else is a failure of the benchmark."""
    ran = run_flow(flow, channel.key, trigger="bench")
    if ran is None or ran.outcome not in (Run.Outcome.SUCCEEDED, Run.Outcome.WAITING):
        raise RuntimeError(f"{flow}: {ran and (ran.outcome, ran.error)}")
    return ran


BENCHMARK = Benchmark(names=(SPEED, SHARE), run=run, budgets={SPEED: Budget("≥", 1.0)})
