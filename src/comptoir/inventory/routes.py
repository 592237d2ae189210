"""Reservations of a house with several warehouses: planned by `routing`, written as differences.

Called with the stock rows locked. Moving what is kept never changes how many units are kept in all.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from comptoir.core import clock
from comptoir.core.bulk import execute, fetch
from comptoir.inventory.models import Warehouse, WarehousePriority
from comptoir.inventory.routing import Need, route

Kept = Counter[tuple[int, int, int]]
"""(order line, product, warehouse) → units, more or less than before."""

# Differences only: what is kept grows, shrinks or goes.
_MOVE = """
WITH change AS (
    SELECT * FROM unnest(%(lines)s::bigint[], %(products)s::bigint[], %(places)s::bigint[], %(units)s::int[])
        AS change (line_id, product_id, warehouse_id, units)
),
more AS (
    INSERT INTO inventory_reservation (order_line_id, product_id, warehouse_id, quantity)
    SELECT line_id, product_id, warehouse_id, units FROM change WHERE units > 0
    ON CONFLICT (order_line_id, product_id, warehouse_id)
        DO UPDATE SET quantity = inventory_reservation.quantity + excluded.quantity
),
less AS (
    UPDATE inventory_reservation r SET quantity = r.quantity + change.units FROM change
    WHERE change.units < 0 AND r.quantity + change.units > 0 AND r.order_line_id = change.line_id
      AND r.product_id = change.product_id AND r.warehouse_id = change.warehouse_id
),
gone AS (
    DELETE FROM inventory_reservation r USING change
    WHERE change.units < 0 AND r.quantity + change.units = 0 AND r.order_line_id = change.line_id
      AND r.product_id = change.product_id AND r.warehouse_id = change.warehouse_id
),
noted AS (
    INSERT INTO inventory_reservationchange (order_line_id, product_id, warehouse_id, units, at)
    SELECT line_id, product_id, warehouse_id, units, %(now)s FROM change
)
UPDATE inventory_stock stock SET reserved = reserved + moved.units
FROM (SELECT product_id, warehouse_id, sum(units) AS units FROM change GROUP BY 1, 2) moved
WHERE stock.product_id = moved.product_id AND stock.warehouse_id = moved.warehouse_id
"""
_FREE = """
SELECT product_id, warehouse_id, on_hand - reserved FROM inventory_stock
WHERE product_id = ANY(%s) AND warehouse_id = ANY(%s)
"""


def read_places() -> list[int]:
    """The warehouses that sell, by priority."""
    return list(
        Warehouse.objects.filter(sellable=True).order_by("priority", "id").values_list("id", flat=True)
    )


def routes_of(places: Sequence[int]) -> Mapping[int, list[int]]:
    """By channel, the warehouses in its own order; a channel that has none is served in the house's."""
    own: dict[int, dict[int, int]] = defaultdict(dict)
    for channel, place, priority in WarehousePriority.objects.values_list(
        "channel_id", "warehouse_id", "priority"
    ):
        own[channel][place] = priority
    house = dict(Warehouse.objects.values_list("id", "priority"))
    return {
        channel: sorted(places, key=lambda place: (given.get(place, house[place]), place))
        for channel, given in own.items()
        if places
    }


def free_units(products: Iterable[int], places: Sequence[int]) -> dict[tuple[int, int], int]:
    rows = fetch(_FREE, [sorted(set(products)), list(places)])
    return {(product, place): units for product, place, units in rows}


def plan(
    lines: Sequence[tuple[int, ...]], wanted: Sequence[tuple[int, ...]], held: Sequence[tuple[int, ...]],
    orders: Mapping[int, list[int]], places: Sequence[int],
) -> Kept:  # fmt: skip
    """What has to change. `lines`: (line, order, channel), the oldest orders first; `wanted`: (line, product,
    units); `held`: (line, product, warehouse, units)."""
    changes = Kept()
    kept: dict[tuple[int, int], dict[int, int]] = defaultdict(dict)
    for line, product, place, units in held:
        kept[line, product][place] = units
    calls = {(line, product): int(units) for line, product, units in wanted}
    free = free_units((product for _, product in (*calls, *kept)), places)
    for key in kept:
        surplus = sum(kept[key].values()) - calls.get(key, 0)
        _give_back(key, kept[key], surplus, places, free, changes)
    by_order: dict[tuple[int, int], list[Need]] = defaultdict(list)
    products: dict[int, list[int]] = defaultdict(list)
    for line, product in calls:
        products[line].append(product)
    for line, order, channel in lines:
        for product in sorted(products[line]):
            missing = calls[line, product] - sum(kept[line, product].values())
            if missing > 0:
                by_order[order, channel].append(Need(line, product, missing))
    for (_, channel), needs in by_order.items():
        for taken in route(needs, free, orders.get(channel, places)):
            key = (taken.product, taken.warehouse)
            free[key] = free.get(key, 0) - taken.units
            changes[taken.line, taken.product, taken.warehouse] += taken.units
    return changes


def _give_back(
    key: tuple[int, int], kept: dict[int, int], surplus: int, places: Sequence[int],
    free: dict[tuple[int, int], int], changes: Kept,
) -> None:  # fmt: skip
    """First where more is promised than there is, then from the last warehouse on."""
    line, product = key
    rank = {place: number for number, place in enumerate(places)}
    last_first = sorted(
        kept, key=lambda place: (free.get((product, place), -1) >= 0, -rank.get(place, len(rank)))
    )
    for place in last_first:
        units = min(surplus, kept[place])
        if units > 0:
            surplus -= units
            kept[place] -= units
            if place in rank:
                free[product, place] = free.get((product, place), 0) + units
            changes[line, product, place] -= units


def move_kept(changes: Kept) -> None:
    rows = [(key, units) for key, units in changes.items() if units]
    if rows:
        execute(
            _MOVE,
            {"lines": [key[0] for key, _ in rows], "products": [key[1] for key, _ in rows],
             "places": [key[2] for key, _ in rows], "units": [units for _, units in rows], "now": clock.now()},
        )  # fmt: skip
