"""Octopia's order states in ours. The same words serve orders and lines.

Source: Lengow's public mapping, checked by third parties on live orders. `Accepted` is not yet
shippable: "final marketplace controls" run for several tens of minutes before `InPreparation`.
`Rejected` is an order that failed the marketplace's controls, `Refused` one that we declined or did not
answer: neither is a sale.
"""

from __future__ import annotations

from comptoir.sdk.statuses import OrderStatus

ORDER_STATUSES: dict[str, OrderStatus] = {
    "Processing": OrderStatus.PENDING,
    "WaitingAcceptance": OrderStatus.TO_ACCEPT,
    "Accepted": OrderStatus.ACCEPTED,
    "InPreparation": OrderStatus.TO_SHIP,
    "Shipped": OrderStatus.SHIPPED,
    "Delivered": OrderStatus.DELIVERED,
    "Refused": OrderStatus.REFUSED,
    "Cancelled": OrderStatus.CANCELLED,
    "Rejected": OrderStatus.CANCELLED,
}
WAITING = "WaitingAcceptance"
IN_PREPARATION = "InPreparation"
ACCEPTED_CODES = frozenset({"Accepted", "InPreparation", "Shipped", "Delivered"})
NOT_YET_SHIPPABLE = frozenset({"Processing", "WaitingAcceptance", "Accepted"})
SHIPPED_CODES = frozenset({"Shipped", "Delivered"})
CANCELLED_CODES = frozenset({"Cancelled", "Refused", "Rejected"})


def translate_status(code: str) -> OrderStatus:
    return ORDER_STATUSES.get(code, OrderStatus.UNKNOWN)


def line_status(code: str, *, has_left: bool) -> OrderStatus:
    """A line cancelled after its parcel left is a full refund: Shipped → Cancelled is how Octopia says it."""
    if code == "Cancelled" and has_left:
        return OrderStatus.REFUNDED
    return translate_status(code)


def order_status(code: str, lines: list[OrderStatus]) -> OrderStatus:
    """The order's own state, told apart where its lines say more."""
    status = translate_status(code)
    live = [line for line in lines if line not in (OrderStatus.CANCELLED, OrderStatus.REFUSED)]
    if status is OrderStatus.TO_SHIP and OrderStatus.SHIPPED in live and OrderStatus.TO_SHIP in live:
        return OrderStatus.PARTIALLY_SHIPPED
    if code == "Cancelled" and live and all(line is OrderStatus.REFUNDED for line in live):
        return OrderStatus.REFUNDED
    return status
