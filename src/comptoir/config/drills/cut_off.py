"""Two machines work; the cable of one is pulled in the middle of a job, and plugged in again much later.

Its work is taken over within a minute, though its sessions hold its locks and nobody told the server that it
is gone. It can still reach the channels meanwhile: what it would do there must not be done twice.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

import psycopg

from comptoir.config.drills.chaos import until
from comptoir.config.drills.machines import NETWORK, SERVER, Machine, machines, reach_loopback_port
from comptoir.config.drills.theatre import Outcome, Size, Theatre, theatre
from comptoir.config.postgres.installation import read_installation

WITHIN_S = 60.0
MORE_S = 5.0
"""How long the cable stays out after the work was taken over."""

_JOBS = """
SELECT job.id FROM procrastinate_jobs job WHERE job.status = 'doing' AND job.worker_id = ANY(%s)
"""
# The sessions of a machine, by its address.
_SESSIONS = "SELECT count(*) FROM pg_stat_activity WHERE client_addr = %s::inet"


def cut_off(size: Size) -> Outcome:
    outcome = Outcome("cut")
    with machines(2) as (first, second), theatre(size, listen=f"127.0.0.1,{SERVER}") as stage:
        _let_in(stage)
        world_port = int(stage.world.parties[0]["url"].split(":")[2].split("/")[0])
        stage.workers.place([first.prefix, second.prefix])
        with reach_loopback_port(world_port, [first, second], stage.folder):
            done: list[bool] = []

            def blow() -> None:
                if not done and _pull(stage, first, outcome):
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


def _pull(stage: Theatre, machine: Machine, outcome: Outcome) -> bool:
    """False when its worker was between two jobs: another moment, then."""
    address = f"10.77.0.{10 + 1}"
    with psycopg.connect(stage.database.url(), autocommit=True) as look:
        if not look.execute(_SESSIONS, [address]).fetchone()[0]:  # type: ignore[index]
            return False
        machine.pull_cable()
        pulled = time.monotonic()
        try:
            mine = _doing_there(look, address)
            if not mine:
                return False
            outcome.facts["jobs_cut"] = len(mine)
            until(WITHIN_S, lambda: not _still(look, mine), "somebody takes the work over")
            outcome.facts["taken_over_s"] = round(time.monotonic() - pulled, 1)
            until(WITHIN_S, lambda: not look.execute(_SESSIONS, [address]).fetchone()[0],  # type: ignore[index]
                  "the server ends the sessions of the machine")  # fmt: skip
            outcome.facts["sessions_ended_s"] = round(time.monotonic() - pulled, 1)
            time.sleep(MORE_S)
        finally:
            machine.plug_cable()
    return True


def _doing_there(look: psycopg.Connection, address: str) -> list[tuple[int, int]]:
    """(job, worker) of what the machine is in the middle of, by the locks that its sessions hold."""
    rows = look.execute(
        """SELECT DISTINCT job.id, job.worker_id FROM procrastinate_jobs job
           JOIN pg_stat_activity session ON session.client_addr = %s::inet
           JOIN pg_locks held ON held.pid = session.pid AND held.locktype = 'advisory' AND held.granted
           WHERE job.status = 'doing' AND job.worker_id IN (
               SELECT DISTINCT job.worker_id FROM procrastinate_jobs job WHERE job.status = 'doing')""",
        [address],
    ).fetchall()
    return [(int(job), int(worker)) for job, worker in rows]


def _still(look: psycopg.Connection, mine: list[tuple[int, int]]) -> bool:
    rows = look.execute(
        "SELECT id, worker_id FROM procrastinate_jobs WHERE status = 'doing' AND id = ANY(%s)",
        [[job for job, _ in mine]],
    ).fetchall()
    return bool(set(mine) & {(int(job), int(worker or 0)) for job, worker in rows})
