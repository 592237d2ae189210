"""Buyers' data is kept for as long as the sale needs it, and no longer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from comptoir.channels.models import Channel
from comptoir.core import clock
from comptoir.core.bulk import execute
from comptoir.journal.audit import record_change
from comptoir.orders.models import Order, OrderEvent, Retention

KEPT_DAYS = 180
"""The house's own term, where neither the channel nor a person says a shorter one."""
ENDED = ("shipped", "delivered", "refused", "cancelled", "refunded")
STEP = 20_000

# Ended for so long: by the first news of it, for a refund months later does not lengthen what a channel allows.
_PURGE = """
WITH old AS (
    SELECT contact.order_id FROM orders_ordercontact contact JOIN orders_order o ON o.id = contact.order_id
    WHERE contact.purged_at IS NULL AND o.channel_id = %(channel)s AND o.status = ANY(%(ended)s)
      AND (o.updated_at < %(before)s OR EXISTS (
          SELECT FROM orders_orderevent e WHERE e.order_id = o.id AND e.at < %(before)s
          AND (e.kind = 'status_changed' AND e.data ->> 'to' = ANY(%(ended)s)
               OR e.kind = 'imported' AND e.data ->> 'status' = ANY(%(ended)s))))
    ORDER BY 1 LIMIT %(step)s
),
emptied AS (
    UPDATE orders_raworder raw SET payload = '' FROM old WHERE raw.order_id = old.order_id
)
UPDATE orders_ordercontact contact SET sealed = NULL, words = NULL, ships = NULL, purged_at = %(now)s,
    buyer_name = '', buyer_email = '', buyer_phone = '', shipping_address = NULL, billing_address = NULL
FROM old WHERE contact.order_id = old.order_id
"""


def purge_contacts(channel: Channel, *, before: datetime) -> int:
    """Empty names, addresses and raw payloads of orders that ended before that instant, in steps."""
    now, done = clock.now(), 0
    values = {"channel": channel.pk, "before": before, "now": now, "ended": list(ENDED), "step": STEP}
    while purged := execute(_PURGE, values):
        done += purged
    return done


def kept_days(channel: Channel, terms: dict[str, int]) -> int:
    """What a person chose for the channel, else the house's term; `terms`, by kind of channel, is the most."""
    chosen = Retention.objects.filter(channel=channel).values_list("kept_days", flat=True).first()
    return min(KEPT_DAYS if chosen is None else chosen, terms.get(channel.kind, KEPT_DAYS))


@transaction.atomic
def change_retention(channel: Channel, days: int, *, actor: str) -> None:
    before = Retention.objects.filter(channel=channel).values_list("kept_days", flat=True).first()
    if before == days:
        return
    Retention.objects.update_or_create(channel=channel, defaults={"kept_days": days})
    record_change(actor=actor, action="retention.changed", subject_kind="channel", subject=channel.key,
                  before={"kept_days": before}, after={"kept_days": days})  # fmt: skip


def kept_until(order: Order, history: Sequence[OrderEvent], days: int) -> datetime | None:
    """When the daily purge may take its buyer; None while it has not ended."""
    if order.status not in ENDED:
        return None
    ends = [one.at for one in history if one.kind == "status_changed" and one.data.get("to") in ENDED]
    ends += [one.at for one in history if one.kind == "imported" and one.data.get("status") in ENDED]
    return min([order.updated_at, *ends]) + timedelta(days=days)
