"""Is there anything to publish? Answered by the partial indexes, whatever the number of offers."""

from __future__ import annotations

from comptoir.channels.models import Channel
from comptoir.core.bulk import fetch

_DIFFERS = """
SELECT NOT %(stock_stopped)s AND EXISTS (
               SELECT FROM offers_offer WHERE channel_id = %(channel)s AND state <> 'new' AND network = 'seller'
               AND desired_quantity IS DISTINCT FROM sent_quantity AND quantity_submission_id IS NULL)
    OR NOT %(prices_stopped)s AND EXISTS (SELECT FROM offers_offer WHERE channel_id = %(channel)s AND state <> 'new'
               AND desired_price IS NOT NULL AND desired_price IS DISTINCT FROM sent_price
               AND price_submission_id IS NULL AND price_error NOT IN ('below_floor', 'price_step'))
    OR NOT (%(prices_stopped)s OR %(stock_stopped)s)
       AND EXISTS (SELECT FROM offers_offer WHERE channel_id = %(channel)s AND state = 'new' AND quantity_error = ''
               AND price_error NOT IN ('below_floor', 'price_step') AND quantity_submission_id IS NULL)
    OR EXISTS (SELECT FROM offers_submission WHERE channel_id = %(channel)s AND state = 'prepared')
"""


def has_differences(channel: Channel) -> bool:
    stopped = Channel.objects.values("prices_stopped", "stock_stopped").get(pk=channel.pk)
    values = {"channel": channel.pk, **stopped}
    return bool(fetch(_DIFFERS, values)[0][0])
