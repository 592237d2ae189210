"""Units promised from a warehouse that proves short are promised from another one that has them."""

from __future__ import annotations

from collections.abc import Sequence

from comptoir.core.bulk import fetch
from comptoir.inventory.models import Warehouse
from comptoir.inventory.routes import Kept, free_units, move_kept, read_places, routes_of

_SHORT = """
SELECT stock.product_id, stock.warehouse_id,
       CASE WHEN w.sellable THEN least(stock.reserved, stock.reserved - stock.on_hand) ELSE stock.reserved END
FROM inventory_stock stock JOIN inventory_warehouse w ON w.id = stock.warehouse_id
WHERE {} AND stock.reserved > 0 AND (stock.reserved > stock.on_hand OR NOT w.sellable)
ORDER BY stock.product_id, stock.warehouse_id
"""
_OF = _SHORT.format("stock.product_id = ANY(%s)")
_ANY = _SHORT.format("true")
# The newest order gives way: the older ones keep what they were promised first.
_PROMISED = """
SELECT r.order_line_id, o.channel_id, r.quantity FROM inventory_reservation r
JOIN orders_orderline line ON line.id = r.order_line_id JOIN orders_order o ON o.id = line.order_id
WHERE r.product_id = %s AND r.warehouse_id = %s ORDER BY o.placed_at DESC, r.id DESC
"""


def short_products() -> list[int]:
    """Articles of which a warehouse has promised more than it has, in a house with several."""
    return sorted({row[0] for row in fetch(_ANY)}) if Warehouse.objects.count() > 1 else []


def reroute_short(product_ids: Sequence[int]) -> int:
    """Units that moved. The stock rows of these products are locked; a house with one warehouse asks nothing."""
    if not product_ids or Warehouse.objects.count() < 2:
        return 0
    places = read_places()
    short = fetch(_OF, [list(product_ids)])
    if not short:
        return 0
    free, orders = free_units([row[0] for row in short], places), routes_of(places)
    changes = Kept()
    moved = 0
    for product, place, missing in short:
        for line, channel, kept in fetch(_PROMISED, [product, place]):
            for other in orders.get(channel, places):
                units = min(missing, kept, free.get((product, other), 0))
                if other == place or units <= 0:
                    continue
                free[product, other] -= units
                changes[line, product, place] -= units
                changes[line, product, other] += units
                missing, kept, moved = missing - units, kept - units, moved + units
    move_kept(changes)
    return moved
