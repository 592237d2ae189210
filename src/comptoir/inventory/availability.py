"""How many units can be sold: one rule, in SQL, for every reader.

available = Σ over sellable warehouses of (on hand − reserved), never below zero;
of a kit: the fewest whole kits that its components make.
"""

from __future__ import annotations

from collections.abc import Sequence

from comptoir.core.bulk import fetch

# Needs %(products)s: ids of articles or kits. Gives (product_id, available, is_kit, active).
AVAILABLE = """
SELECT article.id AS product_id,
       coalesce(CASE WHEN article.is_kit THEN (
           SELECT min(greatest(0, coalesce(sums.units, 0)) / part.quantity)
           FROM catalog_kitcomponent part
           LEFT JOIN LATERAL (
               SELECT sum(stock.on_hand - stock.reserved) AS units
               FROM inventory_stock stock JOIN inventory_warehouse w ON w.id = stock.warehouse_id AND w.sellable
               WHERE stock.product_id = part.component_id
           ) sums ON true
           WHERE part.kit_id = article.id
       ) ELSE own.available END, 0) AS available,
       article.is_kit, article.active
FROM catalog_product article
LEFT JOIN (
    SELECT stock.product_id, greatest(0, sum(stock.on_hand - stock.reserved)) AS available
    FROM inventory_stock stock JOIN inventory_warehouse w ON w.id = stock.warehouse_id AND w.sellable
    WHERE stock.product_id = ANY(%(products)s) GROUP BY stock.product_id
) own ON own.product_id = article.id
WHERE article.id = ANY(%(products)s)
"""


def available(product_ids: Sequence[int]) -> dict[int, int]:
    return {row[0]: int(row[1]) for row in fetch(AVAILABLE, {"products": list(product_ids)})}


def with_kits(product_ids: Sequence[int]) -> list[int]:
    """The products and every kit that has one of them inside: what a stock change concerns."""
    kits = fetch("SELECT kit_id FROM catalog_kitcomponent WHERE component_id = ANY(%s)", [list(product_ids)])
    return sorted({*product_ids, *(row[0] for row in kits)})


def covered_orders(order_ids: Sequence[int]) -> set[int]:
    """Orders whose every unit is really there: reserved, with all earlier reservations, within the stock."""
    rows = fetch(
        """WITH wanted AS (SELECT DISTINCT r.product_id, r.warehouse_id FROM inventory_reservation r
               JOIN orders_orderline line ON line.id = r.order_line_id WHERE line.order_id = ANY(%(orders)s)),
           queue AS (SELECT line.order_id, stock.on_hand
                   - sum(r.quantity) OVER (PARTITION BY r.product_id, r.warehouse_id
                                           ORDER BY o.placed_at, r.order_line_id) AS left_over
               FROM inventory_reservation r JOIN wanted USING (product_id, warehouse_id)
               JOIN inventory_stock stock USING (product_id, warehouse_id)
               JOIN orders_orderline line ON line.id = r.order_line_id
               JOIN orders_order o ON o.id = line.order_id)
           SELECT order_id FROM queue WHERE order_id = ANY(%(orders)s)
           GROUP BY order_id HAVING min(left_over) >= 0""",
        {"orders": list(order_ids)},
    )
    # A line without a product reserves nothing, so it can never be called covered.
    unknown = fetch(
        """SELECT DISTINCT order_id FROM orders_orderline WHERE order_id = ANY(%s) AND product_id IS NULL
           AND fulfilled_by = 'seller'""",
        [list(order_ids)],
    )
    return {row[0] for row in rows} - {row[0] for row in unknown}
