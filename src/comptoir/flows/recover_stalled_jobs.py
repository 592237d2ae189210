"""jobs whose worker died ──▶ the queue again; the third death of the same job is an Issue, not a fourth try

procrastinate leaves the job of a killed worker as « doing » for ever and counts no attempt, so both are
done here: its workers beat every 10 s, and one that has not beaten for 30 s is dead
(COMPTOIR_WORKER_DEAD_AFTER).
"""

from __future__ import annotations

from datetime import timedelta

import msgspec
from django.conf import settings

from comptoir.core import clock
from comptoir.core.bulk import execute, fetch
from comptoir.core.locks import held_among
from comptoir.flows.execution import Execution
from comptoir.flows.models import KilledJob, Turn
from comptoir.flows.registry import flow, flows
from comptoir.flows.schedule import LONGEST_BACKOFF
from comptoir.journal.issues import Reason, Trouble
from comptoir.journal.models import Run
from comptoir.sdk.i18n import N_

KILLS_ALLOWED = 3
WITHOUT_A_LOCK = timedelta(hours=2)
"""A run that holds no lock (a preview for a person) and is older has lost its program."""

# The worker's row is gone or silent. The database's clock judges: heartbeats are written with it.
STALLED_JOBS = """
SELECT job.id, job.task_name, job.args::text,
       EXISTS (SELECT FROM procrastinate_jobs other WHERE other.status = 'todo'
               AND other.queueing_lock = job.queueing_lock)
FROM procrastinate_jobs job
LEFT JOIN procrastinate_workers worker ON worker.id = job.worker_id
WHERE job.status = 'doing'
  AND (worker.id IS NULL OR worker.last_heartbeat < now() - make_interval(secs => %s))
"""


@flow(label=N_("Recover stalled jobs"), every=timedelta(seconds=5), has_work=lambda _: _anything_stalled())
def recover_stalled_jobs(execution: Execution) -> None:
    for job_id, task, arguments, waiting in fetch(
        f"{STALLED_JOBS} FOR UPDATE OF job SKIP LOCKED", [settings.WORKER_DEAD_AFTER_SECONDS]
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
    stalled = bool(fetch(f"{STALLED_JOBS} LIMIT 1", [settings.WORKER_DEAD_AFTER_SECONDS]))
    return stalled or bool(orphaned_runs())


def orphaned_runs() -> list[int]:
    """Runs that nobody will end any more: their worker is dead, or was cut off.

    A run goes on only while a session holds its lock, and only the newest run of a lock can be the one that
    does. The runs are read before the locks: what ends in between is no longer running when it is closed.
    """
    newest: dict[str, int] = {}
    running: dict[int, str] = {}
    lost: list[int] = []
    for run in Run.objects.filter(outcome=Run.Outcome.RUNNING).order_by("id"):
        lock = _lock_of(run)
        if lock is not None:
            running[run.pk], newest[lock] = lock, run.pk
        elif run.started_at < clock.now() - WITHOUT_A_LOCK:
            lost.append(run.pk)
    held = held_among(set(newest))
    return lost + [pk for pk, lock in running.items() if lock not in held or newest[lock] != pk]


def _lock_of(run: Run) -> str | None:
    """The name of the lock that a run holds while it goes on; None: what a person waits for holds none."""
    known = flows().get("import_orders" if run.flow == "reimport_orders" else run.flow)
    return None if known is None else f"flow:{known.lock}:{run.channel}"


def _count_kill(task: str, arguments: str) -> int:
    killed, created = KilledJob.objects.get_or_create(
        task=task, arguments=arguments[:300], defaults={"last_at": clock.now()}
    )
    if not created:
        killed.kills = 1 if _succeeded_since(killed) else killed.kills + 1
        killed.last_at = clock.now()
        killed.save(update_fields=["kills", "last_at"])
    return killed.kills


def _succeeded_since(killed: KilledJob) -> bool:
    """Deaths count in a row: a deployment that kills a worker now and then is nobody's fault."""
    told = msgspec.json.decode(killed.arguments)
    turns = Turn.objects.filter(flow=told.get("flow", ""), channel=told.get("channel", ""))
    return turns.filter(succeeded_at__gt=killed.last_at).exists()


def _give_up(execution: Execution, job_id: int, task: str, arguments: str, kills: int) -> None:
    _finish(job_id)
    KilledJob.objects.filter(task=task, arguments=arguments[:300]).delete()
    _put_off(arguments)
    execution.count("given_up")
    execution.report(
        [
            Trouble(
                Reason.RETRIES_EXHAUSTED,
                f"The job {task} killed its worker {kills} times. Its next turn waits {LONGEST_BACKOFF}.",
                flow="recover_stalled_jobs",
                subject_kind="job",
                subject=arguments[:200],
                action="retry_flow",
                detail={"job": job_id, "arguments": arguments},
            )
        ]
    )


def _put_off(arguments: str) -> None:
    """Not switched off for good: the schedule tries once more later, and three more deaths tell again."""
    told = msgspec.json.decode(arguments)
    turns = Turn.objects.filter(flow=told.get("flow", ""), channel=told.get("channel", ""))
    turns.update(due_at=clock.now() + LONGEST_BACKOFF)


def _finish(job_id: int) -> None:
    execute("SELECT procrastinate_finish_job_v1(%s, 'failed', false)", [job_id])


def _close_orphaned_runs(execution: Execution) -> None:
    """Runs whose worker died: nobody will end them any more."""
    orphans = Run.objects.filter(pk__in=orphaned_runs(), outcome=Run.Outcome.RUNNING)
    closed = orphans.update(
        outcome=Run.Outcome.FAILED, ended_at=execution.now(), error_kind="Killed", error="Its worker died."
    )
    execution.count("runs_closed", closed)
