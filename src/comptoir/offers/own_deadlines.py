"""The day by which an order leaves by our own preparation time, where its channel names none.

Each line has the working days of its offer, walked from the moment the order was placed through the calendar of the
place that its units were kept at, else the house's; the order leaves with its latest line, before that day ends.
A line whose offer no rule concerns says nothing; an order of such lines alone has no deadline.

Which orders are late is asked in sets: for each place and number of days there is one instant such that an order is
late if and only if it was placed before it (`WorkingDays.still_due`), a small table that the open orders join.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time

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
_LINES = (
    f"SELECT o.id, lead.working_days, coalesce(kept.warehouse_id, 0) {_TO_LEAVE} WHERE o.id = ANY(%(ids)s)"
)
_PASSED = f"""
SELECT o.id {_TO_LEAVE}
JOIN unnest(%(places)s::bigint[], %(days)s::int[], %(placed)s::timestamptz[]) AS due (place, days, placed)
    ON due.days = lead.working_days
    AND due.place = CASE WHEN kept.warehouse_id = ANY(%(own)s::bigint[]) THEN kept.warehouse_id ELSE 0 END
WHERE o.status IN ('accepted', 'to_ship', 'partially_shipped') AND o.ship_by IS NULL
GROUP BY o.id HAVING bool_and(o.placed_at < due.placed)
"""


def own_deadlines(orders: Iterable[Order]) -> dict[int, datetime]:
    """By the id of each order that is to be shipped and that its channel gave no date for; one query for all."""
    asked = {order.pk: order for order in orders if order.ship_by is None and order.status in OPEN}
    if not asked:
        return {}
    calendars, found = _calendars(), dict[int, datetime]()
    for pk, days, place in fetch(_LINES, {"ids": list(asked)}):
        calendar = calendars.get(place) or calendars[HOUSE]
        try:
            leaves = calendar.leaves_on(asked[pk].placed_at, min(days, LONGEST))
        except NeverOpen:
            continue
        end = datetime.combine(leaves, time(23, 59, 59), calendar.zone)
        found[pk] = max(found.get(pk, end), end)
    return found


def past_own_deadline(day: date) -> list[int]:
    """Orders that should have left before that day of the merchant, by our own time; open, and without a date of
    their channel's. Of today: the late ones; of tomorrow: those that leave today as well."""
    table = [
        (place, days, placed)
        for place, calendar in _calendars().items()
        for days, placed in enumerate(calendar.still_due(day, LONGEST))
    ]
    places, days, placed = (list(column) for column in zip(*table, strict=True))
    values = {"places": places, "days": days, "placed": placed, "own": sorted(set(places) - {HOUSE})}
    return [pk for (pk,) in fetch(_PASSED, values)]


def merchant_day(now: datetime) -> date:
    return now.astimezone(merchant_zone()).date()


def _calendars() -> dict[int, WorkingDays]:
    """By the id of the warehouse; `HOUSE` is always there."""
    kept = read_calendars()
    return {HOUSE: kept.pop(None, None) or without_calendar()} | {
        place: found for place, found in kept.items() if place is not None
    }
