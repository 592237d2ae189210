"""What a complete reading of a channel's orders settles: what sold there before it is known here."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from comptoir.channels.models import Channel
from comptoir.core.bulk import execute, fetch
from comptoir.offers.desired import recompute_desired

_SETTLED = """
SELECT DISTINCT product_id FROM offers_offer
WHERE channel_id = %(channel)s AND in_escrow AND quantity_submission_id IS NULL AND exposed_at < %(began)s
  AND exposed_at >= coalesce(%(before)s, '-infinity'::timestamptz) AND product_id IS NOT NULL
"""


@transaction.atomic
def note_orders_read(channel: Channel, began: datetime) -> int:
    """The orders were read to the end, from `began` on. The last units that this settles are shared anew;
    the number of offers that changed."""
    before = fetch("SELECT orders_read_at FROM channels_channel WHERE id = %s", [channel.pk])[0][0]
    if before is not None and before >= began:
        return 0
    execute("UPDATE channels_channel SET orders_read_at = %s WHERE id = %s", [began, channel.pk])
    rows = fetch(_SETTLED, {"channel": channel.pk, "began": began, "before": before})
    return recompute_desired([row[0] for row in rows])


def share_last_units() -> int:
    """All of them anew: whatever was missed (a channel that came back, demand that moved) is made good."""
    rows = fetch("SELECT DISTINCT product_id FROM offers_offer WHERE in_escrow AND product_id IS NOT NULL")
    return recompute_desired([row[0] for row in rows])
