"""`stock` from the ERP: physical units per warehouse."""

from __future__ import annotations

from typing import Final

from comptoir.connectors.files.cells import Row
from comptoir.sdk.errors import RejectedRecord
from comptoir.sdk.records import StockLevel

REQUIRED: Final = ("sku", "warehouse", "quantity")
KEY: Final = "sku"


def parse_stock_level(row: Row) -> StockLevel:
    return StockLevel(
        sku=row.needed("sku"),
        warehouse=row.needed("warehouse"),
        quantity=_units(row, "quantity"),
        incoming=_units(row, "incoming", default=0),
    )


def _units(row: Row, column: str, *, default: int | None = None) -> int:
    units = row.quantity(column, default=default)
    if units < 0:
        raise RejectedRecord(f"{column} is below zero: {units}.", code="negative_stock")
    return units
