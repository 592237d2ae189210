"""The web server of a drill: asked all the time, killed, started again by what supervises it in production."""

from __future__ import annotations

import http.client
import os
import random
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from comptoir.config.drills.chaos import until
from comptoir.config.drills.theatre import Outcome, Theatre
from comptoir.config.ports import LOOPBACK, free_port
from comptoir.config.programs import WEB_THREADS, WSGI
from comptoir.config.supervision.child import Child, ChildSpec

PAUSE_S = 1.0
ASKED_EVERY_S = 0.25
BACK_S = 60.0


class Front:
    """`tend` belongs to one thread, the one in which the server was started: it ends with it."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        command = [
            *(sys.executable, "-m", "granian", WSGI, "--interface", "wsgi", "--host", LOOPBACK),
            *("--port", str(self.port), "--no-ws", "--workers", "1", "--respawn-failed-workers"),
            *("--blocking-threads", str(WEB_THREADS), "--log-level", "warning"),
        ]
        self._child = Child(ChildSpec("web", command, dict(os.environ)), folder, lambda name, line: None)
        self._asked_at = self._died_at = 0.0
        self._answered_at: float | None = None
        self.answers = 0
        self.silent_s = 0.0
        """The longest without a good answer: killed more often than it takes to start, it has none."""

    def start(self) -> None:
        self._child.start()
        until(BACK_S, self.ready, "the web server")

    def tend(self) -> None:
        now = time.monotonic()
        if not self._child.alive():
            self._died_at = self._died_at or now
            if now - self._died_at >= PAUSE_S:
                self._child.sweep()
                self._child.start()
                self._died_at = 0.0
        elif now - self._asked_at >= ASKED_EVERY_S:
            self._asked_at = now
            self.ready()

    def ready(self) -> bool:
        """Does it answer, and is its database there?"""
        asked = http.client.HTTPConnection(LOOPBACK, self.port, timeout=2)
        try:
            asked.request("GET", "/readyz")
            good = asked.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            asked.close()
        if good:
            now = time.monotonic()
            self.silent_s = max(self.silent_s, now - (self._answered_at or now))
            self._answered_at = now
            self.answers += 1
        return good

    def is_back(self) -> bool:
        self.tend()
        return self.ready()

    def kill(self, chance: random.Random) -> bool:
        """The server or one of the processes that it works with."""
        group = _members(self._child.pid)
        if not group:
            return False
        try:
            os.kill(chance.choice(group), signal.SIGKILL)
        except ProcessLookupError:
            return False
        return True

    def stop(self) -> None:
        self._child.stop()


def _members(group: int | None) -> list[int]:
    """The processes of a process group, by proc(5): `pid (name) state ppid pgrp …`."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text(encoding="utf-8", errors="replace").rsplit(")", 1)[1].split()
        except (OSError, IndexError):
            continue  # it ended meanwhile
        if fields[0] != "Z" and int(fields[2]) == group:
            found.append(int(stat.parent.name))
    return sorted(found)


@contextmanager
def front_of(stage: Theatre, outcome: Outcome) -> Iterator[Front]:
    """A web server of this stage, which must answer again in the end."""
    front = Front(stage.folder)
    try:
        front.start()
        stage.tenders.append(front.tend)
        yield front
        try:
            until(BACK_S, front.is_back, "the web server answers again")
        except TimeoutError as error:
            outcome.wrong.append(str(error))
        outcome.facts |= {"web_answers": front.answers, "web_silent_s": round(front.silent_s, 1)}
    finally:
        front.stop()
