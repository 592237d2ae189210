"""Units promised to buyers: settled from the state of the order lines, whatever happened to them.

`settle_reservations` is level-triggered: it compares what each line should keep with what it keeps and
closes the difference, so an order that is told twice, cancelled or shipped frees its units once.
"""

from __future__ import annotations

from collections.abc import Sequence

from comptoir.core import clock
from comptoir.core.bulk import execute, fetch
from comptoir.inventory.ledger import Move, move_stock
from comptoir.inventory.models import Warehouse
from comptoir.inventory.routes import move_kept, plan, read_places, routes_of
from comptoir.sdk.statuses import FINAL, RESERVING, OrderStatus

_RESERVING = sorted(RESERVING)
_FINAL = sorted(FINAL)
_LEFT = [OrderStatus.SHIPPED.value, OrderStatus.DELIVERED.value]

# What each line should keep. A kit keeps its components. A line that the channel calls shipped keeps
# its units until the ERP that has the order says that they left: only then are they out of its counts. Which lines
# keep some is read once and hashed: asked line by line, a plan made while nothing was kept reads them all each time.
# The lines are looked up order by order (LATERAL, OFFSET 0), each by its index: joined freely, a plan made by what was
# known of a table that grows by the minute reads every order there is.
_LINES = """
FROM orders_order o
CROSS JOIN LATERAL (SELECT * FROM orders_orderline its WHERE its.order_id = o.id OFFSET 0) line
"""
_WANTED = f"""
SELECT line.id AS line_id, coalesce(kit.component_id, line.product_id) AS product_id,
       greatest(0, line.quantity - line.cancelled_quantity - line.shipped_quantity)
           * coalesce(kit.quantity, 1) AS quantity
{_LINES.strip()}
LEFT JOIN catalog_kitcomponent kit ON kit.kit_id = line.product_id
     AND EXISTS (SELECT FROM catalog_product p WHERE p.id = kit.kit_id AND p.is_kit)
WHERE o.id = ANY(%(orders)s) AND line.product_id IS NOT NULL
  AND line.fulfilled_by = 'seller' AND NOT o.test
  AND (line.status = ANY(%(reserving)s) AND o.status <> ALL(%(final)s)
       OR (line.status = ANY(%(left)s) AND o.erp_state IN ('sent', 'confirmed')
           AND line.id IN (SELECT r.order_line_id FROM inventory_reservation r WHERE r.order_line_id = ANY(ARRAY(
                               SELECT id FROM orders_orderline WHERE order_id = ANY(%(orders)s))))))
"""  # noqa: S608 - our own text
# Not joined to the lines: without fresh statistics that would read every reservation there is.
_THEIRS = "r.order_line_id = ANY(ARRAY(SELECT id FROM orders_orderline WHERE order_id = ANY(%(orders)s)))"
_NONE_YET = "false"
"""Of orders that were stored a moment ago."""


def _products(held: str) -> str:
    return f"""
SELECT product_id, EXISTS (SELECT FROM inventory_stock s
                           WHERE s.product_id = concerned.product_id AND s.warehouse_id = %(warehouse)s)
FROM (SELECT product_id FROM ({_WANTED}) wanted
      UNION SELECT r.product_id FROM inventory_reservation r WHERE {held}) concerned
"""  # noqa: S608 - our own text


def _settle(held: str) -> str:
    return f"""
WITH wanted AS ({_WANTED}),
held AS (SELECT r.order_line_id, r.product_id, r.warehouse_id, r.quantity FROM inventory_reservation r WHERE {held}),
difference AS (
    SELECT coalesce(w.line_id, h.order_line_id) AS line_id, coalesce(w.product_id, h.product_id) AS product_id,
           coalesce(h.warehouse_id, %(warehouse)s) AS warehouse_id,
           coalesce(w.quantity, 0) AS wanted, coalesce(h.quantity, 0) AS held
    FROM wanted w FULL JOIN held h ON h.order_line_id = w.line_id AND h.product_id = w.product_id
    WHERE coalesce(w.quantity, 0) <> coalesce(h.quantity, 0)
),
freed AS (
    DELETE FROM inventory_reservation r USING difference d
    WHERE d.wanted = 0 AND r.order_line_id = d.line_id AND r.product_id = d.product_id
),
kept AS (
    INSERT INTO inventory_reservation (order_line_id, product_id, warehouse_id, quantity)
    SELECT line_id, product_id, warehouse_id, wanted FROM difference WHERE wanted > 0
    ON CONFLICT (order_line_id, product_id, warehouse_id) DO UPDATE SET quantity = excluded.quantity
),
noted AS (
    INSERT INTO inventory_reservationchange (order_line_id, product_id, warehouse_id, units, at)
    SELECT line_id, product_id, warehouse_id, wanted - held, %(now)s FROM difference
)
UPDATE inventory_stock stock SET reserved = reserved + change.units
FROM (SELECT product_id, warehouse_id, sum(wanted - held) AS units FROM difference GROUP BY 1, 2) change
WHERE stock.product_id = change.product_id AND stock.warehouse_id = change.warehouse_id AND change.units <> 0
"""  # noqa: S608


_PRODUCTS, _PRODUCTS_OF_NEW = _products(_THEIRS), _products(_NONE_YET)
_SETTLE, _SETTLE_NEW = _settle(_THEIRS), _settle(_NONE_YET)
_OPEN = f"""
SELECT line.id, line.order_id, o.channel_id {_LINES.strip()}
WHERE o.id = ANY(%(orders)s) ORDER BY o.placed_at, o.id, line.id
"""
_HELD = f"""
SELECT r.order_line_id, r.product_id, r.warehouse_id, r.quantity FROM inventory_reservation r WHERE {_THEIRS}
"""  # noqa: S608
_ELSEWHERE = f"SELECT EXISTS ({_HELD} AND r.warehouse_id <> %(warehouse)s)"
# Shipped on the channel, with no ERP that will tell: the units are gone, and their reservation with them.
_DEPARTED = f"""
SELECT r.product_id, r.warehouse_id, -r.quantity, line.id, o.external_id, line.quantity - line.cancelled_quantity
{_LINES.strip()}
CROSS JOIN LATERAL (SELECT * FROM inventory_reservation kept WHERE kept.order_line_id = line.id OFFSET 0) r
WHERE o.id = ANY(%(orders)s) AND line.status = ANY(%(left)s) AND o.erp_state NOT IN ('sent', 'confirmed')
"""  # noqa: S608


def default_warehouse() -> Warehouse:
    """The first sellable one by priority; made at the first need."""
    found = Warehouse.objects.filter(sellable=True).order_by("priority", "id").first()
    return found or Warehouse.objects.get_or_create(code="MAIN", defaults={"name": "Main warehouse"})[0]


def settle_reservations(order_ids: Sequence[int], *, new: bool = False) -> list[int]:
    """Bring the reservations of these orders in line with them; the ids of the products concerned.

    `new`: they were stored in this transaction, so that nothing is kept for them yet.
    Stock rows are locked in the order of their products, as everywhere: two workers wait, never deadlock.
    """
    if not order_ids:
        return []
    places = read_places()
    warehouse = places[0] if places else default_warehouse().pk
    values = {
        "orders": list(order_ids), "reserving": _RESERVING, "final": _FINAL, "left": _LEFT, "warehouse": warehouse,
        "now": clock.now(),
    }  # fmt: skip
    stocked = dict(fetch(_PRODUCTS_OF_NEW if new else _PRODUCTS, values))
    products = list(stocked)
    # One warehouse, as nearly everywhere: nothing is routed, and nothing is read for it.
    routed = len(places) > 1 or (not new and _kept_elsewhere(values))
    orders = routes_of(places) if routed else {}
    if unstocked := [product for product, there in stocked.items() if not there]:
        make_stock_rows(unstocked, warehouse)
    for first in sorted({order[0] for order in orders.values()} - {warehouse}):
        make_stock_rows(products, first)
    lock_stock_rows(products)
    if not new:
        _record_departures(values)
    if routed:
        move_kept(plan(fetch(_OPEN, values), fetch(_WANTED, values), fetch(_HELD, values), orders, places))
    else:
        execute(_SETTLE_NEW if new else _SETTLE, values)
    return products


def _kept_elsewhere(values: dict[str, object]) -> bool:
    """Kept in another place than the only one that sells now: the plain statement knows one place for a line."""
    return bool(Warehouse.objects.count() > 1 and fetch(_ELSEWHERE, values)[0][0])


def lock_stock(product_ids: Sequence[int], warehouse_id: int) -> None:
    """Lock every stock row of these products, in order, making the missing ones of `warehouse_id`."""
    make_stock_rows(product_ids, warehouse_id)
    lock_stock_rows(product_ids)


def make_stock_rows(product_ids: Sequence[int], warehouse_id: int) -> None:
    execute(
        """INSERT INTO inventory_stock (product_id, warehouse_id, on_hand, reserved, incoming)
           SELECT wanted.product_id, %s, 0, 0, 0 FROM unnest(%s::bigint[]) AS wanted (product_id)
           WHERE NOT EXISTS (SELECT FROM inventory_stock s
                             WHERE s.product_id = wanted.product_id AND s.warehouse_id = %s)
           ORDER BY 1 ON CONFLICT DO NOTHING""",
        [warehouse_id, sorted(product_ids), warehouse_id],
    )


def lock_stock_rows(product_ids: Sequence[int]) -> None:
    """In one order, of all that a transaction will touch: taken piece by piece, two workers could deadlock."""
    fetch(
        """SELECT id FROM inventory_stock WHERE product_id = ANY(%s) ORDER BY product_id, warehouse_id
           FOR NO KEY UPDATE""",
        [sorted(product_ids)],
    )


def _record_departures(values: dict[str, object]) -> None:
    departed = fetch(_DEPARTED, values)
    if not departed:
        return
    now = clock.now()
    move_stock([Move(p, w, q, "sale", now, reference=f"{o} left on the channel"[:120], order_line_id=line)
                for p, w, q, line, o, _ in departed])  # fmt: skip
    execute(
        """UPDATE orders_orderline line SET shipped_quantity = line.quantity - line.cancelled_quantity
           WHERE id = ANY(%s)""",
        [[row[3] for row in departed]],
    )
