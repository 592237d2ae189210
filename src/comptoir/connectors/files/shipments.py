"""`shipments` from the ERP: what left, line by line and parcel by parcel."""

from __future__ import annotations

from typing import Final

from comptoir.connectors.files.cells import Row
from comptoir.sdk.errors import RejectedRecord
from comptoir.sdk.records import ErpShipmentLine, Parcel

REQUIRED: Final = ("reference", "shipment_id", "line_reference", "sku", "quantity", "shipped_at")
KEY: Final = "shipment_id"


def parse_shipment_line(row: Row) -> ErpShipmentLine:
    return ErpShipmentLine(
        order_reference=row.needed("reference"),
        shipment_id=row.needed("shipment_id"),
        line_id=row.needed("line_reference"),
        sku=row.needed("sku"),
        quantity=_units(row),
        warehouse=row.text("warehouse"),
        parcel=Parcel(
            carrier=row.text("carrier").upper(),
            tracking_number=row.text("tracking_number"),
            tracking_url=row.text("tracking_url"),
        ),
        shipped_at=row.needed_instant("shipped_at"),
        line=row.line,
    )


def _units(row: Row) -> int:
    units = row.quantity("quantity")
    if units < 1:
        raise RejectedRecord(f"quantity is not above zero: {units}.", code="bad_quantity")
    return units
