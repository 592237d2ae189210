"""The stock ledger: every change of `on_hand` is a movement, and both are written together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from comptoir.core import clock
from comptoir.core.bulk import copy_rows, execute, fetch

_COLUMNS = (
    "product_id",
    "warehouse_id",
    "quantity",
    "reason",
    "at",
    "reference",
    "order_line_id",
    "actor",
    "recorded_at",
)
_APPLY = """
UPDATE inventory_stock stock SET on_hand = stock.on_hand + moved.quantity
FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[]) AS moved (product_id, warehouse_id, quantity)
WHERE stock.product_id = moved.product_id AND stock.warehouse_id = moved.warehouse_id
"""
_CHECK = """
SELECT p.sku, w.code, stock.on_hand, coalesce(ledger.quantity, 0), stock.reserved, coalesce(kept.quantity, 0)
FROM inventory_stock stock
JOIN catalog_product p ON p.id = stock.product_id
JOIN inventory_warehouse w ON w.id = stock.warehouse_id
LEFT JOIN (SELECT product_id, warehouse_id, sum(quantity) AS quantity
           FROM inventory_stockmovement GROUP BY 1, 2) ledger USING (product_id, warehouse_id)
LEFT JOIN (SELECT product_id, warehouse_id, sum(quantity) AS quantity
           FROM inventory_reservation GROUP BY 1, 2) kept USING (product_id, warehouse_id)
WHERE stock.on_hand <> coalesce(ledger.quantity, 0) OR stock.reserved <> coalesce(kept.quantity, 0)
ORDER BY 1, 2
"""


@dataclass(frozen=True)
class Move:
    """`quantity` units more (or less) on hand. `at` is when it happened, by the clock of who did it."""

    product_id: int
    warehouse_id: int
    quantity: int
    reason: str
    at: datetime
    reference: str = ""
    order_line_id: int | None = None
    actor: str = ""


@dataclass(frozen=True)
class Imbalance:
    """A stock row whose sums are not those of the ledger and of the reservations."""

    sku: str
    warehouse: str
    on_hand: int
    ledger: int
    reserved: int
    kept: int


def move_stock(moves: Sequence[Move]) -> None:
    """Write movements and sums. The stock rows exist and are locked (`reservations.lock_stock`)."""
    moves = [move for move in moves if move.quantity]
    if not moves:
        return
    now = clock.now()
    copy_rows("inventory_stockmovement", _COLUMNS, ((*vars(move).values(), now) for move in moves))
    sums: Counter[tuple[int, int]] = Counter()
    for move in moves:
        sums[move.product_id, move.warehouse_id] += move.quantity
    products, warehouses = zip(*sums, strict=True)
    execute(_APPLY, [list(products), list(warehouses), list(sums.values())])


def find_imbalances() -> list[Imbalance]:
    """Rows where the running stock is not the ledger's sum. Always empty, or something is broken."""
    return [Imbalance(*row) for row in fetch(_CHECK)]
