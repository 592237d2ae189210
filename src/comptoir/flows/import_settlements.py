"""channel ──movements of our account, page by page──▶ settlement entries; provisional ones give way to them

The account is read once for all its channels. Each reading goes back some days before the last one: payout
dates are told later, and entries are known by the channel's own ids, so reading twice doubles nothing.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.db import transaction

from comptoir.channels.models import Channel
from comptoir.finance.settlements import record_entries, settle_expectations
from comptoir.flows.execution import Execution
from comptoir.flows.registry import flow
from comptoir.journal.issues import Reason, close_issues
from comptoir.sdk.connector import Role
from comptoir.sdk.i18n import N_
from comptoir.sdk.settlements import SettlementSource

CURSOR = "settlements"
FIRST = timedelta(days=90)
OVERLAP = timedelta(days=15)
"""From a booking to its payout, on the channels that are known."""


def reads_its_account(channel: Channel) -> bool:
    """The first active channel of an account reads it for the others."""
    others = Channel.objects.filter(account=channel.account, kind=channel.kind, state=Channel.State.ACTIVE)
    return not others.filter(pk__lt=channel.pk).exists()


@flow(label=N_("Import settlements"), every=timedelta(hours=6), role=Role.MARKETPLACE, needs=(SettlementSource,),
      has_work=reads_its_account)  # fmt: skip
def import_settlements(execution: Execution) -> None:
    source: SettlementSource = execution.connection
    began = execution.now()
    since = _since(execution.cursor(CURSOR), began)
    for page in source.settlement_pages(since):
        with transaction.atomic():
            recorded = record_entries(execution.channel, page.entries)
            refused = [*page.rejected, *recorded.rejected]
            execution.set_aside(refused, kind="settlement")
            names = {item.external_id for item in refused}
            close_issues(
                resolution="the entry can be read now", subject_kind="settlement", reason=Reason.UNREADABLE,
                channel=execution.channel.key,
                subjects=[e.external_id for e in page.entries if e.external_id not in names],
            )  # fmt: skip
        for name in ("created", "updated", "unchanged"):
            execution.count(name, getattr(recorded, name))
    with transaction.atomic():
        expected, gone = settle_expectations(execution.channel, since=began - FIRST)
        execution.count("expected", expected)
        execution.count("settled", gone)
        execution.move_cursor(CURSOR, began.isoformat())


def _since(cursor: str, now: datetime) -> datetime:
    return datetime.fromisoformat(cursor).astimezone(UTC) - OVERLAP if cursor else now - FIRST
