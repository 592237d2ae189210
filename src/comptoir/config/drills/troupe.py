"""The workers of a drill: started, killed, started again."""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

PAUSE_S = 2.0
"""A worker that died waits as long before it comes back, as under any supervisor."""


class Troupe:
    """`size` workers, at any moment alive or about to be: who dies is started again by `tend`."""

    def __init__(self, size: int, clock: Path, logs: Path) -> None:
        self._command = [sys.executable, "-m", "comptoir.config.drills.worker", str(clock)]
        self._logs = logs
        self._places: list[Sequence[str]] = [()] * size
        self._members: dict[int, subprocess.Popen[bytes]] = {}
        self._began: dict[int, float] = {}
        self._lock = threading.Lock()
        self.started = 0

    @property
    def size(self) -> int:
        return len(self._places)

    def place(self, prefixes: Sequence[Sequence[str]]) -> None:
        """One worker per prefix, which stands before its command."""
        self._places = list(prefixes)

    def tend(self) -> None:
        """Everybody who should be there is, or comes in a moment."""
        with self._lock:
            for place, prefix in enumerate(self._places):
                member = self._members.get(place)
                gone = member is None or member.poll() is not None
                if gone and time.monotonic() - self._began.get(place, -PAUSE_S) >= PAUSE_S:
                    self._members[place] = self._start(prefix)
                    self._began[place] = time.monotonic()

    def kill_one(self, chance: random.Random) -> bool:
        """As the kernel's out-of-memory killer does; False when nobody was there."""
        with self._lock:
            living = [member for member in self._members.values() if member.poll() is None]
        if not living:
            return False
        member = chance.choice(living)
        member.send_signal(signal.SIGKILL)
        member.wait(20)
        return True

    def peak_mb(self) -> float:
        """The most that one of those alive ever had in memory (resident, VmHWM of proc(5)); 0 where none tells."""
        with self._lock:
            return max((peak_mb(m.pid) for m in self._members.values() if m.poll() is None), default=0.0)

    def stop(self, *, seconds: float = 30) -> None:
        """Politely, then not."""
        with self._lock:
            for member in self._members.values():
                member.terminate()
            for member in self._members.values():
                try:
                    member.wait(seconds)
                except subprocess.TimeoutExpired:
                    member.kill()
                    member.wait(10)
            self._members = {}

    def _start(self, prefix: Sequence[str]) -> subprocess.Popen[bytes]:
        self.started += 1
        command = [*prefix, *self._command]
        with (self._logs / "workers.log").open("ab") as log:
            return subprocess.Popen(command, stdout=log, stderr=log, env=dict(os.environ))  # noqa: S603


def peak_mb(pid: int) -> float:
    try:
        told = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except OSError:
        return 0.0
    found = re.search(r"^VmHWM:\s+(\d+) kB", told, re.MULTILINE)
    return round(int(found[1]) / 1024, 1) if found else 0.0
