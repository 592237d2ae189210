"""How every flow runs: one at a time per channel, journaled, and what each kind of failure leads to."""

from __future__ import annotations

import traceback
from datetime import timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection

from comptoir.channels.models import Channel
from comptoir.channels.services import suspend_channel
from comptoir.core import clock
from comptoir.core.drain import AskedToLeave
from comptoir.core.locks import Busy, Fence, advisory_lock
from comptoir.core.telling import logged, span
from comptoir.flows.connect import connected
from comptoir.flows.execution import Execution
from comptoir.flows.registry import Flow, flows
from comptoir.flows.schedule import finish_turn, skip_turn, start_turn
from comptoir.journal.exchanges import ExchangeRecorder
from comptoir.journal.issues import Reason, Trouble, close_issues, open_issues
from comptoir.journal.models import Run
from comptoir.sdk.errors import (
    ConfigurationError,
    ConnectorError,
    OutcomeUnknown,
    RateLimited,
    RejectedRecord,
    TransientError,
    UnexpectedAnswer,
)
from comptoir.sdk.storable import storable

Outcome = Run.Outcome
log = structlog.get_logger("comptoir.flows")

FAILURES_BEFORE_ISSUE = 5
"""Transient failures in a row before a person is told; the flow goes on trying all the same."""


class UnknownFlow(LookupError):  # noqa: N818
    """No flow has this name."""


def run_flow(name: str, channel_key: str = "", *, trigger: str = "schedule", actor: str = "") -> Run | None:
    """Run a flow now. None when it already runs there (or the channel is not active and this is the schedule)."""
    found = flows().get(name)
    if found is None:
        raise UnknownFlow(name)
    channel = (
        Channel.objects.get(key=channel_key) if channel_key else Channel(key="", name="", currency="EUR")
    )
    if channel_key and not channel.is_active:
        return None
    if trigger == "schedule" and not found.has_work(channel):
        skip_turn(found, channel)
        return None
    try:
        with advisory_lock(f"flow:{found.lock}:{channel_key}") as fence:
            execution = _open(found, channel, trigger, actor)
            recorder = ExchangeRecorder(channel.key, settings.EXCHANGE_SAMPLE_RATE)
            with logged(run=execution.run.pk, flow=name, channel=channel_key), span(f"flow {name}") as trace:
                _run(found, execution, recorder, fence)
                trace.tell(channel=channel_key, run=execution.run.pk, outcome=execution.run.outcome)
    except Busy:
        return None
    if fence.lost:
        _abandon(execution.run, recorder)
    return execution.run


def _open(flow: Flow, channel: Channel, trigger: str, actor: str) -> Execution:
    run = Run.objects.create(
        flow=flow.name, channel=channel.key, trigger=trigger, actor=actor, started_at=clock.now()
    )
    start_turn(flow, channel)
    return Execution(run, channel, None)


def _run(flow: Flow, execution: Execution, recorder: ExchangeRecorder, fence: Fence) -> None:
    run, channel = execution.run, execution.channel
    retry_after: timedelta | None = None
    try:
        _execute(flow, execution, recorder)
        run.outcome = Outcome.PARTIAL if execution.partial else Outcome.SUCCEEDED
    except ConnectorError as error:
        retry_after = _after_failure(flow, execution, error)
    except AskedToLeave as error:
        # Nobody's failure: the turn is due at once, for another worker.
        run.outcome, run.error_kind, run.error = Outcome.WAITING, type(error).__name__, str(error)
        retry_after = timedelta(0)
        fence.let_close()
    except (OperationalError, InterfaceError) as error:
        # A deadlock, a database that restarts or fails over: the next turn finds everything as it was.
        run.outcome, run.error_kind, run.error = Outcome.FAILED, type(error).__name__, str(error)
    except Exception as error:
        # A fault of ours: told like any other, and raised so that nobody can overlook it.
        run.outcome, run.error_kind = Outcome.FAILED, type(error).__name__
        run.error = storable(traceback.format_exc(limit=8))
        _tell(flow, channel, Reason.UNEXPECTED_ANSWER, f"{type(error).__name__}: {error}", run)
        raise
    finally:
        run.ended_at = clock.now()
        _log_end(execution)
        if not fence.lost:
            _close(flow, execution, recorder, retry_after)


_AT_ITS_END = ("outcome", "counts", "ended_at", "cursor_before", "cursor_after", "error_kind", "error")


def _log_end(execution: Execution) -> None:
    run = execution.run
    say = log.warning if run.outcome == Outcome.FAILED else log.info
    say("run ended", outcome=run.outcome, error=run.error_kind or None, **dict(execution.counts))


def _abandon(run: Run, recorder: ExchangeRecorder) -> None:
    """The session went, and the lock with it: the turn may be another's. Only our own Run is ended."""
    connection.close()
    Run.objects.filter(pk=run.pk, outcome=Outcome.RUNNING).update(
        outcome=Outcome.FAILED, ended_at=run.ended_at, error_kind=run.error_kind, error=run.error
    )
    recorder.flush(run.pk)


def _execute(flow: Flow, execution: Execution, recorder: ExchangeRecorder) -> None:
    if not flow.connects:
        flow.run(execution)
        return
    with connected(execution.channel, recorder) as connection:
        execution.connection = connection
        flow.run(execution)


def _after_failure(flow: Flow, execution: Execution, error: ConnectorError) -> timedelta | None:
    """Note the failure and do what its kind asks for; how long the channel wants us to wait."""
    run, channel = execution.run, execution.channel
    run.error_kind, run.error = type(error).__name__, error.message
    run.outcome = Outcome.FAILED
    if isinstance(error, RateLimited):
        run.outcome = Outcome.WAITING
        return error.retry_after
    if isinstance(error, ConfigurationError):
        suspend_channel(channel, error.message)
    elif isinstance(error, UnexpectedAnswer):
        _tell(flow, channel, Reason.UNEXPECTED_ANSWER, error.message, run)
    elif isinstance(error, OutcomeUnknown):
        _tell(flow, channel, Reason.UNKNOWN_OUTCOME, error.message, run)
    elif isinstance(error, RejectedRecord):
        _tell(flow, channel, Reason.REJECTED, error.message, run)
    return error.retry_after if isinstance(error, TransientError) else None


def _close(
    flow: Flow, execution: Execution, recorder: ExchangeRecorder, retry_after: timedelta | None
) -> None:
    run = execution.run
    run.counts = dict(execution.counts) | ({"requests": recorder.count} if recorder.count else {})
    run.save(update_fields=_AT_ITS_END)
    recorder.flush(run.pk)
    failures = finish_turn(flow, execution.channel, run, retry_after)
    if failures == FAILURES_BEFORE_ISSUE:
        message = f"{flow.name} failed {failures} times in a row: {run.error}"
        _tell(flow, execution.channel, Reason.RETRIES_EXHAUSTED, message, run)
    elif run.outcome in (Outcome.SUCCEEDED, Outcome.PARTIAL):
        _close_own_issues(flow, execution.channel)


def _close_own_issues(flow: Flow, channel: Channel) -> None:
    close_issues(
        resolution="the flow succeeded again", subject_kind="flow", subjects=[flow.name], channel=channel.key,
    )  # fmt: skip


def _tell(flow: Flow, channel: Channel, reason: Any, message: str, run: Run) -> None:
    trouble = Trouble(
        reason, message, channel=channel.key, flow=flow.name, subject_kind="flow", subject=flow.name,
        action="retry_flow", detail={"run": run.pk},
    )  # fmt: skip
    open_issues([trouble], run_id=run.pk)
