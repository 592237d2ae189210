"""Counts that come from outside (the ERP's stock) and corrections made by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from comptoir.catalog.models import Product
from comptoir.core import clock
from comptoir.core.bulk import execute, fetch
from comptoir.inventory.ledger import Move, move_stock
from comptoir.inventory.models import Stock, StockMovement, Warehouse
from comptoir.inventory.reservations import lock_stock, lock_stock_rows, make_stock_rows
from comptoir.journal.audit import record_change
from comptoir.sdk.records import StockLevel

MAX_UNITS = 1_000_000_000
"""On one shelf. Sums of more would not fit an integer any more."""

# What left or came since the count was taken, by the clock of who counted.
_SINCE = """
SELECT product_id, sum(quantity) FROM inventory_stockmovement
WHERE product_id = ANY(%s) AND warehouse_id = %s AND at > %s AND reason <> 'erp_sync' GROUP BY 1
"""


@dataclass
class CountResult:
    changed: list[int] = field(default_factory=list)
    """Products whose stock changed, or is known for the first time."""
    unchanged: int = 0
    older: int = 0
    refused: dict[int, str] = field(default_factory=dict)
    """Levels that were not taken, by their place in what was given, and why."""


def apply_count(levels: Sequence[StockLevel], *, as_of: datetime, reference: str) -> CountResult:
    """Take an outside count: `on_hand` becomes the count plus what moved since it was taken.

    A shipment that the ERP made before `as_of` and tells us later moves nothing any more: it is in the
    count. Call inside a transaction.
    """
    result = CountResult()
    products = dict(Product.objects.filter(sku__in=_askable(levels)).values_list("sku", "id"))
    taken: dict[str, dict[int, StockLevel]] = {}
    for place, level in enumerate(levels):
        here = taken.get(level.warehouse, {})
        if why := _fault(level, products.get(level.sku), here):
            result.refused[place] = why
        else:
            taken.setdefault(level.warehouse, {})[products[level.sku]] = level
    warehouses = {code: _warehouse(code) for code in sorted(taken)}
    for code, here in sorted(taken.items()):
        make_stock_rows(list(here), warehouses[code].pk)
    lock_stock_rows([pk for here in taken.values() for pk in here])
    for code, here in sorted(taken.items()):
        _apply_warehouse(warehouses[code], here, as_of, reference, result)
    return result


def _askable(levels: Sequence[StockLevel]) -> set[str]:
    return {level.sku for level in levels if "\x00" not in level.sku}


def _fault(level: StockLevel, product: int | None, here: Mapping[int, StockLevel]) -> str:
    """Why this level is not taken; "" when it is. One bad line must not stop the others."""
    if product is None:
        return f"No product has the SKU {level.sku}."
    if product in here:
        return f"{level.sku} is counted twice in {level.warehouse}: {here[product].quantity} was taken."
    if not abs(level.quantity) <= MAX_UNITS or not 0 <= level.incoming <= MAX_UNITS:
        return f"{level.sku}: {level.quantity} units and {level.incoming} to come are not possible."
    if not 0 < len(level.warehouse) <= 40 or "\x00" in level.warehouse:
        return f"{level.sku}: {level.warehouse!r} is no code of a warehouse."
    return ""


def _apply_warehouse(
    warehouse: Warehouse,
    levels: Mapping[int, StockLevel],
    as_of: datetime,
    reference: str,
    result: CountResult,
) -> None:
    since = dict(fetch(_SINCE, [list(levels), warehouse.pk, as_of]))
    moves, ids, incoming = [], [], []
    for stock in Stock.objects.filter(warehouse=warehouse, product_id__in=levels):
        if stock.counted_at is not None and stock.counted_at > as_of:
            result.older += 1
            continue
        level = levels[stock.product_id]
        delta = level.quantity + since.get(stock.product_id, 0) - stock.on_hand
        ids.append(stock.product_id)
        incoming.append(level.incoming)
        if delta:
            moves.append(Move(stock.product_id, warehouse.pk, delta, "erp_sync", as_of, reference=reference))
        if delta or stock.counted_at is None:
            result.changed.append(stock.product_id)
        else:
            result.unchanged += 1
    move_stock(moves)
    execute(
        """UPDATE inventory_stock stock SET counted_at = %s, incoming = told.incoming
           FROM unnest(%s::bigint[], %s::int[]) AS told (product_id, incoming)
           WHERE stock.product_id = told.product_id AND stock.warehouse_id = %s""",
        [as_of, ids, incoming, warehouse.pk],
    )


def _warehouse(code: str) -> Warehouse:
    return Warehouse.objects.get_or_create(code=code, defaults={"name": code.capitalize()})[0]


@transaction.atomic
def correct_stock(*, product: Product, warehouse: Warehouse, on_hand: int, reason: str, actor: str) -> int:
    """A person counted: set `on_hand`; the units that this moved. ValueError when no stock can hold it."""
    if not abs(on_hand) <= MAX_UNITS:
        raise ValueError(f"{on_hand} units are not possible.")
    lock_stock([product.pk], warehouse.pk)
    stock = Stock.objects.get(product=product, warehouse=warehouse)
    delta = on_hand - stock.on_hand
    move = Move(
        product.pk,
        warehouse.pk,
        delta,
        StockMovement.Reason.CORRECTION,
        clock.now(),
        reference=reason[:120],
        actor=actor,
    )
    move_stock([move])
    record_change(
        actor=actor, action="stock.corrected", subject_kind="product", subject=product.sku,
        before={"on_hand": stock.on_hand}, after={"on_hand": on_hand, "reason": reason},
    )  # fmt: skip
    return delta
