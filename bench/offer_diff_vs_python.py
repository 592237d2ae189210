"""What changed among a million offers: claimed in the database, against reading and comparing them all in Python.

Measured several times, with other offers changed each time; the best of each side counts. Both decide the same:
what differs, is in no open submission and, of prices, is over its floor, within the step and nobody else's. The
comparison only finds: what it found would still have to be marked and written.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from django.db import connection, transaction

from bench.measures import Benchmark, Budget, Progress, Result, Stopwatch, result, scaled
from bench.shop import MORNING, analyse, clear_database
from comptoir.channels.models import Channel
from comptoir.core.bulk import execute
from comptoir.core.sealing import seal
from comptoir.offers.claims import claim_prices, claim_quantities

OFFERS = 1_000_000
ONE_CHANGED_IN = 50
ROUNDS = 3
FETCH = 10_000
NAME = "offer_diff_vs_python"
_OFFERS = """
INSERT INTO offers_offer (channel_id, sku, network, state, currency, condition, external_id, external_product_id,
    desired_quantity, sent_quantity, confirmed_quantity, quantity_confirmed_at, quantity_error,
    desired_price, sent_price, confirmed_price, price_error, floor_price, changed_at)
SELECT %(channel)s, 'SKU-' || lpad(n::text, 7, '0'), 'seller', 'listed', 'EUR', 'new', '', 'P' || n,
       n %% 90, n %% 90, n %% 90, %(at)s, '',
       29.90, 29.90, 29.90, '', 19.90, %(at)s
FROM generate_series(1, %(count)s) AS n
"""
_EVERYTHING = """
SELECT sku, desired_quantity, sent_quantity, quantity_submission_id, desired_price, sent_price, price_submission_id,
       floor_price, coalesce(passed_price, confirmed_price), allowed_price, foreign_price
FROM offers_offer WHERE channel_id = %s AND state <> 'new' AND network = 'seller'
"""


def run(scale: float, progress: Progress) -> list[Result]:
    claims, comparisons = measure(scaled(OFFERS, scale), progress)
    return [result(NAME, claims, "s", comparisons)]


def measure(count: int, progress: Progress) -> tuple[float, float]:
    """Seconds of the claim and of the comparison of so many offers, the best of some rounds."""
    clear_database()
    progress(f"{NAME}: making {count:,} offers", 0.0)
    channel = make_offers(count)
    changed = count // ONE_CHANGED_IN
    claims: list[float] = []
    comparisons: list[float] = []
    for number in range(ROUNDS):
        progress(NAME, (number + 1) / (ROUNDS + 1))
        change_offers(channel, number)
        comparisons.append(_timed(lambda: _compare(channel), changed))
        claims.append(_timed(lambda: _claim(channel), changed))
    return min(claims), min(comparisons)


def make_offers(count: int) -> Channel:
    channel = Channel.objects.create(
        key="bench", name="Bench", kind="mirakl", role="marketplace", account="bench", stock_pool="bench",
        currency="EUR", sealed_settings=seal({}), created_at=MORNING,
    )  # fmt: skip
    execute(_OFFERS, {"channel": channel.pk, "count": count, "at": MORNING})
    analyse()
    return channel


def _timed(find: Callable[[], int], expected: int) -> float:
    watch = Stopwatch()
    with watch.running():
        found = find()
    if found != expected:
        raise RuntimeError(f"{found} differences found, there are {expected}")
    return watch.seconds


def _claim(channel: Channel) -> int:
    """Quantities and prices: found, marked as sent, written as items of a submission, committed, read back."""
    quantities, prices = claim_quantities(channel, limit=OFFERS), claim_prices(channel, limit=OFFERS)
    return (len(quantities[1]) if quantities else 0) + (len(prices[1]) if prices else 0)


def change_offers(channel: Channel, number: int, *, one_in: int = ONE_CHANGED_IN) -> None:
    """Close what is open, as the channel's report does, and change one offer in so many, others each time."""
    execute("UPDATE offers_offer SET quantity_submission_id = NULL WHERE quantity_submission_id IS NOT NULL")
    execute(
        "UPDATE offers_offer SET desired_quantity = desired_quantity + 1 WHERE channel_id = %s AND id %% %s = %s",
        [channel.pk, one_in, number],
    )
    execute("VACUUM (ANALYZE) offers_offer")


def _compare(channel: Channel) -> int:
    """Finding alone, without claiming: what a hub without the database's help does before it may send.

    Read as fast as Python reads: tuples from a cursor of the server, no object made of any.
    """
    quantities: dict[str, int] = {}
    prices: dict[str, Decimal] = {}
    step = channel.price_step_up, channel.price_step_down, channel.price_step_amount
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(_EVERYTHING, [channel.pk])
        while rows := cursor.fetchmany(FETCH):
            for (
                sku,
                quantity,
                sent,
                stock_open,
                price,
                sent_price,
                price_open,
                floor,
                last,
                allowed,
                foreign,
            ) in rows:
                if quantity != sent and stock_open is None:
                    quantities[sku] = quantity
                if (
                    price != sent_price and price is not None and price_open is None and foreign is None
                    and floor is not None and price >= floor and price > 0
                    and (price == allowed or _within(step, last, price))
                ):  # fmt: skip
                    prices[sku] = price
    return len(quantities) + len(prices)


def _within(step: tuple[Decimal | None, ...], last: Decimal | None, price: Decimal) -> bool:
    up, down, amount = step
    return not last or not (
        (up is not None and price * 100 > last * (100 + up))
        or (down is not None and price * 100 < last * (100 - down))
        or (amount is not None and abs(price - last) > amount)
    )


BENCHMARK = Benchmark(names=(NAME,), run=run, budgets={NAME: Budget("≤", 0.1)})
