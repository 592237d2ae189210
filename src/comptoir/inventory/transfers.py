"""Units that go from one warehouse to another: asked, sent, received."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.db.models import Sum

from comptoir.catalog.models import Product
from comptoir.core import clock
from comptoir.inventory.ledger import Move, move_stock
from comptoir.inventory.models import Stock, StockMovement, Transfer, Warehouse
from comptoir.inventory.reservations import lock_stock, make_stock_rows
from comptoir.journal.audit import record_change

State = Transfer.State


class CannotTransfer(ValueError):  # noqa: N818
    """`code`: units, place, kit, promised (more than is free there), state (it is not in this state any more)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@transaction.atomic
def ask_transfer(
    *, product: Product, source: Warehouse, target: Warehouse, units: int, actor: str,
    expected_date: date | None = None, note: str = "",
) -> Transfer:  # fmt: skip
    """Nothing moves yet. Raises CannotTransfer."""
    if product.is_kit:
        raise CannotTransfer("kit")
    if source == target:
        raise CannotTransfer("place")
    if units <= 0:
        raise CannotTransfer("units")
    made = Transfer.objects.create(
        product=product, source=source, target=target, units=units, expected_date=expected_date, note=note,
        asked_by=actor, asked_at=clock.now(),
    )  # fmt: skip
    _note(made, "transfer.asked", actor)
    return made


@transaction.atomic
def send_transfer(transfer_id: int, *, actor: str) -> Transfer:
    """The units leave, and are in no stock until they are received. What is promised to orders stays.

    Raises CannotTransfer, Transfer.DoesNotExist.
    """
    found = _locked(transfer_id, State.ASKED)
    make_stock_rows([found.product_id], found.target_id)  # what is awaited there is shown there
    lock_stock([found.product_id], found.source_id)
    stock = Stock.objects.get(product=found.product_id, warehouse=found.source_id)
    if stock.on_hand - stock.reserved < found.units:
        raise CannotTransfer("promised")
    _move(found, found.source_id, -found.units, actor)
    found.state, found.sent_at = State.SENT, clock.now()
    found.save(update_fields=["state", "sent_at"])
    _note(found, "transfer.sent", actor)
    return found


@transaction.atomic
def receive_transfer(transfer_id: int, units: int, *, actor: str) -> Transfer:
    """`units`: how many came, no more than were sent; the others are lost. Raises CannotTransfer."""
    found = _locked(transfer_id, State.SENT)
    if not 0 <= units <= found.units:
        raise CannotTransfer("units")
    lock_stock([found.product_id], found.target_id)
    _move(found, found.target_id, units, actor)
    found.state, found.received_units, found.closed_at = State.RECEIVED, units, clock.now()
    found.save(update_fields=["state", "received_units", "closed_at"])
    _note(found, "transfer.received", actor)
    return found


@transaction.atomic
def cancel_transfer(transfer_id: int, *, actor: str) -> Transfer:
    """Only what has not left. Raises CannotTransfer."""
    found = _locked(transfer_id, State.ASKED)
    found.state, found.closed_at = State.CANCELLED, clock.now()
    found.save(update_fields=["state", "closed_at"])
    _note(found, "transfer.cancelled", actor)
    return found


def in_transit(product_ids: Sequence[int]) -> dict[tuple[int, int], int]:
    """(product, warehouse where they are awaited) → units that are on their way."""
    rows = Transfer.objects.filter(product__in=product_ids, state=State.SENT).order_by()
    sums = rows.values_list("product_id", "target_id").annotate(Sum("units"))
    return {(product, target): units for product, target, units in sums}


def _locked(transfer_id: int, state: str) -> Transfer:
    found = Transfer.objects.select_for_update(of=("self",)).select_related("product", "source", "target")
    transfer = found.get(pk=transfer_id)
    if transfer.state != state:
        raise CannotTransfer("state")
    return transfer


def _move(transfer: Transfer, warehouse_id: int, units: int, actor: str) -> None:
    reason = StockMovement.Reason.TRANSFER
    move = Move(transfer.product_id, warehouse_id, units, reason, clock.now(),
                reference=f"transfer {transfer.pk}", actor=actor)  # fmt: skip
    move_stock([move])


def _note(transfer: Transfer, action: str, actor: str) -> None:
    record_change(
        actor=actor, action=action, subject_kind="transfer", subject=str(transfer.pk),
        after={"sku": transfer.product.sku, "from": transfer.source.code, "to": transfer.target.code,
               "units": transfer.units, "received": transfer.received_units},
    )  # fmt: skip
