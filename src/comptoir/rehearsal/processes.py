"""Workers as in production: processes, each with an interpreter and a session of its own, on as many cores.

Imported before Django stands in a worker: the rooms are imported inside.
"""

from __future__ import annotations

import os
import signal
import threading
import traceback
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime
from multiprocessing import get_context, parent_process

WORKERS = 3
Turns = Sequence[tuple[str, str]]


class FlowBroke(RuntimeError):  # noqa: N818
    """A flow raised in a worker: its traceback."""


class Processes:
    """On the database and the folder that the environment names; each order brings the time."""

    def __init__(self) -> None:
        self._pool = ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn"), initializer=_begin)
        # They import the hub while the world plans its day.
        for _ in range(WORKERS):
            self._pool.submit(_do, None, [])

    def do(self, now: datetime, lanes: Iterable[Turns]) -> bool:
        """As `workers.Workers`. Raises FlowBroke once all of them are back."""
        orders = [self._pool.submit(_do, now, lane) for lane in lanes]
        told = [order.result() for order in orders]
        broken = [words for _, words in told if words]
        if broken:
            raise FlowBroke("\n".join(broken))
        return any(waits for waits, _ in told)

    def close(self) -> None:
        self._pool.shutdown(cancel_futures=True)


def _begin() -> None:
    import django

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it is for the one who waits for us
    threading.Thread(target=_end_with_parent, daemon=True).start()
    django.setup()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _do(now: datetime | None, turns: Turns) -> tuple[bool, str]:
    """Does one of them wait? And the traceback of what was raised: not every error can be sent as it is."""
    from comptoir.core.clock import use_clock
    from comptoir.core.loaded import set_loaded_aside
    from comptoir.rehearsal.workers import run_in_order

    if now is None:
        set_loaded_aside()
        return False, ""
    instant = now
    use_clock(lambda: instant)
    try:
        return run_in_order(turns), ""
    except Exception:  # noqa: BLE001 - told, and raised on the other side
        return False, traceback.format_exc()
