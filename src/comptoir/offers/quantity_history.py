"""How long the history of quantities and of writes is kept: what a later one took the place of, no longer than its
term."""

from __future__ import annotations

from datetime import datetime

from comptoir.core.bulk import execute

# The last one before the term stays: it is what was so when the term began.
_SUPERSEDED = """
DELETE FROM {table} old WHERE old.at < %(before)s
  AND EXISTS (SELECT FROM {table} newer WHERE newer.offer_id = old.offer_id
              AND (newer.at, newer.id) > (old.at, old.id) AND newer.at <= %(before)s)
"""
_ORPHANS = """
DELETE FROM {table} old WHERE NOT EXISTS (SELECT FROM offers_offer o WHERE o.id = old.offer_id)
  AND old.at < %(before)s
"""
# What a line kept and gave back is nothing any more. Only lines of which something is that old are summed up: few,
# since those before them went at the last purge.
_SETTLED = """
DELETE FROM inventory_reservationchange change USING (
    SELECT order_line_id, product_id, warehouse_id FROM inventory_reservationchange
    WHERE order_line_id IN (SELECT order_line_id FROM inventory_reservationchange WHERE at < %(before)s)
    GROUP BY 1, 2, 3 HAVING sum(units) = 0 AND max(at) < %(before)s) over
WHERE change.order_line_id = over.order_line_id AND change.product_id = over.product_id
  AND change.warehouse_id = over.warehouse_id
"""
# Of what was written: what a later write that the channel took, over before the term, has taken the place of.
_WRITTEN = """
DELETE FROM offers_submissionitem old USING offers_submission submission
WHERE submission.id = old.submission_id AND submission.closed_at < %(before)s AND old.outcome <> ''
  AND EXISTS (SELECT FROM offers_submissionitem newer JOIN offers_submission later ON later.id = newer.submission_id
              WHERE newer.offer_id = old.offer_id AND newer.submission_id > old.submission_id
                AND newer.outcome = 'done' AND later.closed_at < %(before)s
                AND (old.quantity IS NULL OR newer.quantity IS NOT NULL)
                AND (old.price IS NULL OR newer.price IS NOT NULL)
                AND (old.lead_time IS NULL OR newer.lead_time IS NOT NULL))
"""
_EMPTY = """
DELETE FROM offers_submission submission WHERE closed_at < %(before)s
  AND NOT EXISTS (SELECT FROM offers_submissionitem item WHERE item.submission_id = submission.id)
"""


def purge_history(*, before: datetime) -> int:
    """Rows that were removed. Any instant from `before` on can be told as exactly as it could."""
    statements = [
        text.format(table=table)
        for table in ("offers_decision", "offers_sighting")
        for text in (_SUPERSEDED, _ORPHANS)
    ]
    return sum(
        execute(statement, {"before": before}) for statement in (*statements, _SETTLED, _WRITTEN, _EMPTY)
    )
