"""`purchase_orders` to the ERP, one row per line; `purchase_status` from it, one row per article received."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Final, Literal

from comptoir.connectors.files.cells import Row
from comptoir.connectors.files.export_file import Dialect, ExportRow, Writer
from comptoir.sdk.errors import RejectedRecord
from comptoir.sdk.purchasing import ErpPurchaseOrder, ErpPurchaseState

MAX_REFERENCE: Final = 17
KEY: Final = "reference"
HEADER: Final = (
    *(
        "reference",
        "supplier",
        "supplier_code",
        "warehouse",
        "ordered_on",
        "expected_on",
        "currency",
        "comment",
    ),
    *("line_number", "lines", "sku", "supplier_sku", "title", "quantity", "unit_price"),
)
REQUIRED: Final = ("reference", "status", "changed_at")
Status = Literal["ordered", "partially_received", "received", "cancelled"]
_STATUSES: Final[dict[str, Status]] = {
    "ordered": "ordered",
    "partially_received": "partially_received",
    "received": "received",
    "cancelled": "cancelled",
}


def build_purchase_order(item: ErpPurchaseOrder, dialect: Dialect) -> Iterator[ExportRow]:
    """RejectedRecord, named by the order's reference, when one of its values cannot be sent."""
    writer = Writer(dialect, item.reference)
    if not item.lines:
        raise RejectedRecord(f"{item.reference}: an order without lines.", record_id=item.reference)
    head = (
        writer.identifier("reference", item.reference, max_length=MAX_REFERENCE),
        writer.text(item.supplier),
        writer.text(item.supplier_code),
        writer.text(item.warehouse),
        item.ordered_on.isoformat(),
        item.expected_on.isoformat() if item.expected_on else "",
        writer.identifier("currency", item.currency),
        writer.text(item.comment),
    )
    for line in item.lines:
        yield ExportRow(
            item.reference,
            (
                *head,
                writer.quantity("line_number", line.line_number),
                str(len(item.lines)),
                writer.identifier("sku", line.sku),
                writer.text(line.supplier_sku),
                writer.text(line.title),
                writer.quantity("quantity", line.quantity),
                writer.unit_price("unit_price", line.unit_price),
            ),
        )


def parse_purchase_state(row: Row) -> ErpPurchaseState:
    status = _STATUSES.get(row.needed("status").lower())
    if status is None:
        raise RejectedRecord(f"{row.text('status')!r} is no status of this contract.", code="unknown_status")
    sku, units = row.text("sku"), row.quantity("received", default=0)
    if units < 0:
        raise RejectedRecord(f"received is below zero: {units}.", code="bad_quantity")
    return ErpPurchaseState(
        order_reference=row.needed("reference"), document=row.text("document"), status=status,
        received={sku: units} if sku else {}, changed_at=row.needed_instant("changed_at"),
        message=row.text("message"), line=row.line,
    )  # fmt: skip


def whole_states(rows: Iterable[ErpPurchaseState]) -> list[ErpPurchaseState]:
    """Rows of one order that follow each other with one status and instant are one word."""
    found = []
    for _, group in groupby(rows, key=lambda one: (one.order_reference, one.status, one.changed_at)):
        same = list(group)
        first = same[0]
        received = {sku: units for one in same for sku, units in one.received.items()}
        found.append(
            ErpPurchaseState(
                order_reference=first.order_reference, document=first.document, status=first.status,
                received=received, changed_at=first.changed_at, message=first.message, line=first.line,
            )
        )  # fmt: skip
    return found
