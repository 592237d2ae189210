"""What becomes of a submission: confirmed item by item, failed, or lost."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from comptoir.channels.models import Channel
from comptoir.core import clock
from comptoir.core.bulk import execute, fetch
from comptoir.journal.issues import Reason, Trouble, close_issues, open_issues
from comptoir.offers.desired import recompute_desired
from comptoir.offers.desired_sql import EXPOSED, POSSIBLE
from comptoir.offers.lead_time_writes import close_lead_times, forget_lead_times, retry_lead_times
from comptoir.offers.models import Submission
from comptoir.offers.sharers import with_sharers
from comptoir.sdk.records import Outcome, SubmissionReport, Verdict
from comptoir.sdk.statuses import ImportState

State = Submission.State

# The items of an offer called `o`: those that were answered, and those of its open submissions.
ITEMS = """LATERAL (
    SELECT submission_id, quantity, price, outcome FROM offers_submissionitem
    WHERE offer_id = o.id AND outcome <> ''
    UNION ALL
    SELECT submission_id, quantity, price, outcome FROM offers_submissionitem
    WHERE submission_id = ANY(ARRAY[o.quantity_submission_id, o.price_submission_id])
      AND offer_id = o.id AND outcome = ''
)"""
_JUDGE_ITEMS = """
UPDATE offers_submissionitem item SET outcome = refused.outcome, message = refused.message
FROM unnest(%s::text[], %s::text[], %s::text[]) AS refused (sku, outcome, message), offers_offer o
WHERE item.submission_id = %s AND o.id = item.offer_id AND o.sku = refused.sku
"""
_ACCEPT_ITEMS = "UPDATE offers_submissionitem SET outcome = 'done' WHERE submission_id = %s AND outcome = ''"
# A rejected value stays in `sent`: it is not offered again until what we want changes, or somebody retries.
_CLOSE_QUANTITIES = f"""
UPDATE offers_offer o SET quantity_submission_id = NULL,
    confirmed_quantity = CASE WHEN item.outcome = 'done' THEN item.quantity ELSE o.confirmed_quantity END,
    quantity_confirmed_at = CASE WHEN item.outcome = 'done' THEN %(now)s ELSE o.quantity_confirmed_at END,
    quantity_error = CASE WHEN item.outcome = 'rejected' THEN item.message ELSE '' END,
    sent_quantity = CASE WHEN item.outcome = 'retry' THEN NULL ELSE o.sent_quantity END,
    state = CASE WHEN item.outcome = 'done' AND o.state = 'new' THEN 'listed' ELSE o.state END,
    exposed_quantity = CASE WHEN item.outcome = 'rejected' THEN greatest(0, {EXPOSED} - item.quantity)
                            ELSE {EXPOSED} END,
    possible_quantity = CASE WHEN item.outcome = 'done' THEN item.quantity ELSE {POSSIBLE} END,
    exposed_at = %(now)s
FROM offers_submissionitem item
WHERE item.submission_id = %(submission)s AND o.id = item.offer_id AND item.quantity IS NOT NULL
"""  # noqa: S608 - our own text
_CLOSE_PRICES = """
UPDATE offers_offer o SET price_submission_id = NULL,
    confirmed_price = CASE WHEN item.outcome = 'done' THEN item.price ELSE o.confirmed_price END,
    price_confirmed_at = CASE WHEN item.outcome = 'done' THEN %(now)s ELSE o.price_confirmed_at END,
    passed_price = CASE WHEN item.outcome = 'done' THEN item.price ELSE o.passed_price END,
    allowed_price = CASE WHEN item.outcome <> 'retry' AND o.allowed_price = item.price THEN NULL
                         ELSE o.allowed_price END,
    price_error = CASE WHEN item.outcome = 'rejected' THEN item.message ELSE '' END,
    sent_price = CASE WHEN item.outcome = 'retry' THEN NULL ELSE o.sent_price END
FROM offers_submissionitem item
WHERE item.submission_id = %(submission)s AND o.id = item.offer_id AND item.price IS NOT NULL
"""
_LOSE_ITEMS = "UPDATE offers_submissionitem SET outcome = 'lost' WHERE submission_id = %s AND outcome = ''"
_MINE = "id IN (SELECT offer_id FROM offers_submissionitem WHERE submission_id = %(submission)s)"
# Nobody knows what the channel took of it: `sent` becomes unknown, and the difference is closed again.
_FORGET = (
    f"""UPDATE offers_offer SET sent_quantity = NULL, quantity_submission_id = NULL, exposed_at = %(now)s
        WHERE quantity_submission_id = %(submission)s AND {_MINE}""",  # noqa: S608 - our own text
    f"""UPDATE offers_offer SET sent_price = NULL, price_submission_id = NULL
        WHERE price_submission_id = %(submission)s AND {_MINE}""",  # noqa: S608 - our own text
)
_FEW = """
SELECT DISTINCT o.product_id FROM offers_submissionitem item JOIN offers_offer o ON o.id = item.offer_id
WHERE item.submission_id = %s AND item.quantity IS NOT NULL AND o.in_escrow AND o.product_id IS NOT NULL
"""
# In the order of ids, as every writer of offers does; with them the other offers of the same last units. Never both
# conditions in one OR, which reads every offer there is.
_LOCK = """
SELECT id FROM offers_offer WHERE id = ANY(ARRAY(
    SELECT offer_id FROM offers_submissionitem WHERE submission_id = %s
    UNION SELECT id FROM offers_offer WHERE product_id = ANY(%s)))
ORDER BY id FOR NO KEY UPDATE
"""


def open_submissions(channel: Channel) -> list[Submission]:
    return list(Submission.objects.filter(channel=channel, state=State.SENT).order_by("id"))


def mark_sent(submission: Submission, external_id: str) -> None:
    submission.state, submission.external_id, submission.sent_at = State.SENT, external_id, clock.now()
    submission.save(update_fields=["state", "external_id", "sent_at"])


@transaction.atomic
def give_back(submission: Submission, *, state: Submission.State, message: str) -> None:
    """It did not leave, failed whole, or nobody knows: its offers are free to be sent again.

    Of last units only as much as is safe even if the channel took the first write: they are shared anew.
    """
    few = _lock(submission)
    for statement in _FORGET:
        execute(statement, {"submission": submission.pk, "now": clock.now()})
    if submission.kind == Submission.Kind.LEAD:
        forget_lead_times(submission)
    execute(_LOSE_ITEMS, [submission.pk])
    recompute_desired(few)
    submission.state, submission.message, submission.closed_at = state, message, clock.now()
    submission.save(update_fields=["state", "message", "closed_at"])


def _lock(submission: Submission) -> list[int]:
    """Its offers, and all those that share last units with them; the products of those."""
    few = with_sharers([row[0] for row in fetch(_FEW, [submission.pk])])
    fetch(_LOCK, [submission.pk, few])
    return few


def recover_prepared(channel: Channel) -> int:
    """Submissions whose sender died between claiming and noting the receipt. Stock and prices are absolute
    values, so sending the current ones again is safe whatever became of the first attempt."""
    orphans = Submission.objects.filter(channel=channel, state=State.PREPARED)
    for submission in orphans:
        give_back(submission, state=State.LOST, message="its sender ended before the receipt was noted")
    return len(orphans)


def close_submission(submission: Submission, report: SubmissionReport, *, run_id: int | None = None) -> int:
    """Take the channel's report. Returns how many items it rejected."""
    if report.state is ImportState.FAILED:
        give_back(submission, state=State.FAILED, message=report.message)
        open_issues([_whole(submission, report.message)], run_id=run_id)
        return submission.items
    rejected = [verdict for verdict in report.verdicts if verdict.outcome is Outcome.REJECTED]
    with transaction.atomic():
        _close_items(submission, report.verdicts)
        submission.state, submission.rejected = State.COMPLETE, len(rejected)
        submission.closed_at = submission.checked_at = clock.now()
        submission.save(update_fields=["state", "rejected", "closed_at", "checked_at"])
        _tell(submission, rejected, run_id)
    return len(rejected)


def _close_items(submission: Submission, verdicts: Sequence[Verdict]) -> None:
    judged = [v for v in verdicts if v.outcome is not Outcome.DONE]
    words = [f"{v.code} {v.message}".strip() for v in judged]
    # Neither taken nor refused: what the channel shows is unknown, and the difference is closed again.
    outcomes = ["rejected" if v.outcome is Outcome.REJECTED else "retry" for v in judged]
    execute(_JUDGE_ITEMS, [[v.key for v in judged], outcomes, words, submission.pk])
    execute(_ACCEPT_ITEMS, [submission.pk])
    now = clock.now()
    values = {"submission": submission.pk, "now": now}
    few = _lock(submission)
    if submission.kind == Submission.Kind.LEAD:
        close_lead_times(submission, now)
        return
    execute(_CLOSE_QUANTITIES, values)
    execute(_CLOSE_PRICES, values)
    if judged:
        recompute_desired(few)


def _whole(submission: Submission, message: str) -> Trouble:
    return Trouble(
        Reason.REJECTED, f"The channel took nothing of {submission.items} items: {message or 'without a word'}",
        channel=submission.channel.key, flow="publish_offers", subject_kind="submission", subject=submission.kind,
        action="check_settings", detail={"submission": submission.pk},
    )  # fmt: skip


def _tell(submission: Submission, rejected: list[Verdict], run_id: int | None) -> None:
    channel = submission.channel.key
    open_issues(
        [
            Trouble(
                Reason.REJECTED, f"{v.code} {v.message}".strip() or "rejected without a word", channel=channel,
                subject_kind="offer", subject=v.key, flow="publish_offers", action="retry_offer",
                detail={"submission": submission.pk, "kind": submission.kind},
            )
            for v in rejected
        ],
        run_id=run_id,
    )  # fmt: skip
    close_issues(resolution="taken by the channel", subject_kind="submission", subjects=[submission.kind],
                 channel=channel)  # fmt: skip
    taken = fetch(
        """SELECT o.sku FROM offers_submissionitem item JOIN offers_offer o ON o.id = item.offer_id
           JOIN journal_issue issue ON issue.subject = o.sku AND issue.subject_kind = 'offer'
             AND issue.state = 'open' AND issue.channel = %s
           WHERE item.submission_id = %s AND item.outcome = 'done'""",
        [channel, submission.pk],
    )
    close_issues(
        resolution="taken by the channel", subject_kind="offer", subjects=[row[0] for row in taken],
        channel=channel, reason__in=[Reason.REJECTED, Reason.BELOW_FLOOR, Reason.PRICE_STEP],
    )  # fmt: skip


@transaction.atomic
def retry_offers(channel: Channel, skus: list[str]) -> int:
    """Offer again what was rejected."""
    mine = channel.offers.filter(sku__in=skus).exclude(product=None).values_list("product_id", flat=True)
    products = with_sharers([pk for pk in mine if pk is not None])
    fetch(
        """SELECT id FROM offers_offer WHERE product_id = ANY(%s) OR (channel_id = %s AND sku = ANY(%s))
           ORDER BY id FOR NO KEY UPDATE""",
        [products, channel.pk, skus],
    )
    retried = execute(
        """UPDATE offers_offer SET sent_quantity = NULL, sent_price = NULL, quantity_error = '', price_error = ''
           WHERE channel_id = %s AND sku = ANY(%s)
             AND quantity_submission_id IS NULL AND price_submission_id IS NULL""",
        [channel.pk, skus],
    )
    retry_lead_times(channel, skus)
    recompute_desired(products)
    return retried
