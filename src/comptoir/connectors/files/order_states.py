"""`order_status` from the ERP: what became of the orders it took."""

from __future__ import annotations

from typing import Final, Literal

from comptoir.connectors.files.cells import Row
from comptoir.sdk.errors import RejectedRecord
from comptoir.sdk.records import ErpOrderState

REQUIRED: Final = ("reference", "status", "changed_at")
KEY: Final = "reference"

Status = Literal["received", "preparing", "shipped", "cancelled", "rejected"]
_STATUSES: Final[dict[str, Status]] = {
    "received": "received",
    "preparing": "preparing",
    "shipped": "shipped",
    "cancelled": "cancelled",
    "rejected": "rejected",
}


def parse_order_state(row: Row) -> ErpOrderState:
    return ErpOrderState(
        order_reference=row.needed("reference"),
        document=row.text("document"),
        status=parse_status(row.needed("status")),
        changed_at=row.needed_instant("changed_at"),
        message=row.text("message"),
        line=row.line,
    )


def parse_status(text: str) -> Status:
    """A word that the contract does not have is refused: guessing could close an order."""
    status = _STATUSES.get(text.lower())
    if status is None:
        raise RejectedRecord(f"{text!r} is no status of this contract.", code="unknown_status")
    return status
