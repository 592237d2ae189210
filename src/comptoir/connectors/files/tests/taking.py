"""The hub's flow in five lines: read, store with the cursor, acknowledge."""

from __future__ import annotations

from comptoir.connectors.files import FilesConnection
from comptoir.sdk.records import StockBatch


def take_all(connection: FilesConnection, cursor: str = "") -> tuple[list[StockBatch], str]:
    """As the flow does: each batch stored with its cursor, then acknowledged."""
    batches = []
    for batch in connection.stock_batches(cursor):
        batches.append(batch)
        cursor = batch.cursor
        connection.acknowledge(batch.key, batch.rejected)
    return batches, cursor


def told(batches: list[StockBatch]) -> list[tuple[str, dict[str, int]]]:
    return [(batch.key, {level.sku: level.quantity for level in batch.levels}) for batch in batches]
