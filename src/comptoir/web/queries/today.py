"""What needs a person now, and how the day goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TypeVar

from django.db.models import Count, F, Model, QuerySet, Sum, prefetch_related_objects
from django.utils import timezone

from comptoir.channels.models import Channel
from comptoir.core import clock
from comptoir.journal.models import Issue
from comptoir.offers.kill_switch import Stopped, stopped_channels
from comptoir.offers.models import Offer
from comptoir.offers.own_deadlines import merchant_day, own_deadlines, past_own_deadline
from comptoir.orders.models import Order
from comptoir.sdk.statuses import OrderStatus
from comptoir.web.charts import Chart
from comptoir.web.queries.flows import Cause, count_causes
from comptoir.web.queries.offers import IN_ERROR
from comptoir.web.queries.orders import TO_SHIP, late
from comptoir.web.queries.takings import takings_by_hour

M = TypeVar("M", bound=Model)
SHOWN = 8
CEILING = 1000
"""Counts stop here and show « 999+ »: nobody settles more than that by hand in a day."""


@dataclass(frozen=True)
class Takings:
    currency: str
    orders: int
    amount: Decimal
    orders_before: int
    amount_before: Decimal


@dataclass(frozen=True)
class Today:
    late: int
    due_today: int
    to_decide: int
    held: int
    issues: int
    offers_in_error: int
    next_to_ship: list[Order]
    own: dict[int, datetime]
    """Of those that their channel gave no date for: by when they leave, by our own preparation time."""
    troubled: list[Channel]
    stopped: list[Stopped]
    takings: list[Takings]
    decisions: list[Order]
    causes: list[Cause]
    chart: Chart | None


def read_today(channels: Sequence[str] = ()) -> Today:
    """`channels`: the only ones that exist for the reader; empty: every one."""
    now = clock.now()
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    orders = _orders(channels)
    to_ship = orders.filter(status__in=TO_SHIP, ship_by__isnull=False)
    to_decide = orders.filter(status=OrderStatus.TO_ACCEPT, decision=Order.Decision.MANUAL)
    takings = _takings(midnight, now, channels)
    oldest = list(
        orders.filter(status__in=TO_SHIP, ship_by__isnull=True).order_by("placed_at", "id")[:CEILING]
    )
    own = own_deadlines(oldest)
    day = merchant_day(now)
    own_late = set(past_own_deadline(day)) if own else set()
    own_today = set(past_own_deadline(day + timedelta(days=1))) - own_late if own else set()
    main = max(takings, key=lambda one: one.amount + one.amount_before, default=None)
    return Today(
        late=_count(orders.filter(late(now))) + (_count(orders.filter(pk__in=own_late)) if own_late else 0),
        due_today=_count(to_ship.filter(ship_by__gte=now, ship_by__lt=midnight + timedelta(days=1)))
        + (_count(orders.filter(pk__in=own_today)) if own_today else 0),
        to_decide=_count(to_decide),
        held=_count(orders.exclude(held="")),
        issues=_count(_on(Issue.objects.filter(state=Issue.State.OPEN), "channel", channels)),
        offers_in_error=_count(_on(Offer.objects.filter(IN_ERROR), "channel__key", channels)),
        next_to_ship=_next_to_ship(to_ship, oldest, own),
        own=own,
        troubled=list(_on(Channel.objects.exclude(state=Channel.State.ACTIVE), "key", channels)),
        stopped=stopped_channels(_on(Channel.objects.order_by("name"), "key", channels)),
        takings=takings,
        decisions=list(
            to_decide.select_related("channel").order_by(F("accept_by").asc(nulls_last=True), "id")[:8]
        ),
        causes=count_causes(channels)[:6],
        chart=takings_by_hour(midnight, now, main.currency, channels) if main else None,
    )


def _next_to_ship(to_ship: QuerySet[Order], oldest: Sequence[Order], own: dict[int, datetime]) -> list[Order]:
    """The eight that leave first, by their channel's date or else by our own time."""
    due = list(to_ship.select_related("channel").prefetch_related("lines").order_by("ship_by")[:SHOWN])
    mine = sorted((one for one in oldest if one.pk in own), key=lambda one: own[one.pk])[:SHOWN]
    prefetch_related_objects(mine, "channel", "lines")
    return sorted([*due, *mine], key=lambda one: one.ship_by or own[one.pk])[:SHOWN]


def _orders(channels: Sequence[str]) -> QuerySet[Order]:
    return _on(Order.objects.all(), "channel__key", channels)


def _on(rows: QuerySet[M], path: str, channels: Sequence[str]) -> QuerySet[M]:
    return rows.filter(**{f"{path}__in": channels}) if channels else rows


def _count(rows: QuerySet[Order] | QuerySet[Issue] | QuerySet[Offer]) -> int:
    return rows.order_by()[:CEILING].count()


def _takings(midnight: datetime, now: datetime, channels: Sequence[str]) -> list[Takings]:
    """Since midnight, beside the same hours of the same day a week ago."""
    week = timedelta(days=7)
    today, before = _sums(midnight, now, channels), _sums(midnight - week, now - week, channels)
    nothing = (0, Decimal(0))
    return [
        Takings(currency, *today.get(currency, nothing), *before.get(currency, nothing))
        for currency in sorted(today.keys() | before.keys())
    ]


def _sums(start: datetime, end: datetime, channels: Sequence[str]) -> dict[str, tuple[int, Decimal]]:
    placed = _orders(channels).filter(placed_at__gte=start, placed_at__lte=end, test=False).order_by()
    rows = placed.values("currency").annotate(n=Count("id"), amount=Sum("total_amount"))
    return {row["currency"]: (row["n"], row["amount"]) for row in rows}
