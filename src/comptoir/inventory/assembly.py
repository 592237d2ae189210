"""Articles made of others on the shelf: parts leave the ledger as the whole enters it, or the other way round.

A kit (`kits`) has no stock and needs none of this: its parts are reserved and shipped. What is assembled here
is an article of its own, with its own stock.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from comptoir.catalog.models import Product
from comptoir.core import clock
from comptoir.inventory.ledger import Move, move_stock
from comptoir.inventory.models import Stock, StockMovement, Warehouse
from comptoir.inventory.reservations import lock_stock_rows, make_stock_rows
from comptoir.journal.audit import record_change


class CannotAssemble(ValueError):  # noqa: N818
    """`code`: units, parts, kit (it has no stock of its own), short (not enough that is promised to nobody)."""

    def __init__(self, code: str, sku: str = "") -> None:
        super().__init__(f"{code} {sku}".strip())
        self.code, self.sku = code, sku


@transaction.atomic
def assemble(
    *, product: Product, warehouse: Warehouse, units: int, parts: Mapping[Product, int], actor: str
) -> list[int]:
    """`parts`: units of each article in one of the whole; `units` below zero takes that many apart.

    The ids of the products concerned. Raises CannotAssemble.
    """
    if not units:
        raise CannotAssemble("units")
    if not parts or product in parts or any(each <= 0 for each in parts.values()):
        raise CannotAssemble("parts")
    for one in (product, *parts):
        if one.is_kit:
            raise CannotAssemble("kit", one.sku)
    changes = {product: units} | {part: -each * units for part, each in parts.items()}
    ids = sorted(one.pk for one in changes)
    make_stock_rows(ids, warehouse.pk)
    lock_stock_rows(ids)
    free = {
        s.product_id: s.on_hand - s.reserved
        for s in Stock.objects.filter(product__in=ids, warehouse=warehouse)
    }
    for one, change in changes.items():
        if change < 0 and free[one.pk] < -change:
            raise CannotAssemble("short", one.sku)
    now = clock.now()
    reason = StockMovement.Reason.KIT_ASSEMBLY
    move_stock(
        [
            Move(one.pk, warehouse.pk, change, reason, now, product.sku, actor=actor)
            for one, change in changes.items()
        ]
    )
    record_change(
        actor=actor, action="stock.assembled", subject_kind="product", subject=product.sku,
        after={"units": units, "warehouse": warehouse.code, "parts": {p.sku: n for p, n in parts.items()}},
    )  # fmt: skip
    return ids
