"""Departures: recorded once, out of the stock once, then told to the channel."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from comptoir.core import clock
from comptoir.inventory.ledger import Move, move_stock
from comptoir.inventory.models import Stock, Warehouse
from comptoir.inventory.reservations import (
    default_warehouse,
    lock_stock,
    make_stock,
    settle_reservations,
    stocked_products,
)
from comptoir.orders.history import write_event
from comptoir.orders.models import Order, OrderLine
from comptoir.sdk.records import ErpShipmentLine, Parcel, Rejected
from comptoir.shipping.models import Shipment, ShipmentLine


class CannotShip(ValueError):  # noqa: N818
    """These units cannot leave: unknown line, or more than what is left of it."""


@dataclass
class Departures:
    recorded: int = 0
    known: int = 0
    rejected: list[Rejected] = field(default_factory=list)
    product_ids: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Departure:
    line: OrderLine
    quantity: int
    warehouse: Warehouse


def record_erp_shipments(lines: Sequence[ErpShipmentLine], *, source: str, run_id: int | None) -> Departures:
    """Take what the ERP says that it shipped. Call inside a transaction."""
    result = Departures()
    by_shipment: dict[str, list[ErpShipmentLine]] = defaultdict(list)
    for line in lines:
        by_shipment[line.shipment_id].append(line)
    references = {f"{source}:{shipment_id}"[:80]: shipment_id for shipment_id in by_shipment}
    known = set(Shipment.objects.filter(reference__in=references).values_list("reference", flat=True))
    orders = _orders({line.order_reference for line in lines})
    # All rows of the batch at once and in order: one shipment after the other would be a deadlock's recipe.
    lock_stock(stocked_products([order.pk for order in orders.values()]))
    for reference, shipment_id in references.items():
        told = by_shipment[shipment_id]
        if reference in known:
            result.known += 1
            continue
        order = orders.get(told[0].order_reference)
        try:
            departures = _departures(order, told)
        except CannotShip as error:
            result.rejected += [Rejected(external_id=shipment_id, message=str(error), code="cannot_ship", line=t.line)
                                for t in told]  # fmt: skip
            continue
        assert order is not None
        first = told[0]
        result.product_ids += _record(
            order, reference, source, first.parcel, first.shipped_at, departures, run_id
        )
        result.recorded += 1
    return result


@transaction.atomic
def ship_by_hand(order_id: int, *, parcel: Parcel, lines: dict[int, int], actor: str) -> list[int]:
    """A person ships units (order line id → units) from the default warehouse; the products concerned."""
    order = Order.objects.select_for_update().get(pk=order_id)
    warehouse = default_warehouse()
    departures = [Departure(line, lines[line.pk], warehouse) for line in order.lines.filter(pk__in=lines)]
    if not departures:
        raise CannotShip(f"{order.reference}: no line to ship")
    for departure in departures:
        _check_left(departure.line, departure.quantity)
    reference = f"hand:{order.pk}-{order.shipments.count() + 1}"
    return _record(order, reference, actor, parcel, clock.now(), departures, None)


def _orders(references: set[str]) -> dict[str, Order]:
    found = Order.objects.filter(reference__in=references).order_by("id").select_for_update()
    return {order.reference: order for order in found.prefetch_related("lines")}


def _departures(order: Order | None, told: Sequence[ErpShipmentLine]) -> list[Departure]:
    if order is None:
        raise CannotShip(f"no order has the reference {told[0].order_reference}")
    lines = {line.external_id: line for line in order.lines.all()}
    warehouses = {w.code: w for w in Warehouse.objects.filter(code__in={t.warehouse for t in told})}
    fallback = default_warehouse()
    departures = []
    for item in told:
        line = lines.get(item.line_id)
        if line is None:
            raise CannotShip(f"{order.reference} has no line {item.line_id}")
        _check_left(line, item.quantity)
        departures.append(Departure(line, item.quantity, warehouses.get(item.warehouse, fallback)))
    return departures


def _check_left(line: OrderLine, quantity: int) -> None:
    # Cancelled units count too: the ERP may have shipped before it heard; the divergence is told apart.
    if not 0 < quantity <= line.quantity - line.shipped_quantity:
        raise CannotShip(
            f"{line.sku}: {quantity} units shipped, {line.quantity - line.shipped_quantity} left"
        )


def _record(
    order: Order, reference: str, source: str, parcel: Parcel, shipped_at: datetime,
    departures: Sequence[Departure], run_id: int | None,
) -> list[int]:  # fmt: skip
    shipment = Shipment.objects.create(
        order=order, reference=reference, source=source, carrier=parcel.carrier, carrier_name=parcel.carrier_name,
        tracking_number=parcel.tracking_number, tracking_url=parcel.tracking_url, shipped_at=shipped_at,
        created_at=clock.now(),
    )  # fmt: skip
    ShipmentLine.objects.bulk_create(
        ShipmentLine(shipment=shipment, order_line=d.line, warehouse=d.warehouse, quantity=d.quantity)
        for d in departures
    )
    for departure in departures:
        departure.line.shipped_quantity += departure.quantity
    OrderLine.objects.bulk_update([d.line for d in departures], ["shipped_quantity"])
    _move_out(shipment, departures)
    write_event(order, "shipped", actor=source, run_id=run_id, tracking=parcel.tracking_number, carrier=parcel.carrier,
                units=sum(d.quantity for d in departures))  # fmt: skip
    return settle_reservations([order.pk])


def _move_out(shipment: Shipment, departures: Sequence[Departure]) -> None:
    units = [
        (product, d.warehouse, n * d.quantity, d.line) for d in departures for product, n in _articles(d.line)
    ]
    for warehouse in sorted({w.pk for _, w, _, _ in units}):
        make_stock([product for product, w, _, _ in units if w.pk == warehouse], warehouse)
    lock_stock([product for product, _, _, _ in units])
    counted = set(
        Stock.objects.filter(
            product_id__in={u[0] for u in units}, counted_at__gte=shipment.shipped_at
        ).values_list("product_id", "warehouse_id")
    )
    move_stock(
        [
            Move(product, w.pk, -n, "sale", shipment.shipped_at, shipment.reference, line.pk, shipment.source)
            for product, w, n, line in units
            # A count taken after this departure has it already.
            if (product, w.pk) not in counted
        ]
    )


def _articles(line: OrderLine) -> list[tuple[int, int]]:
    if line.product is None:
        return []
    if not line.product.is_kit:
        return [(line.product.pk, 1)]
    return [(part.component_id, part.quantity) for part in line.product.components.all()]
