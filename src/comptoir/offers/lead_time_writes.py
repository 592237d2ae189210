"""Preparation times on their way: claimed for one submission, and what the channel made of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from comptoir.channels.models import Channel
from comptoir.core import clock
from comptoir.core.bulk import execute, fetch, take_ids
from comptoir.offers.models import Submission

# The kill switch is read here too: a channel may carry a whole offer to change its lead time.
_CLAIM = """
WITH found AS (
    SELECT l.offer_id FROM offers_leadtime l JOIN offers_offer o ON o.id = l.offer_id
    WHERE l.channel_id = %(channel)s AND l.submission_id IS NULL AND l.error = ''
      AND (l.sent IS NULL OR l.sent <> l.desired) AND o.state <> 'new'
      AND NOT (SELECT prices_stopped OR stock_stopped FROM channels_channel WHERE id = %(channel)s)
    ORDER BY l.offer_id LIMIT %(limit)s FOR UPDATE OF l SKIP LOCKED
),
claimed AS (
    UPDATE offers_leadtime l SET sent = desired, submission_id = %(submission)s FROM found
    WHERE l.offer_id = found.offer_id RETURNING l.offer_id, l.desired
),
items AS (
    INSERT INTO offers_submissionitem (submission_id, offer_id, lead_time, outcome, message)
    SELECT %(submission)s, offer_id, desired, '', '' FROM claimed ORDER BY offer_id
)
SELECT o.sku, claimed.desired FROM claimed JOIN offers_offer o ON o.id = claimed.offer_id ORDER BY o.id
"""
_CLOSE = """
UPDATE offers_leadtime l SET submission_id = NULL,
    confirmed = CASE WHEN item.outcome = 'done' THEN item.lead_time ELSE l.confirmed END,
    confirmed_at = CASE WHEN item.outcome = 'done' THEN %(now)s ELSE l.confirmed_at END,
    error = CASE WHEN item.outcome = 'rejected' AND l.desired = item.lead_time
                 THEN coalesce(nullif(item.message, ''), 'rejected without a word') ELSE '' END,
    sent = CASE WHEN item.outcome = 'retry' THEN NULL ELSE l.sent END
FROM offers_submissionitem item
WHERE item.submission_id = %(submission)s AND l.submission_id = %(submission)s AND l.offer_id = item.offer_id
"""
_FORGET = "UPDATE offers_leadtime SET sent = NULL, submission_id = NULL WHERE submission_id = %(submission)s AND " \
          "offer_id IN (SELECT offer_id FROM offers_submissionitem WHERE submission_id = %(submission)s)"  # fmt: skip
_RETRY = """
UPDATE offers_leadtime SET error = '', sent = NULL
WHERE submission_id IS NULL AND error <> '' AND offer_id IN (
    SELECT id FROM offers_offer WHERE channel_id = %s AND sku = ANY(%s))
"""
_TOLD = """
SELECT o.sku, l.desired FROM offers_leadtime l JOIN offers_offer o ON o.id = l.offer_id
WHERE o.channel_id = %s AND o.sku = ANY(%s) AND o.network = 'seller'
"""


@dataclass(frozen=True)
class ClaimedLeadTime:
    sku: str
    days: int


@transaction.atomic
def claim_lead_times(channel: Channel, *, limit: int) -> tuple[Submission, list[ClaimedLeadTime]] | None:
    number, now = take_ids("offers_submission", 1)[0], clock.now()
    rows = fetch(_CLAIM, {"channel": channel.pk, "limit": limit, "submission": number})
    if not rows:
        return None
    submission = Submission(
        pk=number, channel=channel, kind=Submission.Kind.LEAD, items=len(rows), created_at=now
    )
    submission.save(force_insert=True)
    return submission, [ClaimedLeadTime(*row) for row in rows]


def close_lead_times(submission: Submission, now: datetime) -> None:
    """Under the locks of its offers, once its items are judged."""
    execute(_CLOSE, {"submission": submission.pk, "now": now})


def forget_lead_times(submission: Submission) -> None:
    """Nobody knows what the channel took: the difference is closed again."""
    execute(_FORGET, {"submission": submission.pk})


def retry_lead_times(channel: Channel, skus: Sequence[str]) -> None:
    execute(_RETRY, [channel.pk, list(skus)])


def desired_lead_times(channel: Channel, skus: Sequence[str]) -> dict[str, int]:
    """For channels on which a lead time goes along with another write."""
    return dict(fetch(_TOLD, [channel.pk, list(skus)]))
