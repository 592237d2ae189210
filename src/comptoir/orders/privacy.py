"""Buyers' data is kept for as long as the sale needs it, and no longer."""

from __future__ import annotations

from datetime import datetime

from comptoir.core import clock
from comptoir.core.bulk import execute

_PURGE = """
WITH old AS (
    SELECT contact.order_id FROM orders_ordercontact contact JOIN orders_order o ON o.id = contact.order_id
    WHERE contact.purged_at IS NULL AND o.updated_at < %(before)s
      AND (%(kind)s = '' OR o.channel_id IN (SELECT id FROM channels_channel WHERE kind = %(kind)s))
      AND o.status IN ('shipped', 'delivered', 'refused', 'cancelled', 'refunded')
    ORDER BY 1 LIMIT 50000
),
emptied AS (
    UPDATE orders_raworder raw SET payload = '' FROM old WHERE raw.order_id = old.order_id
)
UPDATE orders_ordercontact contact SET sealed = NULL, words = NULL, ships = NULL, purged_at = %(now)s,
    buyer_name = '', buyer_email = '', buyer_phone = '', shipping_address = NULL, billing_address = NULL
FROM old WHERE contact.order_id = old.order_id
"""


def purge_contacts(*, before: datetime, kind: str = "") -> int:
    """Empty names, addresses and raw payloads of orders that ended before that instant.

    `kind`: those of channels of this kind alone, whose terms are shorter than the house's.
    """
    return execute(_PURGE, {"before": before, "now": clock.now(), "kind": kind})
