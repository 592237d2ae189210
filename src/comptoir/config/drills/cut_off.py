"""Two machines work; the cable of one is pulled in the middle of a job, and plugged in again much later.

Its work is taken over within a minute, though its sessions hold its locks and nobody told the server that it
is gone. It can still reach the channels meanwhile: what it would do there must not be done twice.
"""

from __future__ import annotations

import os
import sys
import threading
import time
import traceback
from pathlib import Path

import psycopg

from comptoir.config.drills.chaos import until
from comptoir.config.drills.machines import NETWORK, SERVER, Machine, machines, reach_loopback_port
from comptoir.config.drills.theatre import Outcome, Size, Theatre, theatre
from comptoir.config.postgres.installation import read_installation

WITHIN_S = 60.0
MORE_S = 5.0
"""How long the cable stays out after the work was taken over."""

_JOBS = "SELECT id FROM procrastinate_jobs WHERE status = 'doing' AND worker_id = %s"
# The sessions of a machine, by its address.
_SESSIONS = "SELECT count(*) FROM pg_stat_activity WHERE client_addr = %s::inet"


def cut_off(size: Size) -> Outcome:
    outcome = Outcome("cut")
    with machines(2) as (first, second), theatre(size, listen=f"127.0.0.1,{SERVER}") as stage:
        _let_in(stage)
        world_port = int(stage.world.parties[0]["url"].split(":")[2].split("/")[0])
        stage.workers.place([first.prefix])
        with reach_loopback_port(world_port, [first, second], stage.folder):
            number = _first_worker(stage)
            stage.workers.place([first.prefix, second.prefix])
            done: list[bool] = []

            def blow() -> None:
                if not done and _pull(stage, first, number, outcome):
                    done.append(True)

            stage.play(outcome, [blow], pause=(0.1, 0.3), latency_s=1.0)
        outcome.blows = len(done)
    return outcome


def _let_in(stage: Theatre) -> None:
    """The workers come by the network, as from other machines."""
    kept = read_installation(stage.database.folder)
    assert kept is not None
    with (Path(kept.cluster) / "pg_hba.conf").open("a", encoding="utf-8") as rules:
        rules.write(f"host all all {NETWORK} scram-sha-256\n")
    with psycopg.connect(stage.database.url(), autocommit=True) as server:
        server.execute("SELECT pg_reload_conf()")
    os.environ["DATABASE_URL"] = stage.database.url().replace("@127.0.0.1:", f"@{SERVER}:")


def _first_worker(stage: Theatre) -> int:
    """Its number in the queue: the other machine is not there yet."""
    found: list[int] = []

    def there() -> bool:
        stage.workers.tend()
        with psycopg.connect(stage.database.url()) as look:
            found[:] = [
                int(row[0]) for row in look.execute("SELECT id FROM procrastinate_workers").fetchall()
            ]
        return len(found) == 1

    until(240, there, "the worker of the first machine")
    return found[0]


def _pull(stage: Theatre, machine: Machine, worker: int, outcome: Outcome) -> bool:
    """False when its worker was between two jobs: another moment, then."""
    with psycopg.connect(stage.database.url(), autocommit=True) as look:

        def of(query: str, value: object) -> list[int]:
            return [int(row[0]) for row in look.execute(query, [value]).fetchall()]

        if not of(_JOBS, worker):
            return False
        machine.pull_cable()
        pulled = time.monotonic()
        try:
            time.sleep(0.3)  # what was on its way has arrived
            if not (mine := of(_JOBS, worker)):
                return False
            outcome.facts["jobs_cut"] = len(mine)
            until(WITHIN_S, lambda: not of(_JOBS, worker), "somebody takes the work over")
            outcome.facts["taken_over_s"] = round(time.monotonic() - pulled, 1)
            until(
                WITHIN_S,
                lambda: of(_SESSIONS, machine.address) == [0],
                "the server ends the machine's sessions",
            )
            outcome.facts["sessions_ended_s"] = round(time.monotonic() - pulled, 1)
            time.sleep(MORE_S)
        except TimeoutError as error:
            jobs, sessions = (look.execute(query).fetchall() for query in (_WHY, _WHO_WAITS))
            raise TimeoutError(f"{error}: {jobs}; sessions {sessions}; the drill itself {_main()}") from error
        finally:
            machine.plug_cable()
    return True


def _main() -> str:
    """Where the day stands: it is the drill that tells the workers what is due."""
    frame = sys._current_frames()[threading.main_thread().ident or 0]
    return "".join(traceback.format_stack(frame)[-8:])


_WHY = """
SELECT job.id, job.status::text, job.args::text, job.worker_id, extract(epoch FROM now() - worker.last_heartbeat)
FROM procrastinate_jobs job LEFT JOIN procrastinate_workers worker ON worker.id = job.worker_id
WHERE job.status = 'doing'
"""
_WHO_WAITS = """
SELECT client_addr::text, state, wait_event_type, wait_event, pg_blocking_pids(pid)::text, pid,
       extract(epoch FROM now() - xact_start)::int, left(query, 120)
FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
