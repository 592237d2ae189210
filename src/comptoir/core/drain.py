"""Leaving in good order: a program that is asked to stop ends what it does, within a time.

After that time the flows that still run are interrupted at their next statement: their transaction is undone,
their turn is given back at once, and another worker goes on from the last page that was stored.
"""

from __future__ import annotations

import threading

from django.db import OperationalError

_over = threading.Event()


class AskedToLeave(OperationalError):  # noqa: N818
    """This program must end now; what it was doing is somebody else's."""


def time_is_over() -> None:
    _over.set()


def start_again() -> None:
    """Take `time_is_over` back: for programs that serve several times, such as tests."""
    _over.clear()


def check() -> None:
    if _over.is_set():
        raise AskedToLeave("This worker was asked to stop and its time is over.")
