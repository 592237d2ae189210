"""Reservations that are not what their order lines call for: units leaked, or promised to nobody."""

from __future__ import annotations

from dataclasses import dataclass

from comptoir.core.bulk import fetch
from comptoir.inventory import reservations

# The same words as the settlement's own, over the orders that could differ: open ones, and holders of units.
_ORDERS = """
SELECT id FROM orders_order WHERE status <> ALL(%(final)s)
UNION SELECT line.order_id FROM inventory_reservation r JOIN orders_orderline line ON line.id = r.order_line_id
"""
_UNSETTLED = f"""
WITH wanted AS ({reservations._WANTED.replace("ANY(%(orders)s)", f"ANY(ARRAY({_ORDERS}))")}),
held AS (SELECT order_line_id AS line_id, product_id, sum(quantity) AS quantity
         FROM inventory_reservation GROUP BY 1, 2)
SELECT o.external_id, line.sku, coalesce(wanted.quantity, 0), coalesce(held.quantity, 0)
FROM wanted FULL JOIN held USING (line_id, product_id)
JOIN orders_orderline line ON line.id = line_id
JOIN orders_order o ON o.id = line.order_id
WHERE coalesce(wanted.quantity, 0) <> coalesce(held.quantity, 0)
ORDER BY 1, 2
"""  # noqa: S608 - our own text


@dataclass(frozen=True)
class Unsettled:
    order: str
    sku: str
    wanted: int
    kept: int


def find_unsettled() -> list[Unsettled]:
    """Lines that keep other units than they should. Always empty between two transactions."""
    return [
        Unsettled(order, sku, int(wanted), int(kept))
        for order, sku, wanted, kept in fetch(
            _UNSETTLED,
            {
                "reserving": reservations._RESERVING,
                "final": reservations._FINAL,
                "left": reservations._LEFT,
            },
        )
    ]
