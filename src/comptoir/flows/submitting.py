"""Sending one claimed submission, and what each way of failing means for its offers."""

from __future__ import annotations

from collections.abc import Callable

from comptoir.flows.execution import Execution
from comptoir.offers.models import Submission
from comptoir.offers.submissions import close_submission, give_back, mark_sent
from comptoir.sdk.errors import ConnectorError, OutcomeUnknown, RejectedRecord
from comptoir.sdk.records import Outcome, Receipt, SubmissionReport, Verdict
from comptoir.sdk.statuses import ImportState

State = Submission.State


def submit(execution: Execution, submission: Submission, send: Callable[[], Receipt]) -> bool:
    """False when nobody knows what became of it: its offers wait for the next turn, not for the next second."""
    try:
        receipt = send()
    except OutcomeUnknown as error:
        # Absolute values: whatever the first attempt did, sending the current ones again is right.
        give_back(submission, state=State.LOST, message=error.message)
        execution.count("lost")
        return False
    except RejectedRecord as error:
        _refused(execution, submission, error)
        return True
    except ConnectorError as error:
        give_back(submission, state=State.FAILED, message=error.message)
        raise
    mark_sent(submission, receipt.external_id)
    if receipt.report is not None and receipt.report.state is not ImportState.PENDING:
        close_submission(submission, receipt.report, run_id=execution.run.pk)
        return receipt.report.state is not ImportState.FAILED
    return True


def _refused(execution: Execution, submission: Submission, error: RejectedRecord) -> None:
    """One record named: it alone is refused and the others go again. None named: the whole write is."""
    execution.partial = True
    claimed = list(submission.lines.values_list("offer__sku", flat=True))
    named = [error.record_id] if error.record_id in claimed else []
    refused = set(named or claimed)
    verdicts = tuple(
        Verdict(key=sku, outcome=Outcome.REJECTED, code=error.code, message=error.message)
        if sku in refused else Verdict(key=sku, outcome=Outcome.RETRY)
        for sku in claimed
    )  # fmt: skip
    report = SubmissionReport(state=ImportState.COMPLETE, verdicts=verdicts)
    close_submission(submission, report, run_id=execution.run.pk)
