"""Orders to suppliers: written by a person or by restocking, sent to the ERP once, followed until all is there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection, transaction

from comptoir.catalog.models import Product, PurchasePrice, Supplier
from comptoir.core import clock
from comptoir.core.bulk import fetch
from comptoir.finance.models import PurchaseLine, PurchaseOrder
from comptoir.journal.audit import record_change
from comptoir.sdk.money import ZERO

State = PurchaseOrder.State
PREFIX = "PO-"
MOST_UNITS = 1_000_000
MOST_LINES = 1_000


class CannotOrder(ValueError):  # noqa: N818
    """The order to the supplier cannot be written or sent as it is; says why."""


@dataclass(frozen=True)
class Wanted:
    """One article. Without a price: the newest purchase price that is known."""

    product: Product
    quantity: int
    unit_price: Decimal | None = None
    supplier_sku: str = ""


@transaction.atomic
def create_purchase_order(
    *, supplier: Supplier, lines: Sequence[Wanted], actor: str, warehouse: str = "", supplier_code: str = "",
    expected_on: date | None = None, comment: str = "",
) -> PurchaseOrder:  # fmt: skip
    """A draft: nothing leaves before `send_purchase_order`. Raises CannotOrder."""
    _check(lines)
    now = clock.now()
    order = PurchaseOrder.objects.create(
        reference=_next_reference(), supplier=supplier, supplier_code=supplier_code[:40], warehouse=warehouse[:40],
        expected_on=expected_on, comment=comment[:200], created_by=actor, created_at=now, updated_at=now,
    )  # fmt: skip
    prices = _prices([line.product.pk for line in lines])
    PurchaseLine.objects.bulk_create(
        PurchaseLine(
            order=order, line_number=number, product=line.product, quantity=line.quantity,
            supplier_sku=line.supplier_sku[:80],
            unit_price=line.unit_price if line.unit_price is not None else prices.get(line.product.pk, ZERO),
        )
        for number, line in enumerate(lines, start=1)
    )  # fmt: skip
    record_change(actor=actor, action="purchase_order.created", subject_kind="purchase_order",
                  subject=order.reference, after={"supplier": supplier.name, "lines": len(lines)})  # fmt: skip
    return order


@transaction.atomic
def send_purchase_order(order_id: int, *, actor: str) -> PurchaseOrder:
    """To the ERP at the flow's next turn. What the ERP rejected may be sent again, under the same reference."""
    order = PurchaseOrder.objects.select_for_update().get(pk=order_id)
    if order.state not in (State.DRAFT, State.REJECTED):
        raise CannotOrder(f"{order.reference} is {order.get_state_display()}")
    _move(order, State.TO_SEND, actor=actor, action="purchase_order.sent")
    return order


@transaction.atomic
def cancel_purchase_order(order_id: int, *, actor: str) -> PurchaseOrder:
    """Of one that the ERP does not have. What it has is cancelled there, and the word comes back."""
    order = PurchaseOrder.objects.select_for_update().get(pk=order_id)
    if order.state not in (State.DRAFT, State.TO_SEND, State.REJECTED):
        raise CannotOrder(f"{order.reference} is {order.get_state_display()}: cancel it in the ERP")
    _move(order, State.CANCELLED, actor=actor, action="purchase_order.cancelled")
    return order


def _move(order: PurchaseOrder, state: State, *, actor: str, action: str) -> None:
    before, order.state, order.message, order.updated_at = order.state, state, "", clock.now()
    order.save(update_fields=["state", "message", "updated_at"])
    record_change(actor=actor, action=action, subject_kind="purchase_order", subject=order.reference,
                  before={"state": before}, after={"state": state.value})  # fmt: skip


def _check(lines: Sequence[Wanted]) -> None:
    if not 0 < len(lines) <= MOST_LINES:
        raise CannotOrder(f"an order to a supplier has 1 to {MOST_LINES} lines")
    if len({line.product.pk for line in lines}) < len(lines):
        raise CannotOrder("an article stands on two lines")
    for line in lines:
        if line.product.is_kit:
            raise CannotOrder(f"{line.product.sku} is a kit: order its components")
        if not 0 < line.quantity <= MOST_UNITS:
            raise CannotOrder(f"{line.product.sku}: {line.quantity} units cannot be ordered")
        price = line.unit_price
        if price is not None and not (price.is_finite() and 0 <= price < Decimal(10) ** 9):
            raise CannotOrder(f"{line.product.sku}: {price} is no price")


def _prices(product_ids: Sequence[int]) -> Mapping[int, Decimal]:
    newest = PurchasePrice.objects.filter(product__in=product_ids).order_by("product", "-valid_from")
    return dict(newest.distinct("product").values_list("product", "price"))


def _next_reference() -> str:
    """Never used again: of the identity's own sequence, which gives a number to nobody else."""
    if not connection.in_atomic_block:
        raise RuntimeError("needs a transaction")
    ((number,),) = fetch("SELECT nextval(pg_get_serial_sequence('finance_purchaseorder', 'id'))")
    return f"{PREFIX}{number}"
