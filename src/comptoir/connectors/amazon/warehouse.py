"""What Amazon's own warehouses hold of ours (FBA inventory v1). Never part of our own stock.

The token of the next page is good for thirty seconds, and the same summed figure is given for every
marketplace of a pan-European account.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from comptoir.connectors.amazon.client import AmazonClient, Params
from comptoir.connectors.amazon.payload import Pagination, Payload
from comptoir.sdk.records import Record

_PATH = "/fba/inventory/v1/summaries"


class _Details(Payload, frozen=True, kw_only=True):
    fulfillable_quantity: int | None = None
    inbound_working_quantity: int | None = None
    inbound_shipped_quantity: int | None = None
    inbound_receiving_quantity: int | None = None


class Summary(Payload, frozen=True, kw_only=True):
    seller_sku: str | None = None
    asin: str | None = None
    total_quantity: int | None = None
    inventory_details: _Details | None = None


class _Result(Payload, frozen=True, kw_only=True):
    inventory_summaries: list[Summary]


class _Page(Payload, frozen=True, kw_only=True):
    payload: _Result
    pagination: Pagination | None = None


class WarehouseLevel(Record, frozen=True, kw_only=True):
    sku: str
    asin: str
    sellable: int
    total: int
    incoming: int


def warehouse_levels(client: AmazonClient, marketplace_id: str) -> Iterator[Sequence[WarehouseLevel]]:
    params: dict[str, str | bool | list[str]] = {
        "granularityType": "Marketplace",
        "granularityId": marketplace_id,
        "marketplaceIds": [marketplace_id],
        "details": True,
    }
    token = ""
    while True:
        asked: Params = {**params, "nextToken": token}
        page = client.get("getInventorySummaries", _PATH, asked).json(_Page)
        yield tuple(_level(one) for one in page.payload.inventory_summaries if one.seller_sku)
        token = (page.pagination.next_token if page.pagination else None) or ""
        if not token:
            return


def _level(one: Summary) -> WarehouseLevel:
    details = one.inventory_details or _Details()
    coming = (
        details.inbound_working_quantity,
        details.inbound_shipped_quantity,
        details.inbound_receiving_quantity,
    )
    return WarehouseLevel(
        sku=one.seller_sku or "",
        asin=one.asin or "",
        sellable=details.fulfillable_quantity or 0,
        total=one.total_quantity or 0,
        incoming=sum(quantity or 0 for quantity in coming),
    )
