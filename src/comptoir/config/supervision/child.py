"""One program that we run: its process group, its words, its end."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from comptoir.config.lifeline import with_lifeline
from comptoir.config.supervision.rolling_log import RollingLog

Say = Callable[[str, str], None]
"""`say(name, line)`: a line for the console."""

LAST_LINES = 8
POLL_SECONDS = 0.02


@dataclass(frozen=True)
class ChildSpec:
    """What to run. `ready` is asked, with the pid, until it says yes.

    `lifeline`: what the kernel sends it when the supervisor dies.
    """

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    ready: Callable[[int], bool] = lambda pid: True
    ready_seconds: float = 60.0
    stop_seconds: float = 15.0
    lifeline: signal.Signals = signal.SIGTERM


class Child:
    """A process with a group of its own: Ctrl-C reaches the supervisor alone, which stops it in its turn.

    It is told by the kernel when the supervisor dies, even killed. What it prints is in `<logs>/<name>.log` too.
    """

    def __init__(self, spec: ChildSpec, logs: Path, say: Say) -> None:
        self.spec = spec
        self._log_path = logs / f"{spec.name}.log"
        self._say = say
        self._process: subprocess.Popen[bytes] | None = None
        self._pump: threading.Thread | None = None
        self._last: deque[str] = deque(maxlen=LAST_LINES)

    @property
    def name(self) -> str:
        return self.spec.name

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def start(self) -> None:
        """Returns at once. Call from a thread that lives as long as the child."""
        self._last.clear()
        self._process = subprocess.Popen(  # noqa: S603
            with_lifeline(self.spec.command, self.spec.lifeline),
            env=dict(self.spec.environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            process_group=0,
        )
        assert self._process.stdout is not None
        self._pump = threading.Thread(
            target=self._copy_output, args=[self._process.stdout], name=f"{self.name}-output", daemon=True
        )
        self._pump.start()

    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def ready(self) -> bool:
        return self.alive() and self._process is not None and self.spec.ready(self._process.pid)

    def exit_code(self) -> int | None:
        """Negative: minus the signal that ended it. None while it runs, or before it ran."""
        return self._process.poll() if self._process else None

    def last_words(self) -> str:
        """Its last lines, once it has ended."""
        if self._pump is not None:
            self._pump.join(1)
        return "\n".join(self._last)

    def stop(self) -> None:
        """SIGTERM, then SIGKILL after `stop_seconds`; whatever it left in its group is killed."""
        if self._process is None:
            return
        if self.alive():
            self._process.terminate()
            self._wait(self.spec.stop_seconds)
        self.sweep()
        self._process.wait(5)

    def sweep(self) -> None:
        """Kill the whole group: grandchildren of a child that died, or a child that would not stop."""
        assert self._process is not None
        try:
            os.killpg(self._process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return

    def _wait(self, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while self.alive() and time.monotonic() < deadline:
            time.sleep(POLL_SECONDS)

    def _copy_output(self, output: IO[bytes]) -> None:
        log = RollingLog(self._log_path)
        with output:
            for line in output:
                log.write(line)
                text = line.decode("utf-8", "replace").rstrip()
                self._last.append(text)
                self._say(self.name, text)
        log.close()
