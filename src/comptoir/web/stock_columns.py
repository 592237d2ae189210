"""The columns of the export of stock."""

from __future__ import annotations

from django.utils.translation import gettext

from comptoir.catalog.models import Product
from comptoir.web.csv_export import Column, Value


def stock_columns() -> list[Column[Product]]:
    return [
        ("SKU", lambda p: p.sku),
        (gettext("Title"), lambda p: p.title),
        (gettext("On hand"), lambda p: _units(p, "on_hand")),
        (gettext("Reserved"), lambda p: _units(p, "reserved")),
        (gettext("Incoming"), lambda p: _units(p, "incoming")),
    ]


def _units(product: Product, name: str) -> Value:
    """As `queries.stock.summed` annotated it."""
    units: int = getattr(product, f"units_{name}")
    return units
