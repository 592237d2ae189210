"""confirmShipment (Orders v0): its rules, and its parcel into the order."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec
from starlette.responses import Response

from bazaar.amazon import order_life
from bazaar.amazon.exchange import Call, Operation, Refused, bad_input, not_found, nothing
from bazaar.amazon.records import Order, Package

# A seller's clock may be a little ahead (assumption).
_TOLERANCE = timedelta(minutes=5)


class _Item(msgspec.Struct, rename="camel"):
    order_item_id: str
    quantity: int


class _Detail(msgspec.Struct, rename="camel"):
    package_reference_id: str
    carrier_code: str
    tracking_number: str
    ship_date: datetime
    order_items: list[_Item]
    carrier_name: str = ""
    shipping_method: str = ""


class _Confirmation(msgspec.Struct, rename="camel"):
    marketplace_id: str
    package_detail: _Detail


async def confirm_shipment(call: Call) -> Response:
    order = call.account.orders.get(call.path("orderId"))
    if order is None:
        raise not_found(f"The order {call.path('orderId')} was not found.")
    asked = await call.body(_Confirmation)
    _check(call, order, asked)
    detail = asked.package_detail
    package = Package(
        reference=detail.package_reference_id,
        carrier=detail.carrier_name if detail.carrier_code == "Other" else detail.carrier_code,
        tracking=detail.tracking_number,
        method=detail.shipping_method,
        created_at=call.now,
        shipped_at=detail.ship_date,
        lines={item.order_item_id: item.quantity for item in detail.order_items},
    )
    earlier = order.packages.get(package.reference)
    if earlier is not None:
        _edit(call, order, earlier, package)
    else:
        _check_units(order, package)
        order_life.ship(call.account, order, package)
    return nothing()


def _check(call: Call, order: Order, asked: _Confirmation) -> None:
    detail = asked.package_detail
    if asked.marketplace_id != order.place:
        raise bad_input(
            "The order was not placed in this marketplace.", f"marketplaceId: {asked.marketplace_id}"
        )
    if not detail.package_reference_id.isdigit() or int(detail.package_reference_id) <= 0:
        raise bad_input("packageReferenceId must be a positive numeric value.")
    if not detail.carrier_code or (detail.carrier_code == "Other" and not detail.carrier_name):
        raise bad_input("carrierCode is required, with carrierName when it is Other.")
    if detail.ship_date > call.now + _TOLERANCE:
        raise bad_input("shipDate cannot be in the future.")
    if detail.ship_date < order.created_at - _TOLERANCE:
        raise bad_input("shipDate cannot be before the order.")
    if not detail.order_items or any(item.quantity <= 0 for item in detail.order_items):
        raise bad_input("orderItems must name at least one item and its quantity.")
    if order.by_amazon or order.state in ("PENDING", "CANCELLED"):
        raise Refused(400, "InvalidInput", f"An order in status {order.state} cannot be confirmed.")


def _check_units(order: Order, package: Package) -> None:
    for item_id, quantity in package.lines.items():
        item = order.item(item_id)
        if item is None:
            raise bad_input(f"The order has no item {item_id}.")
        if quantity > item.open:
            raise bad_input(f"The item {item_id} has {item.open} units to ship, not {quantity}.")


def _edit(call: Call, order: Order, earlier: Package, package: Package) -> None:
    """The same reference again edits the parcel; units are not moved by it here (assumption)."""
    if package.lines != earlier.lines:
        raise bad_input(f"The package {package.reference} was confirmed with other units.")
    kept = msgspec.structs.replace(package, created_at=earlier.created_at, delivered=earlier.delivered)
    order.packages = {**order.packages, package.reference: kept}
    order_life.touch(call.account, order)


OPERATIONS = (
    Operation(
        "confirmShipment", "POST", "/orders/v0/orders/{orderId}/shipmentConfirmation", confirm_shipment
    ),
)
