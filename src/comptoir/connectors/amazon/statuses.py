"""Amazon's order statuses (Orders API 2026-01-01, `FulfillmentStatus`) in ours.

The names of v0 are here too: the ORDER_CHANGE notification still uses them.
"""

from __future__ import annotations

from comptoir.sdk.statuses import OrderStatus

ORDER_STATUSES: dict[str, OrderStatus] = {
    "PENDING_AVAILABILITY": OrderStatus.PENDING,
    "PENDING": OrderStatus.PENDING,
    "UNSHIPPED": OrderStatus.TO_SHIP,
    "PARTIALLY_SHIPPED": OrderStatus.PARTIALLY_SHIPPED,
    "SHIPPED": OrderStatus.SHIPPED,
    "CANCELLED": OrderStatus.CANCELLED,
    # Amazon will never ship it: an order of its own warehouse that was placed outside its shop.
    "UNFULFILLABLE": OrderStatus.CANCELLED,
}
V0_STATUSES: dict[str, OrderStatus] = {
    "PendingAvailability": OrderStatus.PENDING,
    "Pending": OrderStatus.PENDING,
    "InvoiceUnconfirmed": OrderStatus.PENDING,
    "Unshipped": OrderStatus.TO_SHIP,
    "PartiallyShipped": OrderStatus.PARTIALLY_SHIPPED,
    "Shipped": OrderStatus.SHIPPED,
    "Canceled": OrderStatus.CANCELLED,
    "Unfulfillable": OrderStatus.CANCELLED,
}


def order_status(code: str) -> OrderStatus:
    """UNKNOWN for a code of tomorrow."""
    return ORDER_STATUSES.get(code) or V0_STATUSES.get(code) or OrderStatus.UNKNOWN
