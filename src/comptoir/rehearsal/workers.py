"""Who does the flows of a rehearsed day: threads of this process here, or processes (`processes`)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier
from typing import Protocol

from django.db import connections

from comptoir.flows.policy import run_flow
from comptoir.journal.models import Run

WORKERS = 2
Turns = Sequence[tuple[str, str]]
"""(flow, channel), in the order in which one worker does them."""


class Workers(Protocol):
    def do(self, now: datetime, lanes: Iterable[Turns]) -> bool:
        """Do all turns, the lanes beside each other. Does one of them wait for a limit of its channel?"""
        ...

    def close(self) -> None: ...


class Threads:
    """They share the clock of the process, which stands at `now`."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(max_workers=WORKERS, thread_name_prefix="worker")

    def do(self, now: datetime, lanes: Iterable[Turns]) -> bool:
        return any(list(self._pool.map(run_in_order, lanes)))

    def close(self) -> None:
        # Each thread has a connection of its own, which nothing else would close.
        together = Barrier(WORKERS)
        list(self._pool.map(_close_connection, [together] * WORKERS))
        self._pool.shutdown()


def run_in_order(turns: Turns) -> bool:
    """Is one of them waiting for a limit of its channel?"""
    runs = [run_flow(flow, channel) for flow, channel in turns]
    return any(run is not None and run.outcome == Run.Outcome.WAITING for run in runs)


def _close_connection(together: Barrier) -> None:
    together.wait(timeout=60)
    connections.close_all()
