"""Lines that appear, vanish or change after the order was first told.

Called between staging the news and writing them: `news_order` and `news_line` hold what the channel says
now, the tables what it said before.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from comptoir.channels.models import Channel
from comptoir.core.bulk import fetch
from comptoir.journal.issues import Reason, Trouble

# Units that the channel no longer shows are not ours to keep or to ship; what has left has left.
_CANCEL_VANISHED = """
UPDATE orders_orderline line
SET status = 'cancelled', cancelled_quantity = greatest(line.cancelled_quantity, line.quantity - line.shipped_quantity)
FROM news_order news, orders_order o
WHERE line.order_id = news.id AND o.id = news.id AND line.status NOT IN ('cancelled', 'refused')
  AND line.shipped_quantity < line.quantity
  AND NOT EXISTS (SELECT FROM news_line told
                  WHERE told.order_id = line.order_id AND told.external_id = line.external_id)
RETURNING o.external_id, line.external_id, line.sku
"""
_CHANGED_BEHIND_THE_ERP = """
SELECT o.external_id, told.external_id, told.sku, coalesce(known.sku, ''), coalesce(known.quantity, 0), told.quantity
FROM news_line told
JOIN orders_order o ON o.id = told.order_id
LEFT JOIN orders_orderline known ON known.order_id = told.order_id AND known.external_id = told.external_id
WHERE o.erp_state IN ('sent', 'confirmed') AND told.fulfilled_by = 'seller'
  AND (known.quantity IS DISTINCT FROM told.quantity OR known.sku IS DISTINCT FROM told.sku)
ORDER BY o.id, told.line_number
"""


def compare_lines(channel: Channel) -> list[Trouble]:
    """Cancel the lines that vanished; an Issue per order whose lines changed in a way nobody announced."""
    behind = fetch(_CHANGED_BEHIND_THE_ERP)
    found = [
        (order, f"line {line} is now {units} × {sku}; the ERP was told {before} × {old or 'nothing'}")
        for order, line, sku, old, before, units in behind
    ]
    found += [
        (order, f"line {line} ({sku}) is no longer shown: it counts as cancelled")
        for order, line, sku in fetch(_CANCEL_VANISHED)
    ]
    return list(_troubles(channel, found))


def _troubles(channel: Channel, found: Iterable[tuple[str, str]]) -> Iterable[Trouble]:
    words: dict[str, list[str]] = defaultdict(list)
    for order, sentence in found:
        words[order].append(sentence)
    for order, sentences in words.items():
        yield Trouble(
            Reason.DIVERGENCE, f"The order's lines changed: {'; '.join(sentences)}.", channel=channel.key,
            subject_kind="order", subject=order, action="check_order",
        )  # fmt: skip
