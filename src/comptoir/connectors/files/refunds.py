"""`refunds` to the ERP: one row per refunded line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from comptoir.connectors.files.export_file import Dialect, ExportRow, Writer
from comptoir.sdk.errors import RejectedRecord
from comptoir.sdk.records import ErpRefund

KEY: Final = "refund_id"

HEADER: Final = (
    *("reference", "line_number", "line_reference", "sku", "quantity", "amount", "currency"),
    *("reason", "refunded_at", "refund_id"),
)


def build_refund(item: ErpRefund, dialect: Dialect) -> Iterator[ExportRow]:
    """`quantity` may be 0: money given back without a unit coming back."""
    writer = Writer(dialect, item.refund_id)
    if item.quantity < 0:
        raise RejectedRecord(f"{item.refund_id}: quantity below zero.", record_id=item.refund_id)
    cells = (
        writer.identifier("reference", item.order_reference),
        writer.quantity("line_number", item.line_number),
        writer.identifier("line_reference", item.line_id),
        writer.identifier("sku", item.sku),
        str(item.quantity),
        writer.amount("amount", item.amount),
        writer.identifier("currency", item.currency),
        writer.text(item.reason),
        writer.instant("refunded_at", item.refunded_at),
        writer.identifier("refund_id", item.refund_id),
    )
    yield ExportRow(item.refund_id, cells)
