"""What differs from what was sent, and waits to be published: the truth is in the offers, `Waiting` its index.

The triggers of `offers_offer` write `Waiting` in the statement that makes or ends a difference, whoever wrote it.
Here are the same conditions for readers, and what holds the two together.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from comptoir.channels.models import Channel
from comptoir.core.bulk import execute, fetch

# Of an offer called `o`. What is in an open submission waits for its report.
QUANTITY_DIFFERS = """(o.state <> 'new' AND o.network = 'seller' AND o.quantity_submission_id IS NULL
      AND o.desired_quantity IS DISTINCT FROM o.sent_quantity)"""
PRICE_DIFFERS = """(o.state <> 'new' AND o.price_submission_id IS NULL AND o.desired_price IS NOT NULL
      AND o.desired_price IS DISTINCT FROM o.sent_price)"""
UNREAD = "(o.in_escrow AND o.exposed_at >= coalesce(channel.orders_read_at, '-infinity'::timestamptz))"

_DIFFERS = """
SELECT NOT %(stock_stopped)s AND EXISTS (
               SELECT FROM offers_waiting WHERE channel_id = %(channel)s AND kind = 'quantity')
    OR NOT %(prices_stopped)s AND EXISTS (SELECT FROM offers_waiting w JOIN offers_offer o ON o.id = w.offer_id
               WHERE w.channel_id = %(channel)s AND w.kind = 'price'
               AND o.price_error NOT IN ('below_floor', 'price_step') AND o.foreign_price IS NULL)
    OR NOT (%(prices_stopped)s OR %(stock_stopped)s)
       AND EXISTS (SELECT FROM offers_offer WHERE channel_id = %(channel)s AND state = 'new' AND quantity_error = ''
               AND NOT barred
               AND price_error NOT IN ('below_floor', 'price_step') AND quantity_submission_id IS NULL)
    OR EXISTS (SELECT FROM offers_submission WHERE channel_id = %(channel)s AND state = 'prepared')
"""
# One reading of all offers. What waits for a reading of orders in vain is dropped by that reading.
_UNTRUE = f"""
WITH truth AS (
    SELECT o.channel_id, differs.kind, o.id AS offer_id FROM offers_offer o JOIN channels_channel channel
        ON channel.id = o.channel_id
    CROSS JOIN LATERAL (SELECT 'quantity' AS kind WHERE {QUANTITY_DIFFERS}
                        UNION ALL SELECT 'price' WHERE {PRICE_DIFFERS}
                        UNION ALL SELECT 'reading' WHERE {UNREAD}) differs
)
SELECT channel.key, coalesce(truth.kind, w.kind), coalesce(truth.offer_id, w.offer_id), truth.offer_id IS NOT NULL
FROM truth FULL JOIN offers_waiting w
    ON w.channel_id = truth.channel_id AND w.kind = truth.kind AND w.offer_id = truth.offer_id
LEFT JOIN channels_channel channel ON channel.id = coalesce(truth.channel_id, w.channel_id)
WHERE w.offer_id IS NULL OR (truth.offer_id IS NULL AND w.kind <> 'reading')
ORDER BY 1, 2, 3
"""  # noqa: S608 - our own text
# Written again as they are, under their locks: the triggers do the rest.
_MEND = """
UPDATE offers_offer SET in_escrow = in_escrow
WHERE id IN (SELECT id FROM offers_offer WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE)
"""
_SWEEP = """
DELETE FROM offers_waiting
WHERE offer_id = ANY(%s) AND NOT EXISTS (SELECT FROM offers_offer o WHERE o.id = offer_id)
"""


@dataclass(frozen=True)
class Untrue:
    """`missing`: the offer differs and nobody would have sent it; else it waits for nothing."""

    channel: str
    kind: str
    offer_id: int
    missing: bool


def has_differences(channel: Channel) -> bool:
    """Is there anything to publish? Answered by what waits, whatever the number of offers."""
    stopped = Channel.objects.values("prices_stopped", "stock_stopped").get(pk=channel.pk)
    values = {"channel": channel.pk, **stopped}
    return bool(fetch(_DIFFERS, values)[0][0])


def find_untrue_waiting() -> list[Untrue]:
    """Where `Waiting` is not what the offers say; empty, unless somebody wrote there by hand."""
    return [Untrue(key or "", kind, offer, missing) for key, kind, offer, missing in fetch(_UNTRUE)]


@transaction.atomic
def mend_waiting() -> list[Untrue]:
    """Make it true again; what was wrong."""
    found = find_untrue_waiting()
    if found:
        offers = [one.offer_id for one in found]
        execute(_MEND, [offers])
        execute(_SWEEP, [offers])
    return found
