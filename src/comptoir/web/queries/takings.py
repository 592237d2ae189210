"""What was sold: today beside the same day of last week, hour by hour."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext

from comptoir.core.bulk import fetch
from comptoir.web.charts import Chart, Number, Series
from comptoir.web.formats import SYMBOLS

# By the index orders_order_placed: the cost is that of two days, whatever stands before them.
_BY_HOUR = """
SELECT currency, extract(hour FROM placed_at AT TIME ZONE %(zone)s)::int, sum(total_amount)
FROM orders_order WHERE placed_at >= %(start)s AND placed_at < %(end)s AND NOT test
  AND (%(channels)s::text[] = '{}' OR channel_id IN (SELECT id FROM channels_channel WHERE key = ANY(%(channels)s)))
GROUP BY 1, 2
"""


def takings_by_hour(midnight: datetime, now: datetime, currency: str, channels: Sequence[str] = ()) -> Chart:
    """Added up from midnight on: where the two curves part is where the day differs."""
    hour = timezone.localtime(now).hour
    week = timedelta(days=7)
    today = _added(_sums(midnight, now, currency, channels))
    before = _added(_sums(midnight - week, midnight - week + timedelta(days=1), currency, channels))
    shown: list[Number] = [amount if h <= hour else None for h, amount in enumerate(today)]
    series = [Series(gettext("Today"), shown), Series(gettext("A week ago"), list(before))]
    labels = [f"{h:02d} h" for h in range(24)]
    return Chart(
        gettext("Sales since midnight"), gettext("Hour"), labels, series, SYMBOLS.get(currency, currency)
    )


def _sums(start: datetime, end: datetime, currency: str, channels: Sequence[str]) -> dict[int, Decimal]:
    zone = timezone.get_current_timezone_name()
    rows = fetch(_BY_HOUR, {"zone": zone, "start": start, "end": end, "channels": list(channels)})
    return {hour: amount for one, hour, amount in rows if one == currency}


def _added(by_hour: dict[int, Decimal]) -> list[Decimal]:
    total, line = Decimal(0), []
    for hour in range(24):
        total += by_hour.get(hour, Decimal(0))
        line.append(total.quantize(Decimal("0.01")))
    return line
