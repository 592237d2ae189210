"""The flows as procrastinate jobs: enqueued by the schedule, taken by any worker."""

from __future__ import annotations

import procrastinate
from django.db import close_old_connections, transaction
from procrastinate.contrib.django import app as django_app
from procrastinate.exceptions import AlreadyEnqueued

from comptoir.core import clock
from comptoir.flows.policy import run_flow
from comptoir.flows.schedule import due_turns, plan_turns

TICK_SECONDS = 5
RECOVERY = "recover_stalled_jobs"


def on_app_ready(app: procrastinate.App) -> None:
    """Called by procrastinate's Django application once its tasks are known."""


@django_app.task(name="comptoir.run_flow", queue="flows")
def run_flow_job(flow: str, channel: str, trigger: str = "schedule", actor: str = "") -> None:
    """One turn of one flow. Its arguments name everything, so a job that is taken up again does no harm."""
    close_old_connections()
    try:
        run_flow(flow, channel, trigger=trigger, actor=actor)
    finally:
        close_old_connections()


def enqueue_flow(flow: str, channel: str = "", *, trigger: str = "schedule", actor: str = "") -> int | None:
    """Put a turn into the queue; None when the same one waits there already."""
    name = f"{flow}:{channel}"
    try:
        job = run_flow_job.configure(queueing_lock=name, lock=name)
        # Its own savepoint: a turn that waits already must not poison the caller's transaction.
        with transaction.atomic():
            return int(job.defer(flow=flow, channel=channel, trigger=trigger, actor=actor))
    except AlreadyEnqueued:
        return None


@django_app.periodic(cron=f"* * * * * */{TICK_SECONDS}")
@django_app.task(name="comptoir.tick", queue="schedule", queueing_lock="tick", pass_context=False)
def tick(timestamp: int) -> None:
    """Every few seconds: put what is due into the queue."""
    close_old_connections()
    try:
        enqueue_due()
    finally:
        close_old_connections()


def enqueue_due() -> int:
    plan_turns()
    due = due_turns(clock.now())
    # Recovery is done here and now: as a job of its own it could be the one whose worker died.
    if any(turn.flow == RECOVERY for turn in due):
        run_flow(RECOVERY)
    return sum(enqueue_flow(t.flow, t.channel) is not None for t in due if t.flow != RECOVERY)
