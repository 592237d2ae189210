"""The completeness ledger: per channel and day, seen there = stored here = sent to the ERP."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from comptoir.channels.models import Channel
from comptoir.core import clock
from comptoir.core.bulk import fetch
from comptoir.journal.issues import close_issues
from comptoir.journal.models import Issue
from comptoir.orders.models import Completeness, ErpState, Order


@dataclass(frozen=True)
class Seen:
    """An order that the channel showed."""

    external_id: str
    placed_at: datetime
    missed: bool
    """We did not have it, although we should have."""


@dataclass(frozen=True)
class NotInErp:
    reference: str
    external_id: str
    since: datetime


def unknown_here(channel: Channel, external_ids: Sequence[str]) -> set[str]:
    known = Order.objects.filter(channel=channel, external_id__in=external_ids)
    return set(external_ids) - set(known.values_list("external_id", flat=True))


def note_days(channel: Channel, seen: Sequence[Seen]) -> None:
    """Write one row per day of the merchant's calendar."""
    zone = ZoneInfo(settings.TIME_ZONE_OF_MERCHANT)
    days: dict[date, dict[str, Seen]] = defaultdict(dict)
    for order in seen:
        days[order.placed_at.astimezone(zone).date()][order.external_id] = order
    for day, orders in sorted(days.items()):
        stored, to_erp, in_erp = _here(channel, list(orders))
        Completeness.objects.update_or_create(
            channel=channel,
            day=day,
            defaults={
                "seen": len(orders),
                "stored": stored,
                "to_erp": to_erp,
                "in_erp": in_erp,
                "missing": sorted(o.external_id for o in orders.values() if o.missed),
                "checked_at": clock.now(),
            },
        )


def missing_from_erp(channel: Channel, *, before: datetime) -> list[NotInErp]:
    """Ready for the ERP since long, and not there."""
    found = Order.objects.filter(
        channel=channel,
        erp_state__in=[ErpState.WAITING, ErpState.SENT],
        status__in=["to_ship", "partially_shipped", "shipped", "delivered"],
        external_updated_at__lt=before,
    )
    rows = found.values_list("reference", "external_id", "external_updated_at").order_by("id")
    return [NotInErp(*row) for row in rows]


def close_found(channel: Channel) -> int:
    """Issues about orders that were missing, here or in the ERP, and are where they should be now."""
    told = Issue.objects.filter(
        state=Issue.State.OPEN, reason=Issue.Reason.MISSING, channel=channel.key, subject_kind="order"
    )
    settled = Order.objects.filter(
        channel=channel,
        external_id__in=list(told.values_list("subject", flat=True)),
        erp_state__in=[ErpState.CONFIRMED, ErpState.NOT_NEEDED],
    )
    return close_issues(
        resolution="the order is here, and the ERP has it", subject_kind="order", reason=Issue.Reason.MISSING,
        channel=channel.key, subjects=list(settled.values_list("external_id", flat=True)),
    )  # fmt: skip


def _here(channel: Channel, external_ids: list[str]) -> tuple[int, int, int]:
    row = fetch(
        """SELECT count(*), count(*) FILTER (WHERE erp_state <> 'not_needed'),
                  count(*) FILTER (WHERE erp_state = 'confirmed')
           FROM orders_order WHERE channel_id = %s AND external_id = ANY(%s)""",
        [channel.pk, external_ids],
    )[0]
    return int(row[0]), int(row[1]), int(row[2])
