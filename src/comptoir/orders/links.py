"""Order lines whose product was not known when they came."""

from __future__ import annotations

from collections import defaultdict

from comptoir.core.bulk import execute, fetch
from comptoir.journal.issues import Reason, close_issues

# Orders first and in the order of their ids, as an import of the same orders locks them.
_LOCK = """
SELECT o.id FROM orders_order o
WHERE o.id IN (SELECT line.order_id FROM orders_orderline line JOIN catalog_product p ON p.sku = line.sku
               WHERE line.product_id IS NULL)
ORDER BY o.id FOR NO KEY UPDATE
"""
_LINK = """
UPDATE orders_orderline line SET product_id = p.id FROM catalog_product p
WHERE line.product_id IS NULL AND line.order_id = ANY(%s) AND p.sku = line.sku
"""
_WHOLE = """
SELECT channel.key, o.external_id FROM orders_order o JOIN channels_channel channel ON channel.id = o.channel_id
WHERE o.id = ANY(%(orders)s)
  AND NOT EXISTS (SELECT FROM orders_orderline line WHERE line.order_id = o.id AND line.product_id IS NULL)
"""


def link_waiting_lines() -> list[int]:
    """Give their product to lines that waited for it; the ids of their orders. Call inside a transaction."""
    order_ids = [row[0] for row in fetch(_LOCK)]
    if not order_ids:
        return []
    execute(_LINK, [order_ids])
    whole: dict[str, list[str]] = defaultdict(list)
    for channel, external_id in fetch(_WHOLE, {"orders": order_ids}):
        whole[channel].append(external_id)
    for channel, subjects in whole.items():
        close_issues(
            resolution="the products are known now", subject_kind="order", subjects=subjects, channel=channel,
            reason=Reason.UNKNOWN_PRODUCT,
        )  # fmt: skip
    return order_ids
