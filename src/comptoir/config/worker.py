"""The worker's program: beats, runs jobs, and leaves in good order when it is asked to.

SIGTERM ─▶ no new job ─▶ those that run end within GRACE_SECONDS ─▶ the others stop at their next statement,
and their turns are due at once for another worker. Needs an open hub.
"""

from __future__ import annotations

import asyncio
import signal

from django.conf import settings
from procrastinate import App
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

from comptoir.config.job_ends import InsistentJobManager
from comptoir.core import drain
from comptoir.core.loaded import set_loaded_aside

GRACE_SECONDS = 15
ABORT_SECONDS = 10
"""After the grace: for a request that is under way, and for the Run to be closed."""


def run_worker(*, concurrency: int, queues: list[str] | None = None) -> None:
    """Until SIGTERM or SIGINT, or until the database is out of reach: who starts workers starts another."""
    connector = app.connector
    assert isinstance(connector, DjangoConnector)
    set_loaded_aside()
    with app.replace_connector(connector.get_worker_connector()) as opened:
        asyncio.run(_work(opened, concurrency, queues))


async def _work(app: App, concurrency: int, queues: list[str] | None) -> None:
    dead_after = settings.WORKER_DEAD_AFTER_SECONDS
    loop = asyncio.get_running_loop()

    def leave() -> None:
        loop.call_later(GRACE_SECONDS, drain.time_is_over)
        work.cancel()

    app.job_manager = InsistentJobManager(app.connector, give_up=leave)
    async with app.open_async():
        work = asyncio.create_task(
            app.run_worker_async(
                concurrency=concurrency,
                shutdown_graceful_timeout=float(GRACE_SECONDS + ABORT_SECONDS),
                update_heartbeat_interval=dead_after / 3,
                stalled_worker_timeout=dead_after,
                install_signal_handlers=False,
                queues=queues,  # type: ignore[arg-type] # None: every queue
            )
        )

        for order in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(order, leave)
        try:
            await work
        except asyncio.CancelledError:
            return
