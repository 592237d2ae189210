"""The end of a job is told until the database has heard it.

procrastinate tells it once. Refused just then (a full disk, a fail-over), the job would stay « doing » under a
worker that lives on: nobody would take it up, and its lock would keep its turn away for ever.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable

from procrastinate import jobs
from procrastinate.connector import BaseConnector
from procrastinate.exceptions import ConnectorException
from procrastinate.manager import JobManager

logger = logging.getLogger(__name__)

PATIENCE_S = 60.0
PAUSE_S, LONGEST_PAUSE_S = 0.2, 5.0

# One that was taken for dead meanwhile may have lost its job to another worker, whose end is not ours to tell.
_END = """
SELECT procrastinate_finish_job_v1(job.id, %(status)s, %(delete_job)s) FROM (
    SELECT id FROM procrastinate_jobs WHERE id = %(job)s AND status = 'doing'
    AND (worker_id = %(worker)s OR worker_id IS NULL) FOR UPDATE) job
"""


class InsistentJobManager(JobManager):
    """`give_up`: called when the database heard nothing for PATIENCE_S; the worker then leaves, and its job is
    taken up as that of any dead worker."""

    def __init__(self, connector: BaseConnector, give_up: Callable[[], None]) -> None:
        super().__init__(connector)
        self._give_up = give_up

    async def finish_job(self, job: jobs.Job, status: jobs.Status, delete_job: bool) -> None:
        until, pause = time.monotonic() + PATIENCE_S, PAUSE_S
        while True:
            try:
                await self.connector.execute_query_async(
                    _END, job=job.id, status=status.value, delete_job=delete_job, worker=job.worker_id
                )
            except ConnectorException as error:
                logger.warning("The end of job %s is not written yet: %s", job.id, error.__cause__ or error)
                if time.monotonic() > until:
                    self._give_up()
                    raise
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE_S)
            else:
                return
