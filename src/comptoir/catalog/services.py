"""Products as the ERP tells them: taken in bulk, changed only where something differs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from comptoir.catalog.kits import record_kits
from comptoir.catalog.models import Supplier
from comptoir.catalog.ownership import hub_columns, hub_fields
from comptoir.core import clock
from comptoir.core.bulk import execute, fetch, stage_rows
from comptoir.sdk.records import Product

_COLUMNS = ("sku", "title", "brand", "family", "list_price", "currency", "vat_rate", "weight_g",
            "length_mm", "width_mm", "height_mm", "active")  # fmt: skip
_NAMES = ", ".join(_COLUMNS)
_SUPPLIERS = """
UPDATE catalog_product p SET supplier_id = s.id FROM told_supplier told, catalog_supplier s
WHERE p.sku = told.sku AND s.name = told.title AND p.supplier_id IS DISTINCT FROM s.id
"""
_BARCODES = """
INSERT INTO catalog_barcode (product_id, code)
SELECT DISTINCT ON (told.code) p.id, told.code
FROM unnest(%s::text[], %s::text[]) AS told (sku, code) JOIN catalog_product p ON p.sku = told.sku
ON CONFLICT (code) DO NOTHING
"""
# A new row only where the price differs from the newest one: that is its history.
_PRICES = """
INSERT INTO catalog_purchaseprice (product_id, supplier_id, price, currency, valid_from)
SELECT p.id, p.supplier_id, told.price, told.currency, %s
FROM unnest(%s::text[], %s::numeric[], %s::text[]) AS told (sku, price, currency)
JOIN catalog_product p ON p.sku = told.sku
LEFT JOIN LATERAL (SELECT price, currency FROM catalog_purchaseprice known WHERE known.product_id = p.id
                   ORDER BY valid_from DESC LIMIT 1) known ON true
WHERE (known.price, known.currency) IS DISTINCT FROM (told.price, told.currency)
ON CONFLICT (product_id, valid_from) DO NOTHING
"""


MAX_SKU = 80
_LARGEST = Decimal(999_999_999_999)
_LARGEST_SIZE = 2**31 - 1


@dataclass
class CatalogImport:
    changed: list[int] = field(default_factory=list)
    unchanged: int = 0
    refused: dict[int, str] = field(default_factory=dict)
    """Products that were not taken, by their place in what was given, and why."""


def record_products(products: Sequence[Product]) -> CatalogImport:
    """Create and update products, barcodes, suppliers and purchase prices. Call inside a transaction.

    One that the tables cannot hold is left out alone: a SKU cut to fit would be another article's.
    """
    refused = {place: why for place, product in enumerate(products) if (why := _fault(product))}
    newest = list({p.sku: p for place, p in enumerate(products) if place not in refused}.values())
    now = clock.now()
    stage_rows("told_product", _COLUMNS, (_row(p) for p in newest), like="catalog_product")
    ours = hub_fields()
    changed = [row[0] for row in fetch(_upsert(hub_columns(ours)), {"now": now})]
    if "supplier" not in ours:
        _record_suppliers(newest)
    coded = [p for p in newest if p.ean and "barcode" not in ours]
    execute(_BARCODES, [[p.sku for p in coded], [p.ean for p in coded]])
    priced = [p for p in newest if p.purchase_price is not None and "purchase_price" not in ours]
    execute(
        _PRICES,
        [
            now,
            [p.sku for p in priced],
            [p.purchase_price for p in priced],
            [p.purchase_currency for p in priced],
        ],
    )
    changed += [pk for pk in record_kits(newest) if pk not in set(changed)]
    return CatalogImport(changed, max(len(newest) - len(changed), 0), refused)


def absent_products(known: Sequence[str]) -> list[str]:
    """SKUs of active articles that are not among `known`; kits are the hub's own and do not count."""
    rows = fetch(
        "SELECT sku FROM catalog_product p WHERE active AND NOT is_kit AND NOT EXISTS"
        " (SELECT FROM unnest(%s::text[]) AS told (sku) WHERE told.sku = p.sku) ORDER BY sku",
        [list(known)],
    )
    return [] if "active" in hub_fields() else [row[0] for row in rows]


def retire_products(skus: Sequence[str]) -> list[int]:
    """They are no longer active; nothing of them is deleted, for orders name them. Their ids."""
    rows = fetch(
        "UPDATE catalog_product SET active = false, updated_at = %s WHERE sku = ANY(%s) AND active RETURNING id",
        [clock.now(), list(skus)],
    )
    return [row[0] for row in rows]


def _fault(product: Product) -> str:
    if not 0 < len(product.sku) <= MAX_SKU:
        return f"A SKU has 1 to {MAX_SKU} characters, not {len(product.sku)}: {product.sku[:30]}…"
    if len(product.ean) > 14:
        return f"{product.sku}: {product.ean[:30]!r} is no barcode."
    texts = (product.sku, product.title, product.brand, product.family, product.supplier, product.ean)
    if any(units < 1 or not 0 < len(sku) <= MAX_SKU for sku, units in (product.components or {}).items()):
        return f"{product.sku}: a component of the kit has no possible reference or number of units."
    if any("\x00" in text for text in texts):
        return f"{product.sku!r}: a text holds a NUL character."
    if not (len(product.currency) == 3 == len(product.purchase_currency)):
        return f"{product.sku}: {product.currency[:9]!r} or {product.purchase_currency[:9]!r} is no currency code."
    if product.vat_rate is not None and not (product.vat_rate.is_finite() and 0 <= product.vat_rate <= 100):
        return f"{product.sku}: the VAT rate {product.vat_rate} is not possible."
    sizes = (product.weight_g, product.length_mm, product.width_mm, product.height_mm)
    if any(size is not None and not 0 <= size <= _LARGEST_SIZE for size in sizes):
        return f"{product.sku}: its weight or one of its sizes is not possible."
    for amount in (product.list_price, product.purchase_price):
        if amount is not None and not (amount.is_finite() and 0 <= amount < _LARGEST):
            return f"{product.sku}: the price {amount} is not possible."
    return ""


def _upsert(ours: frozenset[str]) -> str:
    """New articles whole; of known ones, what the hub does not own."""
    columns = [name for name in _COLUMNS if name not in ours]
    names = ", ".join(columns)
    known = ", ".join(f"known.{name}" for name in columns)
    told = ", ".join(f"excluded.{name}" for name in columns)
    return f"""
    INSERT INTO catalog_product AS known ({_NAMES}, is_kit, created_at, updated_at)
    SELECT {_NAMES}, false, %(now)s, %(now)s FROM told_product
    ON CONFLICT (sku) DO UPDATE SET ({names}, updated_at) = ROW ({told}, %(now)s)
    WHERE ROW ({known}) IS DISTINCT FROM ROW ({told})
    RETURNING id, sku
    """  # noqa: S608 - names from our own tuple


def _record_suppliers(products: Sequence[Product]) -> None:
    named = [(p.sku, p.supplier[:150]) for p in products if p.supplier]
    if not named:
        return
    Supplier.objects.bulk_create(
        [Supplier(name=n) for n in sorted({n for _, n in named})], ignore_conflicts=True
    )
    stage_rows("told_supplier", ("sku", "title"), named, like="catalog_product")
    execute(_SUPPLIERS)


def _row(product: Product) -> tuple[object, ...]:
    return (
        product.sku, product.title[:300], product.brand[:120], product.family[:120], product.list_price,
        product.currency, product.vat_rate, product.weight_g, product.length_mm, product.width_mm,
        product.height_mm, product.active,
    )  # fmt: skip
