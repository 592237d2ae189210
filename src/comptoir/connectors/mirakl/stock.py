"""STO01: quantities, and nothing but quantities.

OF24 would do it too, but resets every field that it is not sent: price reductions, delays, descriptions.
Where an operator has no STO01 there is no safe way to tell a quantity alone, and the connector says so.
"""

from __future__ import annotations

from collections.abc import Sequence

from comptoir.connectors.mirakl.client import MiraklClient
from comptoir.connectors.mirakl.csv_files import write_csv
from comptoir.connectors.mirakl.imports import receipt
from comptoir.sdk.errors import RejectedRecord
from comptoir.sdk.records import Receipt, StockUpdate

BATCH = 20_000
"""Lines of one file: one call a minute is allowed, no size is documented."""
_HEADER = ("offer-sku", "quantity", "warehouse-code", "update-delete")
_ABSENT = frozenset({404, 405})


def submit_stock(client: MiraklClient, updates: Sequence[StockUpdate]) -> Receipt:
    try:
        answer = client.upload("STO01", "stock.csv", build_stock(updates))
    except RejectedRecord as error:
        if error.status not in _ABSENT:
            raise
        raise RejectedRecord(
            "This marketplace has no import of stock alone (STO01): quantities can only be sent with whole"
            " offers. Ask the marketplace to open it.",
            code="STO01_UNAVAILABLE",
        ) from error
    return receipt("STO01", answer.body)


def build_stock(updates: Sequence[StockUpdate]) -> bytes:
    """Lines of one offer stand together, as STO01 asks. RejectedRecord for a negative quantity."""
    for update in updates:
        if update.quantity < 0:
            raise RejectedRecord(
                f"{update.sku}: the quantity {update.quantity} is below zero.", record_id=update.sku
            )
    ordered = sorted(updates, key=lambda update: update.sku)
    return write_csv(_HEADER, ((one.sku, one.quantity, one.warehouse, "update") for one in ordered))
