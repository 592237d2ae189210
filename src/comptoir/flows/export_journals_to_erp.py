"""accounting entries ──numbered deliveries──▶ who keeps the books ──receipts──▶ taken, or an Issue"""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from comptoir.finance.journal_deliveries import (
    close_journal,
    has_journals_to_tell,
    journal_lines,
    mark_journal_sent,
    open_journal,
    prepare_journal,
    refuse_entry,
)
from comptoir.finance.models import AccountingEntry, JournalDelivery
from comptoir.flows.execution import Execution
from comptoir.flows.registry import flow
from comptoir.sdk.accounting import JournalTarget
from comptoir.sdk.connector import Role
from comptoir.sdk.errors import RejectedRecord
from comptoir.sdk.i18n import N_
from comptoir.sdk.records import Receipt
from comptoir.sdk.statuses import ImportState

KIND = "journal"
BATCH = 200


@flow(label=N_("Export accounting entries"), every=timedelta(minutes=30), role=Role.ERP,
      needs=(JournalTarget,), has_work=has_journals_to_tell)  # fmt: skip
def export_journals_to_erp(execution: Execution) -> None:
    target: JournalTarget = execution.connection
    sent = JournalDelivery.objects.filter(channel=execution.channel, state=JournalDelivery.State.SENT)
    for earlier in sent.order_by("number"):
        report = target.read_export(KIND, earlier.external_id)
        if report.state is not ImportState.PENDING:
            _note(execution, close_journal(earlier, report, run_id=execution.run.pk))
    while delivery := open_journal(execution.channel) or prepare_journal(execution.channel, limit=BATCH):
        entries = AccountingEntry.objects.filter(delivery=delivery)
        try:
            receipt = target.submit_journal(delivery.number, journal_lines(entries))
        except RejectedRecord as error:
            # One entry cannot be written: it is named, and the others leave without it.
            if not refuse_entry(delivery, error.record_id, error.message, run_id=execution.run.pk):
                raise
            _note(execution, 1)
            continue
        _take_receipt(execution, delivery, receipt)
        return


def _take_receipt(execution: Execution, delivery: JournalDelivery, receipt: Receipt) -> None:
    with transaction.atomic():
        mark_journal_sent(delivery, receipt.external_id)
        execution.count("sent", delivery.entries.count())
        if receipt.report is not None:
            _note(execution, close_journal(delivery, receipt.report, run_id=execution.run.pk))


def _note(execution: Execution, refused: int) -> None:
    execution.count("rejected", refused)
    execution.partial |= bool(refused)
