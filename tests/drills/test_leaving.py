"""A real worker that is asked to leave (SIGTERM) ends what it does, gives its place back, and goes."""

from __future__ import annotations

import http.server
import os
import signal
import subprocess
import sys
import threading
import time as real_time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from comptoir.channels.services import add_channel
from comptoir.connectors.mirakl.settings import MiraklSettings
from comptoir.core import clock
from comptoir.core.bulk import execute, fetch
from comptoir.flows import connect
from comptoir.flows.jobs import enqueue_flow
from comptoir.journal.models import Run
from tests.flows.test_dead_workers import SRC, wait_until

REAL_TYPES = connect.connector_types
ANSWERS_AFTER_S = 3.0

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


class Slow(http.server.BaseHTTPRequestHandler):
    """A marketplace that thinks before it says that it cannot."""

    def do_GET(self) -> None:
        real_time.sleep(ANSWERS_AFTER_S)
        self.send_response(503)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Silent."""


@pytest.fixture
def slow_shop(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    execute("TRUNCATE procrastinate_jobs, procrastinate_workers RESTART IDENTITY CASCADE")
    monkeypatch.setattr(connect, "connector_types", REAL_TYPES)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Slow)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with clock.clock_at(clock.system_clock):
        address = MiraklSettings(base_url=f"http://127.0.0.1:{server.server_address[1]}", api_key="k" * 20)
        add_channel(key="slow", name="Slow", connector=REAL_TYPES()["mirakl"], settings=address, actor="test")
        yield
    server.shutdown()
    server.server_close()


def worker(log: Path) -> subprocess.Popen[bytes]:
    given = connection.settings_dict
    environment = os.environ | {
        "DATABASE_URL": f"postgresql://{given['USER']}:{given['PASSWORD']}@{given['HOST']}:{given['PORT']}/{given['NAME']}",
        "PYTHONPATH": str(SRC), "COMPTOIR_ALLOW_LOOPBACK": "1", "COMPTOIR_SECRET_KEY": settings.SECRET_KEY,
        "COMPTOIR_SEALING_KEYS": ",".join(settings.SEALING_KEYS),
    }  # fmt: skip
    command = [sys.executable, "-m", "comptoir", "worker", "--concurrency", "2"]
    with log.open("wb") as file:
        return subprocess.Popen(command, env=environment, stdout=file, stderr=file)


def doing(flow: str) -> int:
    query = "SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing' AND args ->> 'flow' = %s"
    return int(fetch(query, [flow])[0][0])


def test_a_worker_that_is_asked_to_leave_ends_its_job_first_and_leaves_no_trace_of_itself(
    slow_shop: None, tmp_path: Path
) -> None:
    leaving = worker(tmp_path / "worker.log")
    try:
        wait_until(lambda: fetch("SELECT id FROM procrastinate_workers"), seconds=40)
        enqueue_flow("import_orders", "slow", trigger="hand")
        wait_until(lambda: doing("import_orders"), seconds=20)
        leaving.send_signal(signal.SIGTERM)
        code = leaving.wait(60)
    finally:
        leaving.kill()
        leaving.wait(10)
    assert code == 0, (tmp_path / "worker.log").read_text()
    run = Run.objects.get(flow="import_orders")
    assert run.ended_at is not None
    assert run.error_kind == "TransientError", "the channel's own answer, not an interruption"
    assert doing("import_orders") == 0
    assert fetch("SELECT id FROM procrastinate_workers") == []
    execute("TRUNCATE procrastinate_jobs, procrastinate_workers RESTART IDENTITY CASCADE")
