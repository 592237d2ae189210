"""Kits as the ERP tells them: an article that ships as others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from comptoir.catalog.models import KitComponent, Product
from comptoir.core import clock
from comptoir.sdk.records import Product as Told


def record_kits(products: Sequence[Told]) -> list[int]:
    """Make these articles kits of what the ERP says: the ids of those that changed. Inside the import's transaction.

    A component that was not told of yet is known by its SKU alone, asleep until its own news comes. Where the ERP
    does not say (None), a kit that was made here stays as it is; `{}` says that an article is no kit any more.
    """
    told = {product.sku: product.components for product in products if product.components is not None}
    kits = {p.sku: p for p in Product.objects.filter(sku__in=told)}
    parts = _parts({sku for components in told.values() for sku in components})
    known: dict[int, dict[int, int]] = defaultdict(dict)
    rows = KitComponent.objects.filter(kit__in=kits.values())
    for owner, component, units in rows.values_list("kit", "component", "quantity"):
        known[owner][component] = units
    changed: list[int] = []
    for sku, components in told.items():
        kit = kits[sku]
        wanted = {parts[name]: units for name, units in components.items() if parts[name] != kit.pk}
        if known[kit.pk] == wanted and kit.is_kit == bool(wanted):
            continue
        KitComponent.objects.filter(kit=kit).delete()
        KitComponent.objects.bulk_create(
            KitComponent(kit=kit, component_id=part, quantity=units) for part, units in wanted.items()
        )
        kit.is_kit, kit.updated_at = bool(wanted), clock.now()
        kit.save(update_fields=["is_kit", "updated_at"])
        changed.append(kit.pk)
    return changed


def _parts(skus: set[str]) -> dict[str, int]:
    now = clock.now()
    known = dict(Product.objects.filter(sku__in=skus).values_list("sku", "pk"))
    Product.objects.bulk_create(
        [
            Product(sku=sku, title=sku, active=False, created_at=now, updated_at=now)
            for sku in sorted(skus - known.keys())
        ],
        ignore_conflicts=True,
    )
    return dict(Product.objects.filter(sku__in=skus).values_list("sku", "pk"))
