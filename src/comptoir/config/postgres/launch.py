"""One start of the server's process, on a port that is free."""

from __future__ import annotations

import signal
import subprocess
import time
from dataclasses import dataclass, replace
from pathlib import Path

from comptoir.config.lifeline import with_lifeline
from comptoir.config.ports import free_port, is_free
from comptoir.config.postgres.account import Account
from comptoir.config.postgres.installation import Installation
from comptoir.config.postgres.postmaster import stop_postmaster
from comptoir.config.postgres.profiles import server_options
from comptoir.config.postgres.readiness import PortTaken, StillHeld, wait_until_ready
from comptoir.config.problems import StartupProblem

LOG_BYTES = 20 * 1024**2
ATTEMPTS = 20
PAUSE_SECONDS = 0.5


@dataclass(frozen=True)
class Launched:
    """A server that answers, at `installation.port`."""

    process: subprocess.Popen[bytes]
    installation: Installation

    def alive(self) -> bool:
        return self.process.poll() is None

    def stop(self) -> None:
        if self.alive():
            stop_postmaster(self.process.pid, lambda: not self.alive())


def launch(
    installation: Installation, programs: Path, account: Account, log: Path, listen: str = "127.0.0.1"
) -> Launched:
    """Tries again where a moment is enough. Raises StartupProblem."""
    for _ in range(ATTEMPTS):
        try:
            return _launch_once(_with_free_port(installation), programs, account, log, listen)
        except PortTaken:
            installation = replace(installation, port=0)
        except StillHeld:
            time.sleep(PAUSE_SECONDS)
    raise StartupProblem("PostgreSQL could not start after several attempts.", f"Look at {log}.")


def _with_free_port(installation: Installation) -> Installation:
    """The port of last time when it is free, so that open tools go on working."""
    if installation.port and is_free(installation.port):
        return installation
    return replace(installation, port=free_port())


def _launch_once(
    installation: Installation, programs: Path, account: Account, log: Path, listen: str
) -> Launched:
    began = _rotate(log)
    command = [str(programs / "postgres"), "-D", installation.cluster]
    command += server_options(installation.profile, installation.port, listen)
    with log.open("ab") as output:
        process = subprocess.Popen(  # noqa: S603
            with_lifeline(command, signal.SIGINT, account.switch),
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            process_group=0,  # Ctrl-C in the terminal is for the supervisor, which stops us in order
        )
    launched = Launched(process, installation)
    try:
        wait_until_ready(installation, process, log, began)
    except BaseException:
        launched.stop()
        raise
    return launched


def _rotate(log: Path) -> int:
    """Where the words of this start will begin in the log, in bytes."""
    if log.exists() and log.stat().st_size > LOG_BYTES:
        log.replace(log.with_suffix(".log.1"))
    return log.stat().st_size if log.exists() else 0
