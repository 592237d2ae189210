"""What sells faster than it lasts: units on the shelf against the units of the last days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from comptoir.catalog.models import Product
from comptoir.core import clock
from comptoir.core.bulk import fetch
from comptoir.inventory.availability import available

OBSERVED = timedelta(days=7)
ENOUGH_DAYS = 7
BEST_SELLERS = 500
"""Products looked at: what sells nearly nothing does not run out within days."""

_SOLD = """
SELECT line.product_id, sum(line.quantity - line.cancelled_quantity)
FROM orders_order o JOIN orders_orderline line ON line.order_id = o.id
WHERE o.placed_at >= %(since)s AND NOT o.test AND line.product_id IS NOT NULL AND line.fulfilled_by = 'seller'
GROUP BY 1 HAVING sum(line.quantity - line.cancelled_quantity) > 0 ORDER BY 2 DESC, 1 LIMIT %(most)s
"""


@dataclass(frozen=True)
class RunningOut:
    product: Product
    available: int
    sold: int
    """Over the observed days."""
    days: int
    """How long what is left lasts at that pace, rounded down."""


def running_out(shown: int = 8) -> list[RunningOut]:
    """The ones that last the shortest first; kits run out with their components."""
    sold = dict(fetch(_SOLD, {"since": clock.now() - OBSERVED, "most": BEST_SELLERS}))
    units = available(list(sold))
    lasts = {pk: max(0, units.get(pk, 0)) * OBSERVED.days // n for pk, n in sold.items()}
    first = sorted((days, -sold[pk], pk) for pk, days in lasts.items() if days < ENOUGH_DAYS)[:shown]
    products = Product.objects.in_bulk([pk for _, _, pk in first])
    return [RunningOut(products[pk], max(0, units.get(pk, 0)), sold[pk], days) for days, _, pk in first]
