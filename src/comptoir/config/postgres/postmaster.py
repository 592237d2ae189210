"""The server's process as the machine sees it, ours or left by a supervisor that was killed."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path


def recorded_pid(cluster: Path) -> int | None:
    """First line of `postmaster.pid`; None when no server ran, or when it stopped by itself."""
    try:
        first = (cluster / "postmaster.pid").read_text("utf-8").split("\n", 1)[0]
    except FileNotFoundError:
        return None
    return int(first) if first.strip().isdigit() else None


def living_postmaster(cluster: Path) -> int | None:
    """The pid of the server that runs *this* cluster. A pid taken since by another program is not it."""
    pid = recorded_pid(cluster)
    return pid if pid is not None and is_postmaster(pid, cluster) else None


def is_postmaster(pid: int, cluster: Path) -> bool:
    words = command_line(pid)
    return bool(words) and Path(words[0]).name == "postgres" and str(cluster) in words


def command_line(pid: int) -> list[str]:
    """Empty for a process that is gone, or a zombie."""
    if Path("/proc/self/cmdline").exists():
        try:
            raw = Path(f"/proc/{pid}/cmdline").read_bytes()
        except (FileNotFoundError, ProcessLookupError):
            return []
        return raw.decode("utf-8", "replace").rstrip("\0").split("\0") if raw else []
    listed = subprocess.run(  # noqa: S603 - macOS and the BSDs
        ["/bin/ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return listed.stdout.split()


def forget_stale_pid(cluster: Path) -> None:
    """Remove a `postmaster.pid` whose pid now belongs to another program.

    PostgreSQL sees by itself that a pid is dead, but refuses for ever one that lives, whoever has it.
    Shared memory that old backends still hold is checked apart from this file, so nothing is risked.
    Call with the folder's lock held.
    """
    pid = recorded_pid(cluster)
    if pid is not None and command_line(pid) and not is_postmaster(pid, cluster):
        (cluster / "postmaster.pid").unlink(missing_ok=True)


def stop_postmaster(pid: int, gone: Callable[[], bool], patience: float = 30.0) -> None:
    """Fast, then immediate (the next start recovers from the log), then killed.

    https://www.postgresql.org/docs/18/server-shutdown.html
    """
    for order, seconds in ((signal.SIGINT, patience), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 10.0)):
        try:
            os.kill(pid, order)
        except ProcessLookupError:
            return
        if _wait(gone, seconds):
            return
    raise TimeoutError(f"PostgreSQL (process {pid}) does not stop")


def _wait(gone: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not gone():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
