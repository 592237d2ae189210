"""Orders shipped in parts, where the platform has multi-shipment: ST01, ST11, ST12, ST23, ST24.

Each shipment of a call is taken or refused on its own, in an answer 200 or 201.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import msgspec
from starlette.responses import Response

from bazaar.mirakl import order_life
from bazaar.mirakl.exchange import Call, Operation, RefusedError, answer
from bazaar.mirakl.money import stamp
from bazaar.mirakl.order_json import JSON
from bazaar.mirakl.order_records import Line, Order, Shipment, ShipmentLine
from bazaar.mirakl.paging import seek_page
from bazaar.mirakl.shipment_json import shipment_fields, to_ship_fields
from bazaar.mirakl.shop import Shop
from bazaar.mirakl.tracking import Tracking, resolve

MOST_SHIPMENTS = 1000  # "Limited to 1000 shipments at a time"


class SentLine(msgspec.Struct):
    quantity: Annotated[int, msgspec.Meta(ge=1)]
    order_line_id: str | None = None
    offer_sku: str | None = None
    package_reference: str | None = None


class SentShipment(msgspec.Struct):
    order_id: str
    shipment_lines: Annotated[list[SentLine], msgspec.Meta(min_length=1)]
    invoice_reference: str | None = None
    tracking: Tracking | None = None
    shipped: bool = False


class SentShipments(msgspec.Struct):
    shipments: Annotated[list[SentShipment], msgspec.Meta(max_length=MOST_SHIPMENTS)]


class ToTrack(msgspec.Struct):
    id: str
    tracking: Tracking


class ToTracks(msgspec.Struct):
    shipments: Annotated[list[ToTrack], msgspec.Meta(max_length=MOST_SHIPMENTS)]


class ToShip(msgspec.Struct):
    id: str


class ToShips(msgspec.Struct):
    shipments: Annotated[list[ToShip], msgspec.Meta(max_length=MOST_SHIPMENTS)]


async def st01(call: Call) -> Response:
    _check_feature(call.shop)
    done, failed = [], []
    for sent in (await call.body(SentShipments)).shipments:
        try:
            done.append(shipment_fields(_create(call.shop, sent)))
        except RefusedError as refusal:
            failed.append({"message": refusal.message, "order_id": sent.order_id})
    return answer({"shipment_errors": failed, "shipment_success": done}, 201)


def _check_feature(shop: Shop) -> None:
    if not shop.settings.multi_shipment:
        raise RefusedError(403, "The multi-shipment feature is not activated")


def _create(shop: Shop, sent: SentShipment) -> Shipment:
    order = shop.orders.get(sent.order_id)
    if order is None:
        raise RefusedError(404, "The order does not exist.")
    if order.state != "SHIPPING":
        raise RefusedError(400, f"The order status must be 'SHIPPING' but it is '{order.state}'.")
    lines = _lines(shop, order, sent)
    now = shop.now()
    shipment = Shipment(
        id=shop.new_uuid(),
        order_id=order.order_id,
        created_at=now,
        updated_at=now,
        lines=lines,
        invoice_reference=sent.invoice_reference,
    )
    if sent.tracking is not None:
        _track(shop, shipment, sent.tracking)
    if sent.shipped:
        _check_tracking(shop, shipment)
    shop.keep_shipment(shipment)
    if sent.shipped:
        _ship(shop, shipment)
    return shipment


def _lines(shop: Shop, order: Order, sent: SentShipment) -> tuple[ShipmentLine, ...]:
    left = left_to_ship(shop, order)
    lines = []
    for one in sent.shipment_lines:
        line = _order_line(order, one)
        if line is None or one.quantity > left.get(line.line_id, 0):
            raise RefusedError(400, "Shipment quantity is invalid.")
        left[line.line_id] -= one.quantity
        made = ShipmentLine(
            line_id=line.line_id,
            sku=line.sku,
            quantity=one.quantity,
            package_reference=one.package_reference,
        )
        lines.append(made)
    return tuple(lines)


def _order_line(order: Order, one: SentLine) -> Line | None:
    if one.order_line_id:
        return order.line(one.order_line_id)
    return next((line for line in order.lines if line.sku == one.offer_sku), None)


def left_to_ship(shop: Shop, order: Order, shipped_only: bool = False) -> dict[str, int]:
    """Units of each open line in no shipment; with `shipped_only`, in no shipment that has left."""
    left = {line.line_id: line.quantity - line.cancelled_quantity for line in order.open_lines}
    for shipment in shop.shipments_of(order.order_id):
        if shipment.status == "SHIPPED" or not shipped_only:
            for one in shipment.lines:
                left[one.line_id] = left.get(one.line_id, 0) - one.quantity
    return left


def _track(shop: Shop, shipment: Shipment, sent: Tracking) -> None:
    known = resolve(sent, shop.settings)
    shipment.carrier_code, shipment.carrier_name = known.carrier_code, known.carrier_name
    shipment.carrier_standard_code = known.carrier_standard_code
    shipment.tracking_number, shipment.tracking_url = known.tracking_number, known.tracking_url


def _check_tracking(shop: Shop, shipment: Shipment) -> None:
    if shop.settings.mandatory_tracking and shipment.carrier_name is None:
        raise RefusedError(400, "The tracking information is mandatory to ship this order")


def _ship(shop: Shop, shipment: Shipment) -> None:
    shipment.status, shipment.shipped_at = "SHIPPED", shop.now()
    shop.keep_shipment(shipment)
    order = shop.orders.get(shipment.order_id)
    assert order is not None, "a shipment is of an order of this shop"
    left = left_to_ship(shop, order, shipped_only=True)
    for line in order.open_lines:
        if left[line.line_id] <= 0:
            line.shipped_at = line.shipped_at or shop.now()
    if any(left.values()):
        shop.touch(order)
    else:
        order_life.ship(shop, order)


async def st11(call: Call) -> Response:
    _check_feature(call.shop)
    return seek_page(call, _search, lambda one: one.id, lambda one: JSON.encode(shipment_fields(one)))


def _search(call: Call) -> Sequence[Shipment]:
    orders, states = set(call.csv("order_id")), set(call.csv("shipment_state_code"))
    start, end = call.instant("last_updated_from"), call.instant("last_updated_to")
    return [
        one
        for one in call.shop.shipments.values()
        if (not orders or one.order_id in orders)
        and (not states or one.status in states)
        and (start is None or one.updated_at > start)
        and (end is None or one.updated_at < end)
    ]


async def st12(call: Call) -> Response:
    _check_feature(call.shop)

    def encode(order: Order) -> bytes:
        return JSON.encode(to_ship_fields(order, left_to_ship(call.shop, order)))

    return seek_page(call, _search_to_ship, lambda one: one.order_id, encode)


def _search_to_ship(call: Call) -> Sequence[Order]:
    orders, centers = set(call.csv("order_id")), set(call.csv("fulfillment_center_code"))
    start, end = call.instant("shipping_date_from"), call.instant("shipping_date_to")
    found = [
        one
        for one in call.shop.orders.all()
        if one.state == "SHIPPING"
        and one.shipping_at is not None
        and (not orders or one.order_id in orders)
        and (not centers or "DEFAULT" in centers)
        and (start is None or one.shipping_at > start)
        and (end is None or one.shipping_at < end)
        and any(left_to_ship(call.shop, one).values())
    ]
    return sorted(found, key=lambda one: (stamp(one.shipping_at or one.created_at), one.order_id))


async def st23(call: Call) -> Response:
    _check_feature(call.shop)
    done, failed = [], []
    for sent in (await call.body(ToTracks)).shipments:
        try:
            shipment = _find(call.shop, sent.id)
            _track(call.shop, shipment, sent.tracking)
            call.shop.keep_shipment(shipment)
            done.append({"id": sent.id})
        except RefusedError as refusal:
            failed.append({"id": sent.id, "message": refusal.message})
    return answer({"shipment_errors": failed, "shipment_success": done})


async def st24(call: Call) -> Response:
    _check_feature(call.shop)
    done, failed = [], []
    for sent in (await call.body(ToShips)).shipments:
        try:
            shipment = _find(call.shop, sent.id)
            if shipment.status != "SHIPPING":
                message = f"The shipment status must be 'SHIPPING' but it is '{shipment.status}'."
                raise RefusedError(400, message)
            _check_tracking(call.shop, shipment)
            _ship(call.shop, shipment)
            done.append({"id": sent.id})
        except RefusedError as refusal:
            failed.append({"id": sent.id, "message": refusal.message})
    return answer({"shipment_errors": failed, "shipment_success": done})


def _find(shop: Shop, shipment_id: str) -> Shipment:
    shipment = shop.shipments.get(shipment_id)
    if shipment is None:
        raise RefusedError(404, "The shipment does not exist.")
    return shipment


def operations() -> list[Operation]:
    shipments = "/api/shipments"
    return [
        Operation("ST01", "POST", shipments, st01, "errors"),
        Operation("ST11", "GET", shipments, st11, "errors"),
        Operation("ST12", "GET", f"{shipments}/items_to_ship", st12, "errors"),
        Operation("ST23", "POST", f"{shipments}/tracking", st23, "errors"),
        Operation("ST24", "PUT", f"{shipments}/ship", st24, "errors"),
    ]
