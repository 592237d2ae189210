"""Departures: recorded once, out of the stock once, then told to the channel."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Prefetch

from comptoir.catalog.models import Product
from comptoir.core import clock
from comptoir.core.bulk import fetch
from comptoir.inventory.models import Warehouse
from comptoir.inventory.reservations import default_warehouse, lock_stock_rows, make_stock_rows
from comptoir.journal.issues import Reason, Trouble
from comptoir.orders.models import Order, OrderLine
from comptoir.sdk.records import ErpShipmentLine, Parcel, Rejected
from comptoir.sdk.storable import storable
from comptoir.shipping.departures import Departure, NewShipment, record_departures, take_from_lines
from comptoir.shipping.lines_by_article import name_lines
from comptoir.shipping.models import Shipment

WAREHOUSE_CODE = 40


class CannotShip(ValueError):  # noqa: N818
    """These units cannot leave: unknown line, or more than what is left of it."""


@dataclass
class Departures:
    recorded: int = 0
    known: int = 0
    rejected: list[Rejected] = field(default_factory=list)
    product_ids: list[int] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)


def record_erp_shipments(lines: Sequence[ErpShipmentLine], *, source: str, run_id: int | None) -> Departures:
    """Take what the ERP says that it shipped. Call inside a transaction."""
    result = Departures()
    by_shipment: dict[str, list[ErpShipmentLine]] = defaultdict(list)
    for line in lines:
        by_shipment[storable(line.shipment_id)].append(line)
    known = _known(source, by_shipment)
    orders = _orders({storable(line.order_reference) for line in lines})
    warehouses = {
        code: _warehouse(code) for code in sorted({line.warehouse for line in lines}) if _fits(code)
    }
    _lock_articles(orders.values(), warehouses.values())
    fresh: list[NewShipment] = []
    for shipment_id, told in by_shipment.items():
        try:
            if shipment_id in known:
                _check_repeated(known[shipment_id], told)
                result.known += 1
                continue
            order = orders.get(told[0].order_reference)
            told = name_lines(told, order)
            _check_texts(f"{source}:{shipment_id}", told)
            departures = _departures(order, told, warehouses)
        except CannotShip as error:
            result.rejected += [Rejected(external_id=shipment_id, message=str(error), code="cannot_ship", line=t.line)
                                for t in told]  # fmt: skip
            continue
        assert order is not None
        first = told[0]
        fresh.append(
            NewShipment(order, f"{source}:{shipment_id}", source, first.parcel, first.shipped_at, departures)
        )
        # Counted at once: the next shipment of the batch may take the rest of the same line.
        take_from_lines(departures)
        result.troubles += _troubles(order, shipment_id, departures)
    result.recorded = len(fresh)
    result.product_ids = record_departures(fresh, run_id=run_id)
    return result


def _known(source: str, shipment_ids: Iterable[str]) -> dict[str, Shipment]:
    by_reference = {f"{source}:{shipment_id}": shipment_id for shipment_id in shipment_ids}
    found = Shipment.objects.filter(reference__in=by_reference).prefetch_related("lines__order_line")
    return {by_reference[shipment.reference]: shipment for shipment in found}


def _check_repeated(shipment: Shipment, told: Sequence[ErpShipmentLine]) -> None:
    """The same shipment again changes nothing; another one under its name must not pass for it."""
    by_article = any(not item.line_id for item in told)
    before: Counter[str] = Counter()
    for line in shipment.lines.all():
        before[line.order_line.sku if by_article else line.order_line.external_id] += line.quantity
    now: Counter[str] = Counter()
    for item in told:
        now[item.sku if by_article else item.line_id] += item.quantity
    if now != before:
        raise CannotShip(
            f"{shipment.reference} was told before with other lines: {dict(before)}, now {dict(now)}"
        )


def _lock_articles(orders: Iterable[Order], warehouses: Iterable[Warehouse]) -> None:
    """All stock rows that the batch will touch, at once and in order: `lock_stock_rows` says why.

    The missing ones are made before anything is locked: an insert waits for who makes the same row.
    """
    order_ids = [order.pk for order in orders]
    rows = fetch(
        """SELECT coalesce(kit.component_id, line.product_id) FROM orders_orderline line
           LEFT JOIN catalog_kitcomponent kit ON kit.kit_id = line.product_id
           WHERE line.order_id = ANY(%(orders)s) AND line.product_id IS NOT NULL
           UNION SELECT r.product_id FROM inventory_reservation r
           JOIN orders_orderline line ON line.id = r.order_line_id WHERE line.order_id = ANY(%(orders)s)""",
        {"orders": order_ids},
    )
    products = [row[0] for row in rows]
    for warehouse_id in sorted({warehouse.pk for warehouse in (*warehouses, default_warehouse())}):
        make_stock_rows(products, warehouse_id)
    lock_stock_rows(products)


def _troubles(order: Order, shipment_id: str, departures: Sequence[Departure]) -> list[Trouble]:
    """Units that left although their sale is cancelled: the buyer gets what he does not pay."""
    lines = {
        d.line for d in departures if d.line.shipped_quantity + d.line.cancelled_quantity > d.line.quantity
    }
    words = ", ".join(sorted(f"{line.sku} ({line.cancelled_quantity} cancelled)" for line in lines))
    trouble = Trouble(
        Reason.DIVERGENCE, f"The shipment {shipment_id} took units of a cancelled sale: {words}.",
        channel=order.channel.key, subject_kind="order", subject=order.external_id, action="check_order",
    )  # fmt: skip
    return [trouble] if lines else []


@transaction.atomic
def ship_by_hand(order_id: int, *, parcel: Parcel, lines: dict[int, int], actor: str) -> list[int]:
    """A person ships units (order line id → units) from where they are kept; the products concerned."""
    order = Order.objects.select_for_update(no_key=True).get(pk=order_id)
    warehouse = default_warehouse()
    departures = [
        Departure(line, units, place)
        for line in order.lines.filter(pk__in=lines)
        for place, units in _places(line, lines[line.pk], warehouse)
    ]
    if not departures:
        raise CannotShip(f"{order.reference}: no line to ship")
    for line in {departure.line.pk: departure.line for departure in departures}.values():
        _check_left(line, lines[line.pk])
    reference = f"hand:{order.pk}-{order.shipments.count() + 1}"
    _lock_articles([order], [departure.warehouse for departure in departures])
    take_from_lines(departures)
    shipment = NewShipment(order, reference, actor, parcel, clock.now(), departures)
    return record_departures([shipment], run_id=None)


def _places(line: OrderLine, units: int, default: Warehouse) -> Iterator[tuple[Warehouse, int]]:
    """Where these units leave from: where the line keeps them, the rest from the default warehouse.

    A kit leaves whole from the place that keeps most of its components.
    """
    kept = list(line.reservations.select_related("warehouse").order_by("-quantity", "warehouse_id"))
    if line.product is not None and line.product.is_kit:
        yield (kept[0].warehouse if kept else default), units
        return
    for one in kept:
        if taken := min(units, one.quantity):
            units -= taken
            yield one.warehouse, taken
    if units:
        yield default, units


def _orders(references: set[str]) -> dict[str, Order]:
    found = Order.objects.filter(reference__in=references).order_by("id")
    locked = found.select_related("channel").select_for_update(no_key=True, of=("self",))
    # What a departure looks at, and no more: a batch has thousands of lines.
    lines = OrderLine.objects.only(
        "order_id", "external_id", "sku", "product_id", "quantity", "cancelled_quantity", "shipped_quantity"
    )
    whole = (
        Prefetch("lines", lines),
        Prefetch("lines__product", Product.objects.only("is_kit")),
        "lines__product__components",
    )
    return {order.reference: order for order in locked.prefetch_related(*whole)}


def _departures(
    order: Order | None, told: Sequence[ErpShipmentLine], warehouses: Mapping[str, Warehouse]
) -> list[Departure]:
    if order is None:
        raise CannotShip(f"no order has the reference {told[0].order_reference}")
    lines = {line.external_id: line for line in order.lines.all()}
    units: Counter[tuple[str, str]] = Counter()
    for item in told:
        if item.line_id not in lines:
            raise CannotShip(f"{order.reference} has no line {item.line_id}")
        if item.quantity <= 0:
            raise CannotShip(f"{item.sku}: {item.quantity} units cannot leave")
        units[item.line_id, item.warehouse] += item.quantity
    for line_id in {line_id for line_id, _ in units}:
        _check_left(lines[line_id], sum(n for (one, _), n in units.items() if one == line_id))
    return [Departure(lines[line_id], n, warehouses[code]) for (line_id, code), n in units.items()]


def _check_texts(reference: str, told: Sequence[ErpShipmentLine]) -> None:
    """What the tables cannot hold is refused alone, not with its whole batch."""
    parcel = told[0].parcel
    limits = [(reference, 80), (parcel.carrier, 40), (parcel.carrier_name, 120),
              (parcel.tracking_number, 80), (parcel.tracking_url, 300)]  # fmt: skip
    limits += [(item.warehouse, WAREHOUSE_CODE) for item in told]
    for text, limit in limits:
        if len(text) > limit or "\x00" in text:
            raise CannotShip(f"{storable(text)[:60]!r} has {len(text)} characters, {limit} are possible")


def _fits(code: str) -> bool:
    return len(code) <= WAREHOUSE_CODE and storable(code) == code


def _warehouse(code: str) -> Warehouse:
    """The one that the ERP names, made where it is new as counts do; the default one where it names none."""
    if not code:
        return default_warehouse()
    return Warehouse.objects.get_or_create(code=code, defaults={"name": code.capitalize()})[0]


def _check_left(line: OrderLine, quantity: int) -> None:
    # Cancelled units count too: the ERP may have shipped before it heard; the divergence is told apart.
    if not 0 < quantity <= line.quantity - line.shipped_quantity:
        raise CannotShip(
            f"{line.sku}: {quantity} units shipped, {line.quantity - line.shipped_quantity} left"
        )
