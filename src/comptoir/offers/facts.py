"""What there was, and what was kept for whom, at any instant: from the ledger and from the history of reservations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from comptoir.catalog.models import KitComponent, Product
from comptoir.core.bulk import fetch


@dataclass(frozen=True)
class Shelf:
    """One warehouse. Whether it is sellable, and its name, are those of today."""

    code: str
    name: str
    sellable: bool
    on_hand: int
    reserved: int


@dataclass(frozen=True)
class Part:
    """An article, `each` units of it in what is offered: 1 but in a kit. A kit's composition is today's."""

    sku: str
    each: int
    shelves: list[Shelf]

    @property
    def available(self) -> int:
        return max(0, sum(shelf.on_hand - shelf.reserved for shelf in self.shelves if shelf.sellable))

    @property
    def whole(self) -> int:
        return self.available // self.each


@dataclass(frozen=True)
class Keeping:
    """Units that an order keeps. `order` is "" where the reader does not see its channel."""

    order: str
    channel: str
    channel_name: str
    sku: str
    warehouse: str
    units: int


@dataclass(frozen=True)
class Facts:
    parts: list[Part] = field(default_factory=list)
    keepings: list[Keeping] = field(default_factory=list)

    @property
    def available(self) -> int:
        """As `inventory.availability` counts it."""
        return min((part.whole for part in self.parts), default=0)


_SHELVES_NOW = """
SELECT stock.product_id, w.code, w.name, w.sellable, stock.on_hand, stock.reserved
FROM inventory_stock stock JOIN inventory_warehouse w ON w.id = stock.warehouse_id
WHERE stock.product_id = ANY(%(products)s) ORDER BY w.priority, w.code
"""
# What is there now less all that was written since: the ledger is the longer of the two roads.
_SHELVES_THEN = """
SELECT stock.product_id, w.code, w.name, w.sellable, stock.on_hand - coalesce(moved.units, 0),
       stock.reserved - coalesce(kept.units, 0)
FROM inventory_stock stock JOIN inventory_warehouse w ON w.id = stock.warehouse_id
LEFT JOIN (SELECT product_id, warehouse_id, sum(quantity) AS units FROM inventory_stockmovement
           WHERE product_id = ANY(%(products)s) AND coalesce(recorded_at, at) > %(at)s GROUP BY 1, 2) moved
       USING (product_id, warehouse_id)
LEFT JOIN (SELECT product_id, warehouse_id, sum(units) AS units FROM inventory_reservationchange
           WHERE product_id = ANY(%(products)s) AND at > %(at)s GROUP BY 1, 2) kept
       USING (product_id, warehouse_id)
WHERE stock.product_id = ANY(%(products)s) ORDER BY w.priority, w.code
"""
_KEPT = """
SELECT o.reference, channel.key, channel.name, p.sku, w.code, kept.units
FROM ({}) kept JOIN orders_orderline line ON line.id = kept.order_line_id
JOIN orders_order o ON o.id = line.order_id JOIN channels_channel channel ON channel.id = o.channel_id
JOIN catalog_product p ON p.id = kept.product_id JOIN inventory_warehouse w ON w.id = kept.warehouse_id
ORDER BY o.placed_at, o.id, p.sku, line.id, w.code
"""
_KEPT_NOW = _KEPT.format(
    """SELECT order_line_id, product_id, warehouse_id, quantity AS units FROM inventory_reservation
       WHERE product_id = ANY(%(products)s)"""
)
_KEPT_THEN = _KEPT.format(
    """SELECT order_line_id, product_id, warehouse_id, sum(units) AS units FROM inventory_reservationchange
       WHERE product_id = ANY(%(products)s) AND at <= %(at)s GROUP BY 1, 2, 3 HAVING sum(units) > 0"""
)


def read_facts(product: Product, at: datetime | None) -> Facts:
    """`at`: None for now, which is read where it is kept; any earlier instant from the history."""
    parts = _parts(product)
    values = {"products": [pk for pk, _, _ in parts], "at": at}
    shelves = fetch(_SHELVES_NOW if at is None else _SHELVES_THEN, values)
    kept = fetch(_KEPT_NOW if at is None else _KEPT_THEN, values)
    return Facts(
        [Part(sku, each, [_shelf(row) for row in shelves if row[0] == pk]) for pk, sku, each in parts],
        [Keeping(order, key, name, sku, place, int(units)) for order, key, name, sku, place, units in kept],
    )


def _shelf(row: Sequence[object]) -> Shelf:
    _, code, name, sellable, on_hand, reserved = row
    return Shelf(str(code), str(name), bool(sellable), int(str(on_hand)), int(str(reserved)))


def _parts(product: Product) -> list[tuple[int, str, int]]:
    if not product.is_kit:
        return [(product.pk, product.sku, 1)]
    found = KitComponent.objects.filter(kit=product).order_by("component__sku")
    return list(found.values_list("component_id", "component__sku", "quantity"))
