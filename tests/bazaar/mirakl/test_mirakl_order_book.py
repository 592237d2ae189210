"""The index of orders says what a search through all of them would say; many are placed quickly."""

from __future__ import annotations

import random
import time
from datetime import timedelta

import pytest
from mirakl_market import Market

from bazaar.mirakl.party import HAND_BUYER
from bazaar.world.facts import Purchase, PurchaseLine


def purchases(market: Market, count: int) -> list[Purchase]:
    lines = [(PurchaseLine(sku=sku, quantity=1),) for sku in market.skus]
    now = market.world.now()
    return [Purchase(at=now, buyer=HAND_BUYER, lines=lines[n % len(lines)]) for n in range(count)]


def test_reads_by_update_are_exact_after_thousands_of_changes(market: Market) -> None:
    order_ids = market.party.place_many(purchases(market, 300))
    book, shop, rng = market.party.shop.orders, market.party.shop, random.Random(7)
    for turn in range(3000):  # more than the log bears before it drops its dead entries
        if turn % 10 == 0:
            market.world.clock.advance_to(market.world.clock.now() + timedelta(seconds=1))
        order = book.get(rng.choice(order_ids))
        assert order is not None
        shop.touch(order)
    for seconds in (0, 1, 50, 150, 299, 300, 301):
        since = market.world.now() - timedelta(seconds=seconds)
        expected = [one.order_id for one in book.created_between(None, None) if one.updated_at >= since]
        assert [one.order_id for one in book.updated_since(since)] == expected
    assert len(book.created_between(None, None)) == 300


def test_the_bytes_of_an_order_are_kept_until_it_changes(market: Market) -> None:
    (order_id,) = market.party.place_many(purchases(market, 1))
    book = market.party.shop.orders
    order = book.get(order_id)
    assert order is not None
    first = book.json(order)
    assert book.json(order) is first
    market.accept(order_id)
    assert b"WAITING_DEBIT" in book.json(order)


@pytest.mark.slow
def test_ten_thousand_orders_are_placed_and_read_at_the_pace_of_a_benchmark(market: Market) -> None:
    """A tenth of the pace measured on an idle machine, so that a busy one passes too."""
    wanted = purchases(market, 10_000)
    start = time.perf_counter()
    market.party.place_many(wanted)
    assert time.perf_counter() - start < 12
    start, seen = time.perf_counter(), set()
    for offset in range(0, 5000, 100):
        page = market.ok("orders", max=100, offset=offset, start_update_date="2026-11-01T00:00:00Z")
        seen |= {order["order_id"] for order in page["orders"]}
    assert len(seen) == 5000
    assert 5000 / (time.perf_counter() - start) > 250
