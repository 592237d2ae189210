"""Units promised from a warehouse that proves short are promised from another one that has them."""

from __future__ import annotations

from django.db import transaction

from comptoir.core.bulk import fetch
from comptoir.inventory.models import Warehouse
from comptoir.inventory.reservations import lock_stock_rows
from comptoir.inventory.routes import Kept, free_units, move_kept, read_places, routes_of

_SHORT = """
SELECT stock.product_id, stock.warehouse_id,
       CASE WHEN w.sellable THEN least(stock.reserved, stock.reserved - stock.on_hand) ELSE stock.reserved END
FROM inventory_stock stock JOIN inventory_warehouse w ON w.id = stock.warehouse_id
WHERE stock.reserved > 0 AND (stock.reserved > stock.on_hand OR NOT w.sellable)
  AND EXISTS (SELECT FROM inventory_stock other JOIN inventory_warehouse place ON place.id = other.warehouse_id
              WHERE other.product_id = stock.product_id AND other.id <> stock.id AND place.sellable
                AND other.on_hand > other.reserved)
ORDER BY stock.product_id, stock.warehouse_id
"""
_LOCK = """
SELECT o.id FROM orders_order o WHERE o.id = ANY(ARRAY(
    SELECT line.order_id FROM inventory_reservation r JOIN orders_orderline line ON line.id = r.order_line_id
    WHERE r.product_id = ANY(%s))) ORDER BY o.id FOR NO KEY UPDATE
"""
# The newest order gives way: the older ones keep what they were promised first.
_PROMISED = """
SELECT r.order_line_id, o.channel_id, r.quantity FROM inventory_reservation r
JOIN orders_orderline line ON line.id = r.order_line_id JOIN orders_order o ON o.id = line.order_id
WHERE r.product_id = %s AND r.warehouse_id = %s ORDER BY o.placed_at DESC, r.order_line_id DESC
"""


def short_products() -> list[int]:
    """Articles of which a warehouse has promised more than it has, while another one has some left."""
    return sorted({row[0] for row in fetch(_SHORT)}) if Warehouse.objects.count() > 1 else []


@transaction.atomic
def reroute_short() -> int:
    """Units that moved. Orders are locked before their stock, as by who records them: two workers wait, never
    deadlock."""
    short = short_products()
    if not short:
        return 0
    fetch(_LOCK, [short])
    lock_stock_rows(short)
    places = read_places()
    free, orders = free_units(short, places), routes_of(places)
    changes = Kept()
    moved = 0
    for product, place, missing in fetch(_SHORT):
        if product not in short:
            continue
        for line, channel, kept in fetch(_PROMISED, [product, place]):
            for other in orders.get(channel, places):
                units = min(missing, kept, free.get((product, other), 0))
                if other != place and units > 0:
                    free[product, other] -= units
                    changes[line, product, place] -= units
                    changes[line, product, other] += units
                    missing, kept, moved = missing - units, kept - units, moved + units
    move_kept(changes)
    return moved
