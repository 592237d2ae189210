"""Accounting entries on their way to whoever keeps the books, in numbered deliveries: nothing twice."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from comptoir.channels.models import Channel
from comptoir.core import clock
from comptoir.finance.models import AccountingEntry, JournalDelivery
from comptoir.journal.audit import record_change
from comptoir.journal.issues import Reason, Trouble, close_issues, open_issues
from comptoir.sdk.accounting import AccountingLine
from comptoir.sdk.records import Outcome, SubmissionReport
from comptoir.sdk.statuses import ImportState

FLOW = "export_journals_to_erp"
_CENT = Decimal("0.01")
State = JournalDelivery.State


def unsent_entries() -> QuerySet[AccountingEntry]:
    return AccountingEntry.objects.filter(delivery=None, outcome="")


def has_journals_to_tell(channel: Channel) -> bool:
    waiting = JournalDelivery.objects.filter(channel=channel, state__in=[State.OPEN, State.SENT])
    return waiting.exists() or unsent_entries().exists()


def open_journal(channel: Channel) -> JournalDelivery | None:
    found = JournalDelivery.objects.filter(channel=channel, state=State.OPEN)
    return found.order_by("number").first()


@transaction.atomic
def prepare_journal(channel: Channel, *, limit: int) -> JournalDelivery | None:
    """Number a delivery and its entries, committed before anything leaves; None when there are none."""
    ready = unsent_entries().select_for_update(skip_locked=True).order_by("journal", "number")
    entries = [entry.pk for entry in ready[:limit]]
    if not entries:
        return None
    last = JournalDelivery.objects.filter(channel=channel).aggregate(last=Max("number"))["last"] or 0
    delivery = JournalDelivery.objects.create(channel=channel, number=last + 1, created_at=clock.now())
    AccountingEntry.objects.filter(pk__in=entries).update(delivery=delivery)
    return delivery


def journal_lines(entries: QuerySet[AccountingEntry]) -> list[AccountingLine]:
    """Entries of one journal follow each other by their numbers."""
    found = entries.prefetch_related("rows").order_by("journal", "number")
    return [line for entry in found for line in _lines(entry)]


def _lines(entry: AccountingEntry) -> list[AccountingLine]:
    return [
        AccountingLine(
            journal=entry.journal, journal_label="Places de marché", entry=str(entry.number),
            entry_date=entry.entry_date, account=row.account, account_label=row.account_label,
            auxiliary=row.auxiliary, auxiliary_label=row.auxiliary_label, piece=entry.piece,
            piece_date=entry.entry_date, label=row.label, debit=row.debit.quantize(_CENT),
            credit=row.credit.quantize(_CENT), validated_on=timezone.localdate(entry.created_at),
        )
        for row in entry.rows.all()
    ]  # fmt: skip


def mark_journal_sent(delivery: JournalDelivery, external_id: str) -> None:
    delivery.state, delivery.external_id = State.SENT, external_id
    delivery.save(update_fields=["state", "external_id"])


@transaction.atomic
def close_journal(delivery: JournalDelivery, report: SubmissionReport, *, run_id: int | None) -> int:
    """Take the answer, entry by entry: how many were rejected. « Try again » goes with a later delivery."""
    if report.state is ImportState.PENDING:
        return 0
    failed = report.state is ImportState.FAILED
    verdicts = {verdict.key: verdict for verdict in report.verdicts}
    refused: list[AccountingEntry] = []
    for entry in delivery.entries.select_for_update().order_by("id"):
        verdict = verdicts.get(str(entry))
        outcome = Outcome.REJECTED if failed else verdict.outcome if verdict else Outcome.DONE
        entry.message = report.message if failed else verdict.message if verdict else ""
        if outcome in (Outcome.DONE, Outcome.REJECTED):
            entry.outcome = outcome.value
        else:
            entry.delivery = None
        entry.save(update_fields=["outcome", "message", "delivery"])
        refused += [entry] if outcome is Outcome.REJECTED else []
    delivery.state, delivery.closed_at = State.FAILED if failed else State.COMPLETE, clock.now()
    delivery.message = report.message
    delivery.save(update_fields=["state", "closed_at", "message"])
    open_issues([_refusal(entry) for entry in refused], run_id=run_id)
    done = [str(entry) for entry in delivery.entries.filter(outcome="done")]
    close_issues(resolution="taken by who keeps the books", subject_kind="entry", subjects=done)
    return len(refused)


@transaction.atomic
def refuse_entry(delivery: JournalDelivery, key: str, message: str, *, run_id: int | None) -> bool:
    """An entry that cannot even be written: out of the delivery, so that the others leave."""
    entry = next((one for one in delivery.entries.select_for_update() if str(one) == key), None)
    if entry is None:
        return False
    entry.delivery, entry.outcome, entry.message = None, Outcome.REJECTED.value, message
    entry.save(update_fields=["delivery", "outcome", "message"])
    open_issues([_refusal(entry)], run_id=run_id)
    if not delivery.entries.exists():
        delivery.delete()
    return True


@transaction.atomic
def send_entries_again(entry_ids: Sequence[int], *, actor: str) -> int:
    """An explicit, audited wish, of what was rejected."""
    refused = AccountingEntry.objects.select_for_update().filter(pk__in=entry_ids, outcome="rejected")
    names = [str(entry) for entry in refused]
    refused.update(outcome="", message="", delivery=None)
    for name in names:
        record_change(actor=actor, action="entry.sent_again", subject_kind="entry", subject=name)
    return len(names)


def _refusal(entry: AccountingEntry) -> Trouble:
    return Trouble(
        Reason.REJECTED, f"The accounting entry {entry} is not taken: {entry.message}", channel=entry.channel.key,
        flow=FLOW, subject_kind="entry", subject=str(entry), action="send_entry",
    )  # fmt: skip
