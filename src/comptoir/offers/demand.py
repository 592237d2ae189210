"""How fast each product sells on each channel, and from how many units on it is in escrow."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction

from comptoir.core.bulk import copy_rows, execute, fetch
from comptoir.offers.escrow import LEAST_ESCROW, escrow_units, in_flight
from comptoir.offers.rulings import bring_in_line
from comptoir.offers.settling import share_last_units

WINDOW = timedelta(days=28)
_SALES = """
CREATE TEMP TABLE measured ON COMMIT DROP AS
SELECT o.channel_id, line.product_id, sum(line.quantity - line.cancelled_quantity) / greatest(1, least(28,
           extract(epoch FROM %(now)s - (SELECT min(placed_at) FROM orders_order WHERE placed_at > %(since)s)) / 86400))
           AS daily
FROM orders_order o JOIN orders_orderline line ON line.order_id = o.id
WHERE o.placed_at > %(since)s AND line.product_id IS NOT NULL AND line.fulfilled_by = 'seller' AND NOT o.test
GROUP BY 1, 2
"""
_PACE = """
INSERT INTO offers_channelpace (channel_id, cycle_s)
SELECT * FROM unnest(%(channels)s::bigint[], %(cycles)s::float[])
ON CONFLICT (channel_id) DO UPDATE SET cycle_s = excluded.cycle_s
"""
# `unheard`: what may have sold there since its orders were last read. Nobody else can be told of it.
_DAILY = """
SELECT measured.product_id, sum(daily)::float, sum(daily * coalesce(silent.seconds, 0) / 86400)::float
FROM measured LEFT JOIN unnest(%(silent)s::bigint[], %(seconds)s::float[]) AS silent (channel_id, seconds)
    ON silent.channel_id = measured.channel_id
GROUP BY 1
"""
# Only what moved: a million offers are not written every night for the few that sell.
_NOTE = """
WITH changed AS (
    SELECT o.id, measured.daily FROM offers_offer o
    LEFT JOIN measured ON measured.channel_id = o.channel_id AND measured.product_id = o.product_id
    WHERE o.network = 'seller' AND (o.daily_sales IS NOT NULL OR measured.daily IS NOT NULL)
      AND abs(coalesce(o.daily_sales, 0) - coalesce(measured.daily, 0)) > 0.05 * coalesce(o.daily_sales, 0)
    ORDER BY o.id FOR NO KEY UPDATE OF o
)
UPDATE offers_offer o SET daily_sales = changed.daily FROM changed WHERE changed.id = o.id
"""


@transaction.atomic
def measure_demand(
    now: datetime, *, cycles: Mapping[int, float], silences: Mapping[int, float] | None = None
) -> int:
    """`cycles`: of each channel, by its id, the seconds from a sale there to the next confirmation. `silences`: of
    those of which nothing was heard for long, the seconds since. The number of products whose escrow is wider than
    the least."""
    silences = silences or {}
    cycle_s = max(cycles.values(), default=0.0)
    execute(_PACE, {"channels": list(cycles), "cycles": list(cycles.values())})
    execute(_SALES, {"now": now, "since": now - WINDOW})
    execute(_NOTE)
    daily = fetch(_DAILY, {"silent": list(silences), "seconds": list(silences.values())})
    fast = [
        (product, units, escrow_units(units, cycle_s, unheard), in_flight(units, cycle_s, unheard))
        for product, units, unheard in daily
    ]
    fast = [row for row in fast if row[2] > LEAST_ESCROW or row[3] > 1]
    before = dict(fetch("SELECT product_id, escrow_units FROM offers_lastunits"))
    execute("DELETE FROM offers_lastunits")
    copy_rows("offers_lastunits", ("product_id", "daily_sales", "escrow_units", "in_flight"), fast)
    execute("DROP TABLE measured")
    bring_in_line()
    # What a wider escrow takes in must not wait for its next sale.
    share_last_units([row[0] for row in fast if row[2] > before.get(row[0], LEAST_ESCROW)])
    return len(fast)
