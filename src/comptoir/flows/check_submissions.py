"""channel's report of each open submission ──item by item──▶ offers confirmed, or an Issue each"""

from __future__ import annotations

from datetime import timedelta

from comptoir.core import clock
from comptoir.flows.execution import Execution
from comptoir.flows.registry import flow
from comptoir.offers.models import Submission
from comptoir.offers.submissions import close_submission, give_back, open_submissions
from comptoir.sdk.connector import Role
from comptoir.sdk.errors import RateLimited, RejectedRecord
from comptoir.sdk.i18n import N_
from comptoir.sdk.ports import SubmissionReader
from comptoir.sdk.statuses import ImportState

GIVE_UP_AFTER = timedelta(hours=6)
"""A report that does not come in that time: nobody knows, so its offers are sent again."""


@flow(label=N_("Check submissions"), every=timedelta(seconds=30), role=Role.MARKETPLACE, needs=(SubmissionReader,),
      lock="offers", has_work=lambda channel: bool(open_submissions(channel)))  # fmt: skip
def check_submissions(execution: Execution) -> None:
    reader: SubmissionReader = execution.connection
    waited: RateLimited | None = None
    for submission in open_submissions(execution.channel):
        try:
            _check(execution, reader, submission)
        except RateLimited as error:
            waited = error  # other kinds of submission have limits of their own
    if waited is not None:
        raise waited


def _check(execution: Execution, reader: SubmissionReader, submission: Submission) -> None:
    try:
        report = reader.read_submission(submission.kind, submission.external_id)
    except RejectedRecord as error:
        # The channel no longer knows it (reports expire): what it took of it is unknown.
        give_back(submission, state=Submission.State.LOST, message=error.message)
        execution.count("lost")
        return
    if report.state is ImportState.PENDING:
        _wait(execution, submission)
        return
    execution.count("confirmed", submission.items)
    rejected = close_submission(submission, report, run_id=execution.run.pk)
    execution.count("rejected", rejected)
    execution.partial |= rejected > 0


def _wait(execution: Execution, submission: Submission) -> None:
    now = clock.now()
    if submission.sent_at and now - submission.sent_at > GIVE_UP_AFTER:
        give_back(submission, state=Submission.State.LOST, message=f"no report after {GIVE_UP_AFTER}")
        execution.count("lost")
        return
    submission.checked_at = now
    submission.save(update_fields=["checked_at"])
    execution.count("pending")
