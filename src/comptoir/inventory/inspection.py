"""What comes back: into a place that sells nothing, until a person accepts it or scraps it."""

from __future__ import annotations

from django.db import transaction

from comptoir.catalog.models import Product
from comptoir.core import clock
from comptoir.inventory.ledger import Move, move_stock
from comptoir.inventory.models import Stock, StockMovement, Warehouse
from comptoir.inventory.reservations import default_warehouse, lock_stock, make_stock_rows
from comptoir.journal.audit import record_change

Reason = StockMovement.Reason


class CannotInspect(ValueError):  # noqa: N818
    """`code`: units, kit (a kit comes back as its parts), place (units are accepted where they can be sold)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def inspection_place() -> Warehouse:
    """Made at the first need; it never sells."""
    found = Warehouse.objects.filter(inspects=True).order_by("priority", "id").first()
    return (
        found
        or Warehouse.objects.get_or_create(
            code="RETURNS",
            defaults={"name": "Returns to inspect", "sellable": False, "inspects": True, "priority": 1000},
        )[0]
    )


@transaction.atomic
def receive_return(*, product: Product, units: int, reference: str, actor: str) -> None:
    """Units came back: they are there, and not for sale. Raises CannotInspect."""
    if product.is_kit:
        raise CannotInspect("kit")
    if units <= 0:
        raise CannotInspect("units")
    place = inspection_place()
    lock_stock([product.pk], place.pk)
    move_stock([Move(product.pk, place.pk, units, Reason.RETURN, clock.now(), reference[:120], actor=actor)])
    record_change(actor=actor, action="return.received", subject_kind="product", subject=product.sku,
                  after={"units": units, "reference": reference})  # fmt: skip


@transaction.atomic
def judge_return(
    *,
    product: Product,
    place: Warehouse,
    accepted: int,
    scrapped: int,
    to: Warehouse | None = None,
    actor: str,
) -> None:
    """Of the units at `place`: `accepted` go on sale at `to` (the first warehouse), `scrapped` are no more.

    Raises CannotInspect.
    """
    to = to or default_warehouse()
    if not place.inspects or not to.sellable:
        raise CannotInspect("place")
    make_stock_rows([product.pk], to.pk)
    lock_stock([product.pk], place.pk)
    there = Stock.objects.get(product=product, warehouse=place).on_hand
    if accepted < 0 or scrapped < 0 or not 0 < accepted + scrapped <= there:
        raise CannotInspect("units")
    now = clock.now()
    move_stock(
        [
            Move(product.pk, place.pk, -accepted, Reason.RETURN, now, "accepted", actor=actor),
            Move(product.pk, to.pk, accepted, Reason.RETURN, now, "accepted", actor=actor),
            Move(product.pk, place.pk, -scrapped, Reason.SCRAP, now, "scrapped", actor=actor),
        ]
    )
    record_change(actor=actor, action="return.judged", subject_kind="product", subject=product.sku,
                  after={"accepted": accepted, "scrapped": scrapped, "to": to.code})  # fmt: skip


def to_inspect() -> list[Stock]:
    found = Stock.objects.filter(warehouse__inspects=True, on_hand__gt=0)
    return list(found.select_related("product", "warehouse").order_by("product__sku", "warehouse_id"))
