"""Shipments that a channel has to be told of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet

from comptoir.channels.models import Channel
from comptoir.core.bulk import fetch
from comptoir.orders.models import Order
from comptoir.sdk.records import Parcel, ShippedLine
from comptoir.sdk.records import Shipment as ShipmentRecord
from comptoir.sdk.statuses import OrderStatus
from comptoir.shipping.models import Shipment

_LINES = """
SELECT shipped.shipment_id, line.external_id, line.sku, shipped.quantity
FROM shipping_shipmentline shipped JOIN orders_orderline line ON line.id = shipped.order_line_id
WHERE shipped.shipment_id = ANY(%s) ORDER BY shipped.id
"""
# Something of the order is left to ship once this one and the earlier ones have left.
_INCOMPLETE = """
SELECT this.id FROM shipping_shipment this
WHERE this.id = ANY(%s) AND EXISTS (
    SELECT FROM orders_orderline line
    WHERE line.order_id = this.order_id AND line.fulfilled_by = 'seller'
      AND line.quantity - line.cancelled_quantity > coalesce((
          SELECT sum(shipped.quantity) FROM shipping_shipmentline shipped
          JOIN shipping_shipment earlier ON earlier.id = shipped.shipment_id AND earlier.id <= this.id
          WHERE shipped.order_line_id = line.id), 0))
"""
_TOLD = {OrderStatus.SHIPPED, OrderStatus.DELIVERED, OrderStatus.REFUNDED}


def has_unconfirmed(channel: Channel) -> bool:
    states = [Shipment.State.TO_CONFIRM, Shipment.State.UNKNOWN]
    return Shipment.objects.filter(order__channel=channel, state__in=states).exists()


def unconfirmed(channel: Channel) -> QuerySet[Shipment]:
    """By their keys, one order after the other: a first parcel is told before the second."""
    found = Shipment.objects.filter(order__channel=channel, state=Shipment.State.TO_CONFIRM)
    return found.select_related("order")


def shipment_records(shipments: Sequence[Shipment]) -> list[ShipmentRecord]:
    """What the channel is told of each."""
    ids = [shipment.pk for shipment in shipments]
    lines: dict[int, list[ShippedLine]] = defaultdict(list)
    for shipment_id, line_id, sku, quantity in fetch(_LINES, [ids]):
        lines[shipment_id].append(ShippedLine(line_id=line_id, sku=sku, quantity=quantity))
    incomplete = {row[0] for row in fetch(_INCOMPLETE, [ids])}
    return [_record(one, tuple(lines[one.pk]), one.pk not in incomplete) for one in shipments]


def _record(shipment: Shipment, lines: tuple[ShippedLine, ...], completes: bool) -> ShipmentRecord:
    return ShipmentRecord(
        reference=shipment.reference,
        order_id=shipment.order.external_id,
        parcel=Parcel(
            carrier=shipment.carrier,
            carrier_name=shipment.carrier_name,
            tracking_number=shipment.tracking_number,
            tracking_url=shipment.tracking_url,
        ),
        lines=lines,
        shipped_at=shipment.shipped_at,
        completes_order=completes,
    )


def confirm_deferred(last: Sequence[Shipment], *, at: datetime) -> None:
    """The parcels that complete their orders were told: the earlier ones, told with them, are too."""
    orders = [shipment.order_id for shipment in last]
    earlier = Shipment.objects.filter(order__in=orders, state=Shipment.State.DEFERRED)
    earlier.update(state=Shipment.State.CONFIRMED, confirmed_at=at)


def known_by_channel(shipment: Shipment) -> bool:
    """Does the channel's last word on the order say that this departure was told?"""
    return OrderStatus(Order.objects.values_list("status", flat=True).get(pk=shipment.order_id)) in _TOLD
