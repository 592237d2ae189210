"""A job that is over while the database refuses to write so: its end is told again, and its turn comes again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from comptoir.core.bulk import execute, fetch
from comptoir.flows.jobs import enqueue_flow
from comptoir.journal.models import Run
from tests.drills.test_leaving import doing, slow_shop, worker
from tests.flows.test_dead_workers import wait_until

__all__ = ["slow_shop"]  # the fixture

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

REFUSE_ENDS = """
CREATE FUNCTION disk_is_full() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$;
CREATE TRIGGER disk_is_full BEFORE UPDATE ON procrastinate_jobs FOR EACH ROW
WHEN (OLD.status = 'doing') EXECUTE FUNCTION disk_is_full();
"""


@pytest.fixture
def full_disk(slow_shop: None) -> Iterator[None]:
    execute(REFUSE_ENDS)
    yield
    execute("DROP FUNCTION IF EXISTS disk_is_full CASCADE")
    execute("TRUNCATE procrastinate_jobs, procrastinate_workers RESTART IDENTITY CASCADE")


def test_the_end_of_a_job_is_told_until_the_database_takes_it(full_disk: None, tmp_path: Path) -> None:
    log = tmp_path / "worker.log"
    working = worker(log)
    try:
        number = enqueue_flow("import_orders", "slow", trigger="hand")
        wait_until(
            lambda: Run.objects.filter(flow="import_orders", ended_at__isnull=False).exists(), seconds=60
        )
        wait_until(lambda: "No space left" in log.read_text(), seconds=20)
        assert doing("import_orders") == 1
        workers = fetch("SELECT id FROM procrastinate_workers")
        execute("DROP FUNCTION disk_is_full CASCADE")
        wait_until(lambda: not doing("import_orders"), seconds=20)
        assert fetch("SELECT status FROM procrastinate_jobs WHERE id = %s", [number]) == [("succeeded",)]
        assert fetch("SELECT id FROM procrastinate_workers") == workers, "the same worker, alive all along"
        assert working.poll() is None
    finally:
        working.terminate()
        working.wait(60)
