"""A hundred thousand changes under Amazon's real quotas, in virtual time: how long until all of them show.

The reference is the least that Amazon itself takes: a feed holds at most 25,000 changes and feeds are done one
after the other. What is above it is ours: waiting between two turns, and quotas used badly. One 429 fails it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TypeVar

import msgspec

from bench.amazon_stage import Stage, played
from bench.measures import Benchmark, Budget, Progress, Result, result, scaled
from comptoir.connectors.amazon.connection import AmazonConnection
from comptoir.sdk.connector import Context
from comptoir.sdk.errors import RateLimited
from comptoir.sdk.http import Limit
from comptoir.sdk.records import PriceUpdate, Receipt, StockUpdate, SubmissionReport
from comptoir.sdk.statuses import ImportState

T = TypeVar("T")
NAME = "amazon_converge_vs_quota"
SKUS = 25_000
ROUNDS = 2  # of stock and prices: 100,000 changes
TURN = timedelta(seconds=30)  # how often the hub's flows look
WHOLE_FROM_SCALE = 0.1
"""A smaller feed measures our turns and not our use of the quotas."""


@dataclass
class VirtualBuckets:
    """The hub's shared throttle, in the world's time."""

    now: Callable[[], datetime]
    filled: dict[str, tuple[float, datetime]] = field(default_factory=dict)

    def take(self, key: str, limit: Limit) -> float:
        tokens, since = self.filled.get(key, (float(limit.burst), self.now()))
        tokens = min(limit.burst, tokens + (self.now() - since).total_seconds() * limit.rate)
        granted = tokens >= 1
        self.filled[key] = (tokens - granted, self.now())
        return 0.0 if granted else (1 - tokens) / limit.rate

    def drain(self, key: str, limit: Limit, seconds: float) -> None:
        self.filled[key] = (1 - seconds * limit.rate, self.now())


def run(scale: float, progress: Progress) -> list[Result]:
    skus = SKUS if scale >= WHOLE_FROM_SCALE else scaled(SKUS, scale)
    progress(f"{NAME}: {skus:,} articles are put on sale", 0.0)
    with played(products=skus, limits="real") as stage:
        settings = stage.market.account.settings
        minimum = settings.feed_queue_s + 2 * ROUNDS * (settings.feed_s + skus * settings.feed_message_s)
        started_at = stage.world.now()
        with stage.connected() as usual, closing(_throttled(stage, usual)) as amazon:
            for number, send in enumerate(_batches(stage, amazon)):
                progress(NAME, number / (2 * ROUNDS))
                receipt = _until(stage, lambda send=send: _sent(send))  # type: ignore[misc]
                _until(stage, lambda receipt=receipt: _confirmed(amazon, receipt))  # type: ignore[misc]
        needed = (stage.world.now() - started_at).total_seconds()
        _expect_everything(stage, ROUNDS * skus)
    return [result(NAME, needed, "s of virtual time", minimum)]


def _until(stage: Stage, attempt: Callable[[], T | None]) -> T:
    while (found := attempt()) is None:
        stage.advance(seconds=TURN.total_seconds())
    return found


def _sent(send: Callable[[], Receipt]) -> Receipt | None:
    try:
        return send()
    except RateLimited:
        return None


def _confirmed(amazon: AmazonConnection, receipt: Receipt) -> SubmissionReport | None:
    report = amazon.read_submission("stock", receipt.external_id)
    return None if report.state is ImportState.PENDING else report


def _throttled(stage: Stage, amazon: AmazonConnection) -> AmazonConnection:
    known: Context = amazon.context
    values = {name: getattr(known, name) for name in known.__dataclass_fields__}
    context = Context(**{**values, "throttle": VirtualBuckets(stage.world.now), "timeout_s": 120.0})
    return AmazonConnection(amazon.settings, context)


def _batches(stage: Stage, amazon: AmazonConnection) -> Iterator[Callable[[], Receipt]]:
    skus = list(stage.world.products)
    for number in range(ROUNDS):
        stock = [StockUpdate(sku=sku, quantity=number + 1) for sku in skus]
        yield lambda stock=stock: amazon.submit_stock(stock)  # type: ignore[misc]
        first = PriceUpdate(sku="", price=Decimal(50 + number), currency="EUR", floor=Decimal(1))
        prices = [msgspec.structs.replace(first, sku=sku) for sku in skus]
        yield lambda prices=prices: amazon.submit_prices(prices)  # type: ignore[misc]


def _expect_everything(stage: Stage, changes: int) -> None:
    told = [len(stage.facts(kind)) for kind in ("stock_told", "price_told")]
    storms = sum(exchange.status == 429 for exchange in stage.exchanges)
    if told != [changes, changes] or storms:
        raise RuntimeError(f"{told} changes of {changes} took effect, {storms} times Amazon said 429")


BENCHMARK = Benchmark(names=(NAME,), run=run, budgets={NAME: Budget("≤", 1.2)})
