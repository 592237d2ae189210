"""How a channel does: its last day in figures, its orders day by day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext

from comptoir.channels.models import Channel
from comptoir.core import clock
from comptoir.core.bulk import fetch
from comptoir.flows.models import Turn
from comptoir.journal.models import Issue, Run
from comptoir.offers.models import Offer
from comptoir.orders.models import Order
from comptoir.sdk.connector import Role
from comptoir.web.charts import Chart, Series
from comptoir.web.queries.offers import IN_ERROR, count_differing

DAYS = 14
CEILING = 1000

# By the index orders_order_channel: two weeks of one channel, whatever stands before.
_BY_DAY = """
SELECT (placed_at AT TIME ZONE %(zone)s)::date, count(*) FROM orders_order
WHERE channel_id = %(channel)s AND placed_at >= %(since)s AND NOT test GROUP BY 1
"""


@dataclass(frozen=True)
class Health:
    runs: int
    partial: int
    failed: int
    last_success_at: datetime | None
    orders: int | None
    """Of the last 24 hours; None where nothing is sold."""
    to_send: int
    in_error: int
    chart: Chart | None


@dataclass(frozen=True)
class Summary:
    """What stands on the card of a channel."""

    last_success_at: datetime | None
    orders: int | None
    issues: int


def read_summaries(channels: Iterable[Channel]) -> list[tuple[Channel, Summary]]:
    """Three queries, however many channels there are."""
    since = clock.now() - timedelta(hours=24)
    turns = Turn.objects.filter(succeeded_at__isnull=False).order_by()
    successes = dict(turns.values_list("channel").annotate(Max("succeeded_at")))
    orders = dict(
        Order.objects.filter(placed_at__gte=since).order_by().values_list("channel").annotate(Count("id"))
    )
    open_issues = Issue.objects.filter(state=Issue.State.OPEN).order_by()
    issues = dict(open_issues.values_list("channel").annotate(Count("id")))
    return [
        (one, Summary(successes.get(one.key), orders.get(one.pk, 0) if one.role == Role.MARKETPLACE else None,
                      issues.get(one.key, 0)))
        for one in channels
    ]  # fmt: skip


def read_health(channel: Channel) -> Health:
    """Counts of offers stop at a thousand."""
    since = clock.now() - timedelta(hours=24)
    runs = Run.objects.filter(channel=channel.key, started_at__gte=since).order_by()
    counts = runs.aggregate(
        all=Count("id"),
        partial=Count("id", filter=Q(outcome=Run.Outcome.PARTIAL)),
        failed=Count("id", filter=Q(outcome=Run.Outcome.FAILED)),
    )
    successes = Turn.objects.filter(channel=channel.key, succeeded_at__isnull=False)
    last = successes.order_by("-succeeded_at").values_list("succeeded_at", flat=True).first()
    sells = channel.role == Role.MARKETPLACE
    return Health(
        counts["all"], counts["partial"], counts["failed"], last,
        Order.objects.filter(channel=channel, placed_at__gte=since).count() if sells else None,
        count_differing([channel.pk], most=CEILING),
        Offer.objects.filter(IN_ERROR, channel=channel).order_by()[:CEILING].count(),
        orders_by_day(channel) if sells else None,
    )  # fmt: skip


def orders_by_day(channel: Channel) -> Chart:
    today = timezone.localtime(clock.now()).replace(hour=0, minute=0, second=0, microsecond=0)
    first = today - timedelta(days=DAYS - 1)
    zone = timezone.get_current_timezone_name()
    found = dict(fetch(_BY_DAY, {"zone": zone, "channel": channel.pk, "since": first}))
    days = [(first + timedelta(days=n)).date() for n in range(DAYS)]
    series = Series(gettext("Orders"), [found.get(day, 0) for day in days], kind="bar")
    labels = [date_format(day, "j N") for day in days]
    return Chart(gettext("Orders by day"), gettext("Day"), labels, [series])
