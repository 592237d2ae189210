"""Writing departures: shipments, the units that left, the stock they left, the history; in sets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from comptoir.core import clock
from comptoir.core.bulk import copy_rows, save_fields
from comptoir.inventory.ledger import Move, move_stock
from comptoir.inventory.models import Stock, Warehouse
from comptoir.inventory.reservations import settle_reservations
from comptoir.orders.models import Order, OrderEvent, OrderLine
from comptoir.sdk.records import Parcel
from comptoir.shipping.models import Shipment


@dataclass(frozen=True)
class Departure:
    line: OrderLine
    quantity: int
    warehouse: Warehouse


@dataclass(frozen=True)
class NewShipment:
    order: Order
    reference: str
    source: str
    parcel: Parcel
    shipped_at: datetime
    departures: Sequence[Departure]


@dataclass(frozen=True)
class _Unit:
    """Units of one article of one shipment: a kit leaves as its components."""

    shipment: NewShipment
    line: OrderLine
    product_id: int
    warehouse_id: int
    quantity: int


def take_from_lines(departures: Iterable[Departure]) -> None:
    """Count the units on their lines, in memory; `record_departures` writes them."""
    for departure in departures:
        departure.line.shipped_quantity += departure.quantity


def record_departures(shipments: Sequence[NewShipment], *, run_id: int | None) -> list[int]:
    """Write new shipments, already taken from their lines; the ids of the products concerned.

    Their stock rows exist and are locked.
    """
    if not shipments:
        return []
    made = Shipment.objects.bulk_create([_row(shipment) for shipment in shipments])
    copy_rows(
        "shipping_shipmentline",
        ("shipment_id", "order_line_id", "warehouse_id", "quantity"),
        (
            (row.pk, d.line.pk, d.warehouse.pk, d.quantity)
            for row, shipment in zip(made, shipments, strict=True)
            for d in shipment.departures
        ),
    )
    lines = {d.line.pk: d.line for shipment in shipments for d in shipment.departures}
    save_fields(list(lines.values()), ["shipped_quantity"])
    units = [unit for shipment in shipments for unit in _units(shipment)]
    _move_out(units)
    OrderEvent.objects.bulk_create(_event(shipment, run_id) for shipment in shipments)
    settled = settle_reservations(sorted({shipment.order.pk for shipment in shipments}))
    # What leaves of a cancelled line kept nothing, and is gone from the shelf all the same.
    return sorted({*settled, *(unit.product_id for unit in units)})


def _row(shipment: NewShipment) -> Shipment:
    parcel = shipment.parcel
    return Shipment(
        order=shipment.order, reference=shipment.reference, source=shipment.source, carrier=parcel.carrier,
        carrier_name=parcel.carrier_name, tracking_number=parcel.tracking_number, tracking_url=parcel.tracking_url,
        shipped_at=shipment.shipped_at, created_at=clock.now(),
    )  # fmt: skip


def _event(shipment: NewShipment, run_id: int | None) -> OrderEvent:
    data = {
        "tracking": shipment.parcel.tracking_number,
        "carrier": shipment.parcel.carrier,
        "units": sum(d.quantity for d in shipment.departures),
    }
    return OrderEvent(
        order=shipment.order, at=clock.now(), kind="shipped", data=data, actor=shipment.source, run_id=run_id
    )


def _units(shipment: NewShipment) -> Iterator[_Unit]:
    for d in shipment.departures:
        for product_id, each in _articles(d.line):
            yield _Unit(shipment, d.line, product_id, d.warehouse.pk, each * d.quantity)


def _articles(line: OrderLine) -> list[tuple[int, int]]:
    if line.product is None:
        return []
    if not line.product.is_kit:
        return [(line.product.pk, 1)]
    return [(part.component_id, part.quantity) for part in line.product.components.all()]


def _move_out(units: Sequence[_Unit]) -> None:
    products = {unit.product_id for unit in units}
    counts = Stock.objects.filter(product_id__in=products).exclude(counted_at=None)
    counted = {(p, w): at for p, w, at in counts.values_list("product_id", "warehouse_id", "counted_at")}
    move_stock([_move(unit) for unit in units if not _is_counted(unit, counted)])


def _is_counted(unit: _Unit, counted: dict[tuple[int, int], datetime | None]) -> bool:
    """A count taken after this departure has it already."""
    at = counted.get((unit.product_id, unit.warehouse_id))
    return at is not None and at >= unit.shipment.shipped_at


def _move(unit: _Unit) -> Move:
    shipment = unit.shipment
    return Move(
        unit.product_id, unit.warehouse_id, -unit.quantity, "sale", shipment.shipped_at, shipment.reference,
        unit.line.pk, shipment.source,
    )  # fmt: skip
