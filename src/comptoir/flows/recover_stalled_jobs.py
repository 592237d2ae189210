"""jobs whose worker died ──▶ the queue again; the third death of the same job is an Issue, not a fourth try

procrastinate leaves the job of a killed worker as « doing » for ever and counts no attempt, so both are
done here: its workers beat every 10 s, and one that has not beaten for 30 s is dead.
"""

from __future__ import annotations

from datetime import timedelta

from django.db.models import QuerySet

from comptoir.core import clock
from comptoir.core.bulk import execute, fetch
from comptoir.flows.execution import Execution
from comptoir.flows.models import KilledJob
from comptoir.flows.registry import flow
from comptoir.journal.issues import Reason, Trouble
from comptoir.journal.models import Run
from comptoir.sdk.i18n import N_

DEAD_AFTER_SECONDS = 30
KILLS_ALLOWED = 3

# The worker's row is gone or silent. The database's clock judges: heartbeats are written with it.
_STALLED = """
SELECT job.id, job.task_name, job.args::text,
       EXISTS (SELECT FROM procrastinate_jobs other WHERE other.status = 'todo'
               AND other.queueing_lock = job.queueing_lock)
FROM procrastinate_jobs job
LEFT JOIN procrastinate_workers worker ON worker.id = job.worker_id
WHERE job.status = 'doing'
  AND (worker.id IS NULL OR worker.last_heartbeat < now() - make_interval(secs => %s))
"""


@flow(label=N_("Recover stalled jobs"), every=timedelta(seconds=15), has_work=lambda _: _anything_stalled())
def recover_stalled_jobs(execution: Execution) -> None:
    for job_id, task, arguments, waiting in fetch(
        f"{_STALLED} FOR UPDATE OF job SKIP LOCKED", [DEAD_AFTER_SECONDS]
    ):
        kills = _count_kill(task, arguments)
        if kills >= KILLS_ALLOWED:
            _give_up(execution, job_id, task, arguments, kills)
        elif waiting:
            # The same turn is in the queue already: it does this one's work too.
            _finish(job_id)
            execution.count("replaced")
        else:
            execute("SELECT procrastinate_retry_job_v2(%s, now(), NULL, NULL, NULL)", [job_id])
            execution.count("recovered")
    _close_orphaned_runs(execution)


def _anything_stalled() -> bool:
    stalled = bool(fetch(f"{_STALLED} LIMIT 1", [DEAD_AFTER_SECONDS]))
    return stalled or _orphaned_runs().exists()


def _orphaned_runs() -> QuerySet[Run]:
    return Run.objects.filter(outcome=Run.Outcome.RUNNING, started_at__lt=clock.now() - timedelta(hours=2))


def _count_kill(task: str, arguments: str) -> int:
    killed, created = KilledJob.objects.get_or_create(
        task=task, arguments=arguments[:300], defaults={"last_at": clock.now()}
    )
    if not created:
        killed.kills += 1
        killed.last_at = clock.now()
        killed.save(update_fields=["kills", "last_at"])
    return killed.kills


def _give_up(execution: Execution, job_id: int, task: str, arguments: str, kills: int) -> None:
    _finish(job_id)
    KilledJob.objects.filter(task=task, arguments=arguments[:300]).delete()
    execution.count("given_up")
    execution.report(
        [
            Trouble(
                Reason.RETRIES_EXHAUSTED,
                f"The job {task} killed its worker {kills} times; it is not tried again by itself.",
                flow="recover_stalled_jobs",
                subject_kind="job",
                subject=arguments[:200],
                action="retry_flow",
                detail={"job": job_id, "arguments": arguments},
            )
        ]
    )


def _finish(job_id: int) -> None:
    execute("SELECT procrastinate_finish_job_v1(%s, 'failed', false)", [job_id])


def _close_orphaned_runs(execution: Execution) -> None:
    """Runs whose worker died: nobody will end them any more."""
    closed = _orphaned_runs().update(
        outcome=Run.Outcome.FAILED, ended_at=execution.now(), error_kind="Killed", error="Its worker died."
    )
    execution.count("runs_closed", closed)
