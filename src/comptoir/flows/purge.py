"""old traces, old runs, buyers' data past its term ──▶ gone, by schedule"""

from __future__ import annotations

from datetime import datetime, timedelta

from comptoir.accounts.kept_answers import forget_answers
from comptoir.channels.invoices import forget_files
from comptoir.channels.models import Channel
from comptoir.core.bulk import execute
from comptoir.flows.connect import contacts_kept_days
from comptoir.flows.execution import Execution
from comptoir.flows.models import TableFile
from comptoir.flows.registry import flow
from comptoir.journal.models import Alert, Exchange, Issue, Run
from comptoir.offers.quantity_history import purge_history
from comptoir.orders.privacy import KEPT_DAYS, kept_days, purge_contacts
from comptoir.pricing.competition import purge_competition
from comptoir.sdk.i18n import N_

EXCHANGES_KEPT = timedelta(days=14)
FAILED_EXCHANGES_KEPT = timedelta(days=90)
RUNS_KEPT = timedelta(days=90)
ISSUES_KEPT = timedelta(days=365)
COMPETITION_KEPT = timedelta(days=90)
DECISIONS_KEPT = timedelta(days=90)
FILES_KEPT = timedelta(days=90)
ANSWERS_KEPT = timedelta(days=3)
"""A caller repeats a write after a breakdown of its own, a week-end long: as long as webhooks are tried again."""
JOBS_KEPT_HOURS = 48


@flow(label=N_("Purge"), every=timedelta(hours=24))
def purge(execution: Execution) -> None:
    now = execution.now()
    fine = Exchange.objects.filter(started_at__lt=now - EXCHANGES_KEPT, error="", status__lt=400)
    execution.count("exchanges", fine.delete()[0])
    failed = Exchange.objects.filter(started_at__lt=now - FAILED_EXCHANGES_KEPT)
    execution.count("failed_exchanges", failed.delete()[0])
    old_issues = Issue.objects.filter(state=Issue.State.CLOSED, closed_at__lt=now - ISSUES_KEPT)
    execution.count("issues", old_issues.delete()[0])
    execution.count("alerts", Alert.objects.filter(ended_at__lt=now - ISSUES_KEPT).delete()[0])
    execution.count("runs", Run.objects.filter(started_at__lt=now - RUNS_KEPT).delete()[0])
    terms = contacts_kept_days()
    for channel in Channel.objects.all():
        before = now - timedelta(days=kept_days(channel, terms))
        execution.count("contacts", purge_contacts(channel, before=before))
        execution.count("raw_payloads", _purge_raw(before, channel.key))
        execution.count("invoice_files", forget_files(channel, before=before))
    execution.count("raw_payloads", _purge_raw(now - timedelta(days=KEPT_DAYS), ""))
    execution.count("competing_offers", purge_competition(before=now - COMPETITION_KEPT))
    execution.count("files", TableFile.objects.filter(created_at__lt=now - FILES_KEPT).delete()[0])
    execution.count("kept_answers", forget_answers(before=now - ANSWERS_KEPT))
    execution.count("decisions", purge_history(before=now - DECISIONS_KEPT))
    execution.count("jobs", _purge_jobs())


def _purge_raw(before: datetime, channel: str) -> int:
    """Payloads of records that were set aside name buyers too."""
    return execute(
        """UPDATE journal_issue SET detail = detail - 'raw' WHERE last_seen_at < %(before)s
           AND detail ->> 'raw' IS NOT NULL AND channel = %(channel)s""",
        {"before": before, "channel": channel},
    )


def _purge_jobs() -> int:
    return execute(
        """DELETE FROM procrastinate_jobs WHERE status IN ('succeeded', 'failed', 'cancelled', 'aborted')
           AND id IN (SELECT job_id FROM procrastinate_events
                      GROUP BY job_id HAVING max(at) < now() - make_interval(hours => %s))""",
        [JOBS_KEPT_HOURS],
    )
