"""Taking a correction back: the ledger keeps both, and the sum is as if neither had been."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from comptoir.core import clock
from comptoir.inventory.ledger import Move, move_stock
from comptoir.inventory.models import StockMovement
from comptoir.inventory.reservations import lock_stock
from comptoir.journal.audit import record_change

_PREFIX = "undo of "


class CannotUndo(ValueError):  # noqa: N818
    """It is no correction, or it was taken back already."""


@transaction.atomic
def undo_correction(movement_id: int, *, actor: str) -> int:
    """The product concerned. Raises StockMovement.DoesNotExist, CannotUndo."""
    move = StockMovement.objects.select_related("product").get(pk=movement_id)
    lock_stock([move.product_id], move.warehouse_id)
    reference = f"{_PREFIX}{move.pk}"
    # Under the lock: two people who press at once take it back once.
    again = StockMovement.objects.filter(product=move.product_id, reference=reference)
    if not is_undoable(move) or again.exists():
        raise CannotUndo(movement_id)
    move_stock([Move(move.product_id, move.warehouse_id, -move.quantity, StockMovement.Reason.CORRECTION,
                     clock.now(), reference=reference, actor=actor)])  # fmt: skip
    record_change(actor=actor, action="stock.correction_undone", subject_kind="product", subject=move.product.sku,
                  before={"units": move.quantity}, after={"units": 0})  # fmt: skip
    return move.product_id


def undoable(moves: Sequence[StockMovement]) -> set[int]:
    """Those of them that may still be taken back."""
    corrections = [move for move in moves if is_undoable(move)]
    taken_back = StockMovement.objects.filter(
        product__in={m.product_id for m in corrections},
        reference__in=[f"{_PREFIX}{m.pk}" for m in corrections],
    )
    done = set(taken_back.values_list("reference", flat=True))
    return {move.pk for move in corrections if f"{_PREFIX}{move.pk}" not in done}


def is_undoable(move: StockMovement) -> bool:
    return move.reason == StockMovement.Reason.CORRECTION and not move.reference.startswith(_PREFIX)
