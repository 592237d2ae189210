"""What a kit is made of: it has no stock of its own, its components have."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from comptoir.catalog.models import KitComponent, Product
from comptoir.inventory.models import Reservation, Stock
from comptoir.journal.audit import record_change


class CannotCompose(ValueError):  # noqa: N818
    """`code`: own_stock, is_component, nested, promised. Why this product cannot be made of these."""

    def __init__(self, code: str, sku: str) -> None:
        super().__init__(f"{code}: {sku}")
        self.code, self.sku = code, sku


@transaction.atomic
def compose_kit(product_id: int, parts: Mapping[int, int], *, actor: str) -> None:
    """`parts`: component's id → units in one kit; none makes it a plain article again.

    Orders that were taken before keep what they reserved: refused while any does. Raises CannotCompose.
    """
    locked = Product.objects.select_for_update(no_key=True).filter(pk__in={product_id, *parts}).order_by("pk")
    products = {product.pk: product for product in locked}
    kit = products[product_id]
    before = dict(kit.components.values_list("component__sku", "quantity"))
    after = {products[pk].sku: units for pk, units in parts.items()}
    if before == after:
        return
    _check(kit, [products[pk] for pk in parts])
    kit.components.all().delete()
    KitComponent.objects.bulk_create(
        KitComponent(kit=kit, component_id=pk, quantity=units) for pk, units in sorted(parts.items())
    )
    kit.is_kit = bool(parts)
    kit.save(update_fields=["is_kit"])
    record_change(actor=actor, action="product.kit", subject_kind="product", subject=kit.sku,
                  before=before, after=after)  # fmt: skip


def _check(kit: Product, parts: list[Product]) -> None:
    if parts and Stock.objects.filter(product=kit).exclude(on_hand=0, incoming=0).exists():
        raise CannotCompose("own_stock", kit.sku)
    if parts and kit.kits.exists():
        raise CannotCompose("is_component", kit.sku)
    for part in parts:
        if part.is_kit or part.pk == kit.pk:
            raise CannotCompose("nested", part.sku)
    if Reservation.objects.filter(order_line__product=kit).exists():
        raise CannotCompose("promised", kit.sku)
