"""The life of an order: PENDING → UNSHIPPED → PARTIALLY_SHIPPED → SHIPPED, or CANCELLED before that.

Amazon authorises the payment and delivers by timers of the world; the seller only ships. An order of
Amazon's own warehouse ships itself. A timer that arrives too late does nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from bazaar.amazon.account import Account
from bazaar.amazon.notices import order_changed
from bazaar.amazon.records import Item, Order, Package
from bazaar.amazon.takings import write_cancelled, write_shipped

MINUTE, DAY = 60.0, 86400.0


def start(account: Account, order: Order) -> None:
    order_changed(account, order)
    account.later(account.settings.pending_minutes * MINUTE, "authorise", order_id=order.order_id)


def authorise(account: Account, order_id: str) -> None:
    order = account.orders.get(order_id)
    if order is None or order.state != "PENDING":
        return
    order.state = "UNSHIPPED"
    touch(account, order)
    if order.by_amazon:
        account.later(DAY / 2, "amazon_ships", order_id=order_id)


def amazon_ships(account: Account, order_id: str) -> None:
    order = account.orders.get(order_id)
    if order is None or order.state != "UNSHIPPED":
        return
    lines = {item.item_id: item.open for item in order.items if item.open}
    now = account.now()
    package = Package(
        reference="1",
        carrier="Amazon",
        tracking=f"AMZ{account.number('parcels', 10**8)}",
        method="Standard",
        created_at=now,
        shipped_at=now,
        lines=lines,
    )
    ship(account, order, package, by="operator")


def ship(account: Account, order: Order, package: Package, by: str = "seller") -> None:
    """One more parcel. The caller checked its units."""
    for item_id, quantity in package.lines.items():
        item = order.item(item_id)
        assert item is not None, f"the parcel {package.reference} has an item that its order lacks"
        item.shipped += quantity
    order.packages = {**order.packages, package.reference: package}
    settle_state(order)
    write_shipped(account, order, package)
    _record_lines(account, order, package.lines, by)
    touch(account, order)
    delay = timedelta(days=account.settings.delivery_days).total_seconds()
    account.later(delay, "deliver", order_id=order.order_id, reference=package.reference)


def deliver(account: Account, order_id: str, reference: str) -> None:
    order = account.orders.get(order_id)
    assert order is not None, f"a timer speaks of {order_id}, which this account never had"
    parcel = order.packages[reference]
    values = {name: getattr(parcel, name) for name in parcel.__struct_fields__}
    order.packages = {**order.packages, reference: Package(**{**values, "delivered": True})}
    arrived = order.state == "SHIPPED" and all(one.delivered for one in order.packages.values())
    if arrived:
        shipped = {item.item_id: item.shipped for item in order.items if item.shipped}
        account.world.record(
            "order_delivered", account.key, order_id=order_id, by="carrier", lines=_told(order, shipped)
        )
    touch(account, order)


def cancel(account: Account, order: Order, item: Item, quantity: int, by: str, reason: str) -> None:
    """Units not shipped yet. The caller checked how many."""
    item.cancelled += quantity
    item.cancelled_by = {"buyer": "BUYER", "seller": "MERCHANT"}.get(by, "AMAZON")
    settle_state(order)
    amount = write_cancelled(order, item, quantity)
    account.world.record(
        "order_cancelled",
        account.key,
        order_id=order.order_id,
        sku=item.sku,
        quantity=quantity,
        amount=amount,
        currency=order.currency,
        by=by,
        line_id=item.item_id,
        reason=reason,
    )
    touch(account, order)


def settle_state(order: Order) -> None:
    open_units = sum(item.open for item in order.items)
    shipped = sum(item.shipped for item in order.items)
    if shipped:
        order.state = "PARTIALLY_SHIPPED" if open_units else "SHIPPED"
    elif not open_units:
        order.state = "CANCELLED"


def touch(account: Account, order: Order) -> None:
    """Every change of an order ends here: its lastUpdatedTime moves, it is kept and told."""
    account.orders.put(order, account.now())
    order_changed(account, order)


def _record_lines(account: Account, order: Order, units: Mapping[str, int], by: str) -> None:
    account.world.record(
        "order_shipped", account.key, order_id=order.order_id, by=by, lines=_told(order, units)
    )


def _told(order: Order, units: Mapping[str, int]) -> list[dict[str, object]]:
    return [
        {"line_id": item.item_id, "sku": item.sku, "quantity": units[item.item_id]}
        for item in order.items
        if units.get(item.item_id)
    ]
