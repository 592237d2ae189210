"""The day by which an order leaves by our own preparation time, where its channel names none.

Each line has the working days of its offer, walked from the moment the order was placed through the calendar of the
place that its units were kept at, else the house's; the order leaves with its latest line, before that day ends.
A line whose offer no rule concerns says nothing; an order of such lines alone has no deadline.

Which orders are late is asked in sets: for each place and number of days there is one instant such that an order is
late if and only if it was placed before it (`WorkingDays.still_due`), a small table that the open orders join.

The deadline that screens, alerts and figures go by is the channel's date where it names one, else this one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date, datetime, time
from typing import Any

from comptoir.core.bulk import fetch
from comptoir.inventory.calendar_models import LONGEST
from comptoir.inventory.calendars import merchant_zone, read_calendars, without_calendar
from comptoir.inventory.working_days import NeverOpen, WorkingDays
from comptoir.orders.models import Order
from comptoir.sdk.statuses import OrderStatus

OPEN = (OrderStatus.ACCEPTED, OrderStatus.TO_SHIP, OrderStatus.PARTIALLY_SHIPPED)
HOUSE = 0
_TO_LEAVE = """
FROM orders_order o
JOIN orders_orderline line ON line.order_id = o.id AND line.fulfilled_by = 'seller'
    AND line.quantity > line.cancelled_quantity + line.shipped_quantity
JOIN offers_offer offer ON offer.channel_id = o.channel_id AND offer.sku = line.sku AND offer.network = 'seller'
JOIN offers_leadtime lead ON lead.offer_id = offer.id
LEFT JOIN inventory_reservation kept ON kept.order_line_id = line.id
"""
_UNDATED = "o.status IN ('accepted', 'to_ship', 'partially_shipped') AND o.ship_by IS NULL"
_LINES = f"""
SELECT o.id, o.placed_at, lead.working_days, coalesce(kept.warehouse_id, 0) {_TO_LEAVE}
WHERE o.id = ANY(%(ids)s) AND {_UNDATED}
"""
_PASSED = f"""{_TO_LEAVE}
JOIN unnest(%(places)s::bigint[], %(days)s::int[], %(placed)s::timestamptz[]) AS due (place, days, placed)
    ON due.days = lead.working_days
    AND due.place = CASE WHEN kept.warehouse_id = ANY(%(own)s::bigint[]) THEN kept.warehouse_id ELSE 0 END
WHERE {_UNDATED} GROUP BY o.id HAVING bool_and(o.placed_at < due.placed)
"""
LATE = f"""
SELECT o.channel_id FROM orders_order o
WHERE o.status IN ('accepted', 'to_ship', 'partially_shipped') AND o.ship_by < %(now)s
UNION ALL SELECT o.channel_id {_PASSED}
"""  # noqa: S608 - our own text
"""The channel of each order that is late at `%(now)s`, by its channel's date or else by ours; with `late_values`."""


def own_deadlines(orders: Iterable[Order]) -> dict[int, datetime]:
    """By the id of each order that is to be shipped and that its channel gave no date for; one query for all."""
    return deadlines_of([order.pk for order in orders if order.ship_by is None and order.status in OPEN])


def deadlines_of(ids: Sequence[int]) -> dict[int, datetime]:
    """`own_deadlines`, for who has the ids alone."""
    lines = fetch(_LINES, {"ids": list(ids)}) if ids else []
    calendars, found = _calendars() if lines else {}, dict[int, datetime]()
    for pk, placed_at, days, place in lines:
        calendar = calendars.get(place) or calendars[HOUSE]
        try:
            leaves = calendar.leaves_on(placed_at, min(days, LONGEST))
        except NeverOpen:
            continue
        end = datetime.combine(leaves, time(23, 59, 59), calendar.zone)
        found[pk] = max(found.get(pk, end), end)
    return found


def past_own_deadline(day: date) -> list[int]:
    """Orders that should have left before that day of the merchant, by our own time; open, and without a date of
    their channel's. Of today: the late ones; of tomorrow: those that leave today as well."""
    return [pk for (pk,) in fetch(f"SELECT o.id {_PASSED}", _placed_before(day))]


def late_values(now: datetime) -> dict[str, Any]:
    """What `LATE` asks for."""
    return {"now": now} | _placed_before(merchant_day(now))


def _placed_before(day: date) -> dict[str, Any]:
    """As columns: by place and number of days, the instant before which an order was placed that should have left
    before `day`. Empty where everything is closed for good: nothing leaves there, so nothing is late either."""
    table: list[tuple[int, int, datetime]] = []
    for place, calendar in _calendars().items():
        with suppress(NeverOpen):
            table += [(place, days, placed) for days, placed in enumerate(calendar.still_due(day, LONGEST))]
    places, days, placed = ([row[n] for row in table] for n in range(3))
    return {"places": places, "days": days, "placed": placed, "own": sorted(set(places) - {HOUSE})}


def merchant_day(now: datetime) -> date:
    return now.astimezone(merchant_zone()).date()


def _calendars() -> dict[int, WorkingDays]:
    """By the id of the warehouse; `HOUSE` is always there."""
    kept = read_calendars()
    return {HOUSE: kept.pop(None, None) or without_calendar()} | {
        place: found for place, found in kept.items() if place is not None
    }
