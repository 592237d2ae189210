"""Looking at orders as they are now: before a write that must not be done twice, after a refusal."""

from __future__ import annotations

from collections.abc import Sequence

from comptoir.connectors.mirakl.client import MiraklClient
from comptoir.connectors.mirakl.orders import read_payload
from comptoir.connectors.mirakl.payloads import LinePayload, OrderPayload, PagePayload
from comptoir.sdk.errors import RejectedRecord

CHUNK = 100
"""Values of one list parameter that Mirakl accepts."""


def find_orders(client: MiraklClient, order_ids: Sequence[str]) -> dict[str, OrderPayload]:
    """By id; unknown ones are absent. One order's page display: no frequency is asked for it."""
    found: dict[str, OrderPayload] = {}
    for first in range(0, len(order_ids), CHUNK):
        asked = ",".join(order_ids[first : first + CHUNK])
        page = client.get("OR11", {"order_ids": asked, "max": CHUNK}, throttled=False).json(PagePayload)
        found |= {order.order_id: order for order in map(read_payload, page.orders) if order.order_id}
    return found


def look_at(client: MiraklClient, order_id: str) -> OrderPayload:
    """The order as it is now; an empty one when the marketplace does not know it."""
    return find_orders(client, [order_id]).get(order_id) or OrderPayload()


def find_order(client: MiraklClient, order_id: str) -> OrderPayload:
    """RejectedRecord when the marketplace does not know it."""
    order = find_orders(client, [order_id]).get(order_id)
    if order is None:
        raise RejectedRecord(f"The marketplace has no order {order_id}.", record_id=order_id)
    return order


def lines_of(order: OrderPayload) -> dict[str, LinePayload]:
    return {line.order_line_id: line for line in order.order_lines or () if line and line.order_line_id}
