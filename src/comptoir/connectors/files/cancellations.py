"""`cancellations` to the ERP: one row per cancelled line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from comptoir.connectors.files.export_file import Dialect, ExportRow, Writer
from comptoir.sdk.records import ErpCancellation

KEY: Final = "cancellation_id"

HEADER: Final = (
    *("reference", "line_number", "line_reference", "sku", "quantity", "reason"),
    *("cancelled_at", "cancellation_id"),
)


def build_cancellation(item: ErpCancellation, dialect: Dialect) -> Iterator[ExportRow]:
    writer = Writer(dialect, item.cancellation_id)
    cells = (
        writer.identifier("reference", item.order_reference),
        writer.quantity("line_number", item.line_number),
        writer.identifier("line_reference", item.line_id),
        writer.identifier("sku", item.sku),
        writer.quantity("quantity", item.quantity),
        writer.text(item.reason),
        writer.instant("cancelled_at", item.cancelled_at),
        writer.identifier("cancellation_id", item.cancellation_id),
    )
    yield ExportRow(item.cancellation_id, cells)
