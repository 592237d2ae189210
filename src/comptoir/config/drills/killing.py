"""kill -9 of workers, of the web, of a process of the database, of the whole database, at any moment of a day."""

from __future__ import annotations

import os
import random
import signal

import psycopg

from comptoir.config.drills.chaos import until
from comptoir.config.drills.front import Front, front_of
from comptoir.config.drills.left_running import running_in
from comptoir.config.drills.theatre import Outcome, Size, Theatre, theatre


def kill_programs(size: Size) -> Outcome:
    outcome = Outcome("kill")
    with theatre(size) as stage, front_of(stage, outcome) as front:
        chance = random.Random(size.seed)
        blows = [
            lambda: _kill_worker(stage, chance, outcome),
            lambda: _kill_backend(stage, chance, outcome),
            lambda: _kill_web(front, chance, outcome),
            lambda: _kill_worker(stage, chance, outcome),
            lambda: _kill_server(stage, outcome),
        ]
        stage.play(outcome, blows, pause=(1.5, 4.0))
    outcome.wrong += [f"left running: {command}" for command in running_in(stage.folder)]
    return outcome


def _count(outcome: Outcome, what: str) -> None:
    outcome.facts[what] = outcome.facts.get(what, 0) + 1


def _kill_worker(stage: Theatre, chance: random.Random, outcome: Outcome) -> None:
    if stage.workers.kill_one(chance):
        _count(outcome, "workers_killed")


def _kill_web(front: Front, chance: random.Random, outcome: Outcome) -> None:
    if front.kill(chance):
        _count(outcome, "webs_killed")


def _kill_backend(stage: Theatre, chance: random.Random, outcome: Outcome) -> None:
    """One process of the server: PostgreSQL ends all the others and starts again by itself."""
    try:
        with psycopg.connect(stage.database.url(), connect_timeout=5, autocommit=True) as look:
            rows = look.execute(
                "SELECT pid FROM pg_stat_activity WHERE datname = 'comptoir' AND pid <> pg_backend_pid()"
            ).fetchall()
    except psycopg.OperationalError:
        return  # it is recovering from the blow before
    if rows:
        try:
            os.kill(int(chance.choice(rows)[0]), signal.SIGKILL)
        except ProcessLookupError:
            return  # it left between the look and the blow
        _count(outcome, "backends_killed")


def _kill_server(stage: Theatre, outcome: Outcome) -> None:
    pid = stage.database.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    until(20, lambda: not stage.database.alive(), "the end of the killed server")
    before = stage.database.url()
    after = stage.database.start()  # takes up the files, at the same port
    if after != before:
        outcome.wrong.append("the server came back at another address")
    _count(outcome, "servers_killed")
