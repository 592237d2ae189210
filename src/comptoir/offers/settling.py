"""What a complete reading of a channel's orders settles: what sold there before it is known here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from comptoir.channels.models import Channel
from comptoir.core.bulk import execute, fetch
from comptoir.offers.desired import recompute_desired

_SETTLED = """
SELECT DISTINCT o.product_id FROM offers_waiting w JOIN offers_offer o ON o.id = w.offer_id
WHERE w.channel_id = %(channel)s AND w.kind = 'reading'
  AND o.in_escrow AND o.quantity_submission_id IS NULL AND o.exposed_at < %(began)s AND o.product_id IS NOT NULL
"""
# An offer that was claimed meanwhile waits for the next reading.
_READ = """
DELETE FROM offers_waiting w USING offers_offer o
WHERE w.channel_id = %(channel)s AND w.kind = 'reading' AND o.id = w.offer_id
  AND NOT (o.in_escrow AND o.exposed_at >= %(began)s)
"""


@transaction.atomic
def note_orders_read(channel: Channel, began: datetime) -> int:
    """The orders were read to the end, from `began` on. The last units that this settles are shared anew;
    the number of offers that changed."""
    before = fetch("SELECT orders_read_at FROM channels_channel WHERE id = %s", [channel.pk])[0][0]
    if before is not None and before >= began:
        return 0
    execute("UPDATE channels_channel SET orders_read_at = %s WHERE id = %s", [began, channel.pk])
    values = {"channel": channel.pk, "began": began}
    changed = recompute_desired([row[0] for row in fetch(_SETTLED, values)])
    execute(_READ, values)
    return changed


@transaction.atomic
def share_last_units(others: Sequence[int] = ()) -> int:
    """All of them anew, and these products: whatever was missed (a channel that came back, demand that moved) is
    made good."""
    rows = fetch("SELECT DISTINCT product_id FROM offers_offer WHERE in_escrow AND product_id IS NOT NULL")
    return recompute_desired(sorted({*others, *(row[0] for row in rows)}))
