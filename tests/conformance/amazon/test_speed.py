"""A hundred thousand changes: how near to Amazon's own minimum they take effect, and what they cost us."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TypeVar

import msgspec
import pytest

from comptoir.connectors.amazon.connection import AmazonConnection
from comptoir.sdk.connector import Context
from comptoir.sdk.errors import RateLimited
from comptoir.sdk.http import Limit
from comptoir.sdk.records import PriceUpdate, Receipt, StockUpdate, SubmissionReport
from comptoir.sdk.statuses import ImportState
from tests.conformance.amazon.stage import Stage, played

T = TypeVar("T")
pytestmark = pytest.mark.slow
SKUS = 25_000
ROUNDS = 2  # of stock and prices: 100,000 changes
TURN = timedelta(seconds=30)  # how often the hub's flows look


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


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with played(products=SKUS, limits="real") as stage:
        yield stage


class Hub:
    """Publishes as the hub's flows do, turn by turn, and counts the time that its calls take."""

    def __init__(self, stage: Stage, amazon: AmazonConnection) -> None:
        self._stage = stage
        self._amazon = amazon
        self.busy_s = 0.0

    def publish(self, send: Callable[[], Receipt]) -> None:
        receipt = self._until(lambda: self._sent(send))
        self._until(lambda: self._confirmed(receipt))

    def _until(self, attempt: Callable[[], T | None]) -> T:
        while True:
            started = time.perf_counter()
            found = attempt()
            self.busy_s += time.perf_counter() - started
            if found is not None:
                return found
            self._stage.advance(seconds=TURN.total_seconds())

    def _sent(self, send: Callable[[], Receipt]) -> Receipt | None:
        try:
            return send()
        except RateLimited:
            return None

    def _confirmed(self, receipt: Receipt) -> SubmissionReport | None:
        report = self._amazon.read_submission("stock", receipt.external_id)
        return None if report.state is ImportState.PENDING else report


def test_a_hundred_thousand_changes_take_effect_near_amazon_s_own_minimum(stage: Stage) -> None:
    settings = stage.market.account.settings
    minimum = settings.feed_queue_s + 2 * ROUNDS * (settings.feed_s + SKUS * settings.feed_message_s)
    started_at = stage.world.now()
    with stage.connected() as usual, closing(_throttled(stage, usual)) as amazon:
        hub = Hub(stage, amazon)
        for send in _batches(stage, amazon):
            hub.publish(send)
    needed = (stage.world.now() - started_at).total_seconds()
    waited = sum(exchange.duration_ms for exchange in stage.exchanges) / 1000
    changes = 2 * ROUNDS * SKUS
    print(  # noqa: T201 - the figures are what this test is for
        f"\n{changes} changes: {needed:.0f} s of virtual time, {minimum:.0f} s at least, ratio "
        f"{needed / minimum:.3f}; {changes / hub.busy_s:.0f} changes/s, own share {1 - waited / hub.busy_s:.2f}"
    )
    assert len(stage.facts("stock_told")) == len(stage.facts("price_told")) == changes / 2
    assert not [exchange for exchange in stage.exchanges if exchange.status == 429]
    assert needed / minimum <= 1.2


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
