"""Real worker processes, killed in the middle of real jobs."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time as real_time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, transaction

from comptoir.channels.services import add_channel
from comptoir.connectors.mirakl.settings import MiraklSettings
from comptoir.core import clock
from comptoir.core.bulk import execute, fetch
from comptoir.flows import connect
from comptoir.flows.jobs import enqueue_flow
from comptoir.flows.models import KilledJob, Turn
from comptoir.flows.policy import run_flow
from comptoir.journal.models import Issue, Run

SRC = Path(__file__).resolve().parents[2] / "src"
REAL_TYPES = connect.connector_types


@pytest.fixture(autouse=True)
def empty_queue(transactional_db: None) -> None:
    """The queue's tables are not Django's, so that nobody else empties them."""
    execute("TRUNCATE procrastinate_jobs, procrastinate_workers RESTART IDENTITY CASCADE")


@pytest.fixture
def silent_shop(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A marketplace that takes connections and never answers: its job is always in the middle."""
    monkeypatch.setattr(connect, "connector_types", REAL_TYPES)
    with clock.clock_at(clock.system_clock), socket.create_server(("127.0.0.1", 0), backlog=50) as server:
        address = MiraklSettings(base_url=f"http://127.0.0.1:{server.getsockname()[1]}", api_key="k" * 20)
        add_channel(
            key="silent", name="Silent", connector=REAL_TYPES()["mirakl"], settings=address, actor="test"
        )
        yield


def start_worker(*, queues: str) -> subprocess.Popen[bytes]:
    given = connection.settings_dict
    url = f"postgresql://{given['USER']}:{given['PASSWORD']}@{given['HOST']}:{given['PORT']}/{given['NAME']}"
    environment = os.environ | {
        "DATABASE_URL": url,
        "PYTHONPATH": str(SRC),
        "DJANGO_SETTINGS_MODULE": "comptoir.config.settings",
        "COMPTOIR_ALLOW_LOOPBACK": "1",
        "COMPTOIR_SECRET_KEY": settings.SECRET_KEY,
        "COMPTOIR_SEALING_KEYS": ",".join(settings.SEALING_KEYS),
    }
    command = [
        sys.executable,
        "-m",
        "django",
        "procrastinate",
        "worker",
        "--queues",
        queues,
        "--concurrency",
        "2",
    ]
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def wait_until(true: Callable[[], object], *, seconds: float) -> float:
    """The seconds it took; fails when it never came."""
    start = real_time.monotonic()
    while not true():
        assert real_time.monotonic() - start < seconds, list(
            Run.objects.values_list("flow", "outcome", "error")
        )[:5]
        real_time.sleep(0.2)
    return real_time.monotonic() - start


def running() -> list[int]:
    return [row[0] for row in fetch("SELECT worker_id FROM procrastinate_jobs WHERE status = 'doing'"
                                    " AND args ->> 'flow' = 'import_orders'")]  # fmt: skip


def end(worker: subprocess.Popen[bytes]) -> None:
    worker.kill()
    worker.wait(10)


@pytest.mark.slow
@pytest.mark.timeout(180)
@pytest.mark.django_db(transaction=True)
def test_the_job_of_a_killed_worker_is_taken_up_by_another_within_a_minute(silent_shop: None) -> None:
    workers: dict[int, subprocess.Popen[bytes]] = {}
    try:
        for _ in range(2):
            started = start_worker(queues="flows,schedule")
            wait_until(lambda: set(known_workers()) - set(workers), seconds=40)
            (number,) = set(known_workers()) - set(workers)
            workers[number] = started
        enqueue_flow("import_orders", "silent", trigger="hand")
        wait_until(running, seconds=20)
        (dead,) = running()
        workers[dead].send_signal(signal.SIGKILL)
        before = starts()
        took = wait_until(lambda: starts() > before, seconds=60)
    finally:
        for worker in workers.values():
            end(worker)
    assert took < 60
    assert KilledJob.objects.get(arguments__contains='"import_orders"').kills == 1


_STARTS = """
SELECT count(*) FROM procrastinate_events event JOIN procrastinate_jobs job ON job.id = event.job_id
WHERE event.type = 'started' AND job.args ->> 'flow' = 'import_orders'
"""


def starts() -> int:
    """How often the turn was begun: by its first job, by that job again, or by one that waited behind it."""
    return int(fetch(_STARTS)[0][0])


def known_workers() -> list[int]:
    return [row[0] for row in fetch("SELECT id FROM procrastinate_workers")]


def stall(kind: str = "import_orders", channel: str = "shop") -> int:
    """A job that is being done by a worker that is no more."""
    job = enqueue_flow(kind, channel)
    assert job is not None
    execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = NULL WHERE id = %s", [job])
    return job


def status(job: int) -> str:
    return str(fetch("SELECT status FROM procrastinate_jobs WHERE id = %s", [job])[0][0])


@pytest.mark.django_db(transaction=True)
def test_a_job_that_kills_its_worker_three_times_is_an_issue_and_not_a_fourth_try() -> None:
    job = stall()
    outcomes = []
    for _ in range(3):
        execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = NULL WHERE id = %s", [job])
        run_flow("recover_stalled_jobs")
        outcomes.append(status(job))
    assert outcomes == ["todo", "todo", "failed"]
    assert Issue.objects.get().reason == "retries_exhausted"
    assert not KilledJob.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_deaths_with_a_success_in_between_are_not_three_in_a_row(time: object) -> None:
    job = stall()
    for _ in range(4):
        execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = NULL WHERE id = %s", [job])
        run_flow("recover_stalled_jobs")
        assert status(job) == "todo"
        time.advance(minutes=1)  # type: ignore[attr-defined]
        Turn.objects.update_or_create(
            flow="import_orders",
            channel="shop",
            defaults={"due_at": clock.now(), "succeeded_at": clock.now()},
        )
        time.advance(minutes=1)  # type: ignore[attr-defined]
    assert not Issue.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_dead_job_whose_turn_waits_again_already_is_ended_not_doubled() -> None:
    dead = stall()
    waiting = enqueue_flow("import_orders", "shop")
    assert waiting is not None
    run = run_flow("recover_stalled_jobs")
    assert run is not None
    assert run.counts == {"replaced": 1}
    assert (status(dead), status(waiting)) == ("failed", "todo")


@pytest.mark.django_db(transaction=True)
def test_a_turn_that_waits_already_is_not_enqueued_twice_and_does_not_poison_the_callers_transaction() -> (
    None
):
    assert enqueue_flow("import_orders", "shop") is not None
    with transaction.atomic():
        assert enqueue_flow("import_orders", "shop") is None
        Run.objects.create(flow="purge", started_at=clock.now())
    assert Run.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_turn_enqueued_in_a_transaction_that_fails_is_not_in_the_queue() -> None:
    with transaction.atomic():
        assert enqueue_flow("import_orders", "shop") is not None
        transaction.set_rollback(True)
    assert fetch("SELECT count(*) FROM procrastinate_jobs") == [(0,)]
