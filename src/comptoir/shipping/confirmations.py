"""Shipments that a channel has to be told of."""

from __future__ import annotations

from comptoir.channels.models import Channel
from comptoir.orders.models import Order
from comptoir.sdk.records import Parcel, ShippedLine
from comptoir.sdk.records import Shipment as ShipmentRecord
from comptoir.sdk.statuses import OrderStatus
from comptoir.shipping.models import Shipment

_TOLD = {OrderStatus.SHIPPED, OrderStatus.DELIVERED, OrderStatus.REFUNDED}


def has_unconfirmed(channel: Channel) -> bool:
    states = [Shipment.State.TO_CONFIRM, Shipment.State.UNKNOWN]
    return Shipment.objects.filter(order__channel=channel, state__in=states).exists()


def unconfirmed(channel: Channel, *, limit: int) -> list[Shipment]:
    """Oldest first, one order after the other: a first parcel is told before the second."""
    found = Shipment.objects.filter(order__channel=channel, state=Shipment.State.TO_CONFIRM)
    return list(found.select_related("order").prefetch_related("lines__order_line").order_by("id")[:limit])


def shipment_record(shipment: Shipment) -> ShipmentRecord:
    return ShipmentRecord(
        reference=shipment.reference,
        order_id=shipment.order.external_id,
        parcel=Parcel(
            carrier=shipment.carrier,
            carrier_name=shipment.carrier_name,
            tracking_number=shipment.tracking_number,
            tracking_url=shipment.tracking_url,
        ),
        lines=tuple(
            ShippedLine(line_id=line.order_line.external_id, sku=line.order_line.sku, quantity=line.quantity)
            for line in shipment.lines.all()
        ),
        shipped_at=shipment.shipped_at,
        completes_order=_completes(shipment),
    )


def confirm_deferred(last: Shipment) -> None:
    """The parcel that completes an order was told: the earlier ones, told with it, are too."""
    if _completes(last):
        earlier = Shipment.objects.filter(order=last.order_id, state=Shipment.State.DEFERRED)
        earlier.update(state=Shipment.State.CONFIRMED, confirmed_at=last.confirmed_at)


def known_by_channel(shipment: Shipment) -> bool:
    """Does the channel's last word on the order say that this departure was told?"""
    return OrderStatus(Order.objects.values_list("status", flat=True).get(pk=shipment.order_id)) in _TOLD


def _completes(shipment: Shipment) -> bool:
    """Nothing is left to ship once this one and the earlier ones have left."""
    left = {
        line.pk: line.quantity - line.cancelled_quantity
        for line in shipment.order.lines.filter(fulfilled_by="seller")
    }
    for earlier in shipment.order.shipments.filter(pk__lte=shipment.pk).prefetch_related("lines"):
        for line in earlier.lines.all():
            left[line.order_line_id] = left.get(line.order_line_id, 0) - line.quantity
    return all(units <= 0 for units in left.values())
