"""Orders, deliveries and invoices as shipments, states and booked orders: pure parsing.

A departure is a line of the stock journal: written once, at the instant when the delivery is validated, and never
changed by what becomes of the delivery afterwards. Headers know days alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final, Literal

from comptoir.connectors.sage_x3.articles import CENT
from comptoir.connectors.sage_x3.dialect import number
from comptoir.connectors.sage_x3.lists import Row
from comptoir.sdk.errors import UnexpectedAnswer
from comptoir.sdk.records import BookedOrder, ErpOrderState, ErpShipmentLine, Parcel

State = Literal["received", "preparing", "shipped", "cancelled"]
NOT_DELIVERED, PARTLY_DELIVERED, DELIVERED = "1", "2", "3"
CLOSED: Final = "2"
NOT_ALLOCATED: Final = "1"


@dataclass(frozen=True)
class Departure:
    """Units of one article that left with one delivery of one of our orders."""

    reference: str
    delivery: str
    sku: str
    site: str
    quantity: int
    at: datetime


def parse_departures(
    movements: Iterable[Row], order_of: Mapping[tuple[str, str], str], ours: Mapping[str, str]
) -> tuple[Departure, ...]:
    """`order_of`: `{(delivery, line): order}`. `ours`: `{order: our reference}`. Lots of one line are added up."""
    units: dict[tuple[str, str, str, str], int] = defaultdict(int)
    first: dict[tuple[str, str, str, str], datetime] = {}
    for row in movements:
        delivery, line = str(row["voucher"]), str(row["line"])
        reference = ours.get(order_of.get((delivery, line), ""), "")
        left = -int(number(row["quantity"]))
        if not reference or left <= 0:
            continue
        key = (reference, delivery, str(row["sku"]), str(row["site"]))
        units[key] += left
        at = instant(row["at"])
        first[key] = min(first.get(key, at), at)
    return tuple(Departure(*key, quantity, first[key]) for key, quantity in sorted(units.items()))


def parse_shipments(
    departures: Iterable[Departure], deliveries: Mapping[str, Row]
) -> tuple[ErpShipmentLine, ...]:
    lines = []
    for one in departures:
        header = deliveries.get(one.delivery, {})
        carrier = str(header.get("carrier") or "")
        lines.append(
            ErpShipmentLine(
                order_reference=one.reference,
                # Numbers begin again some day: with the order's reference they name one departure for ever.
                shipment_id=f"{one.reference}/{one.delivery}",
                line_id="",
                sku=one.sku,
                quantity=one.quantity,
                warehouse=one.site,
                parcel=Parcel(carrier=carrier.upper().replace(" ", ""), carrier_name=carrier,
                              tracking_number=str(header.get("tracking") or "")),
                shipped_at=one.at,
            )
        )  # fmt: skip
    return tuple(lines)


def parse_states(
    rows: Iterable[Row], deliveries: Mapping[str, Sequence[str]], invoices: Mapping[str, Sequence[str]]
) -> tuple[ErpOrderState, ...]:
    """With every number that the order has had: order, deliveries, invoices."""
    found = []
    for row in rows:
        own = str(row["number"])
        chain = dict.fromkeys((own, *deliveries.get(own, ()), *invoices.get(own, ())))
        found.append(
            ErpOrderState(
                order_reference=str(row["reference"]), document=" > ".join(chain)[:60], status=order_state(row),
                changed_at=changed_at(row),
            )
        )  # fmt: skip
    return tuple(found)


def order_state(row: Row) -> State:
    """Total: a menu's value from tomorrow is an order that is there and has not left."""
    delivered, closed = str(row.get("delivery_state") or ""), str(row.get("state") or "") == CLOSED
    if delivered == DELIVERED:
        return "shipped"
    if closed:
        return "shipped" if delivered == PARTLY_DELIVERED else "cancelled"
    if delivered == PARTLY_DELIVERED:
        return "preparing"
    allocated = str(row.get("allocation_state") or NOT_ALLOCATED)
    return "received" if allocated == NOT_ALLOCATED else "preparing"


def parse_booked(rows: Iterable[Row]) -> tuple[BookedOrder, ...]:
    return tuple(
        BookedOrder(
            order_reference=str(row["reference"]), document=str(row["number"]),
            total=number(row["total"]).quantize(CENT), placed_date=day(row["date"]), state=_booked(order_state(row)),
        )
        for row in rows
    )  # fmt: skip


def _booked(state: State) -> Literal["waiting", "shipped", "cancelled"]:
    return state if state in ("shipped", "cancelled") else "waiting"


def changed_at(row: Row) -> datetime:
    if row.get("changed_at"):
        return instant(row["changed_at"])
    at = day(row["changed"])
    return datetime(at.year, at.month, at.day, tzinfo=UTC)


def day(value: object) -> date:
    """`2026-11-23`, `20261123` or an instant; UnexpectedAnswer when it is none of them."""
    try:
        return date.fromisoformat(str(value or "").partition("T")[0])
    except ValueError as error:
        raise UnexpectedAnswer(f"{value!r} is no day.") from error


def instant(value: object) -> datetime:
    """`2026-11-23T09:00:00Z`; without a zone it is UTC, as X3 keeps its instants."""
    try:
        found = datetime.fromisoformat(str(value or ""))
    except ValueError as error:
        raise UnexpectedAnswer(f"{value!r} is no instant.") from error
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
