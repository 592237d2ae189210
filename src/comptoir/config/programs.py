"""The programs that `comptoir up` runs, each as one ChildSpec."""

from __future__ import annotations

import http.client
import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from signal import SIGKILL

from comptoir.config.played_erp import played_erp, reader_password
from comptoir.config.ports import LOOPBACK
from comptoir.config.supervision import ChildSpec
from comptoir.rehearsal.sage_database import keep_sage_database

WSGI = "comptoir.config.wsgi:application"
WEB_THREADS = 4
ORDERS_PER_HOUR = 600


@dataclass(frozen=True)
class UpOptions:
    """What the person asked for. `parties`: kinds for bazaar, such as `mirakl:2`."""

    data: Path
    host: str = LOOPBACK
    port: int = 8600
    workers: int = 1
    world: bool = True
    world_port: int = 8700
    parties: tuple[str, ...] = ("mirakl:2",)
    erp: str = ""
    """`files` or `sage100`; "": as this folder was begun, else `files`."""
    verbose: bool = False

    @property
    def world_folder(self) -> Path:
        return self.data / "bazaar"

    @property
    def world_file(self) -> Path:
        """Written by bazaar once it listens: `{url, pid, parties: […]}`."""
        return self.world_folder / "ready.json"

    @property
    def erp_folder(self) -> Path:
        return self.data / "erp"


def child_environment(options: UpOptions, database_url: str) -> dict[str, str]:
    """Ours, with what the children must agree on."""
    added = {
        "DATABASE_URL": database_url,
        "COMPTOIR_DATA": str(options.data),
        "PYTHONUNBUFFERED": "1",
        "PYTHONFAULTHANDLER": "1",
    }
    if options.world:
        added["COMPTOIR_ALLOW_LOOPBACK"] = "1"  # the simulated marketplaces live there
        added.setdefault(
            "COMPTOIR_SECOND_FACTOR", os.environ.get("COMPTOIR_SECOND_FACTOR", "optional")
        )  # a demo
    return {**os.environ, **added}


def comptoir(name: str, *arguments: str, environment: Mapping[str, str]) -> ChildSpec:
    command = [sys.executable, "-m", "comptoir", *arguments]
    # A worker ends its jobs first. When the supervisor is killed the database leaves at the same moment, and
    # a worker asked politely then waits for it for ever: it is killed, and its jobs are taken up by another.
    return ChildSpec(name, command, environment, stop_seconds=20, lifeline=SIGKILL)


def web(options: UpOptions, environment: Mapping[str, str]) -> ChildSpec:
    command = [
        *(sys.executable, "-m", "granian", WSGI),
        *("--interface", "wsgi", "--host", options.host, "--port", str(options.port), "--no-ws"),
        *("--workers", "1", "--blocking-threads", str(WEB_THREADS)),
        *("--respawn-failed-workers", "--workers-kill-timeout", "10", "--log-level", "warning"),
    ]
    return ChildSpec("web", command, environment, ready=lambda pid: answers_http(options.port))


def world(options: UpOptions, environment: Mapping[str, str]) -> ChildSpec:
    command = [sys.executable, "-m", "bazaar", "serve", "--port", str(options.world_port)]
    command += ["--data", str(options.world_folder), "--ready-file", str(options.world_file)]
    command += [*_erp(options, environment), "--orders-per-hour", str(ORDERS_PER_HOUR)]
    for party in options.parties:
        command += ["--party", party]
    return ChildSpec("bazaar", command, environment, ready=lambda pid: described_by(pid, options.world_file))


def _erp(options: UpOptions, environment: Mapping[str, str]) -> list[str]:
    """A Sage 100 keeps its company file in a database of its own, beside the hub's."""
    played = played_erp(options.data, options.erp)
    if played == "files":
        return ["--erp-folder", str(options.erp_folder)]
    if played == "sage_x3":
        return ["--party", "sage_x3"]
    owner, reader = keep_sage_database(environment["DATABASE_URL"], reader_password(options.data))
    return ["--sage-database", owner, "--sage-reader", reader]


def described_by(pid: int, ready_file: Path) -> bool:
    """A file left by an earlier start has another pid."""
    try:
        return bool(json.loads(ready_file.read_text("utf-8"))["pid"] == pid)
    except (FileNotFoundError, json.JSONDecodeError):
        return False


def answers_http(port: int) -> bool:
    """Any answer will do: the application is loaded."""
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=5)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status > 0
    except OSError:
        return False
    finally:
        connection.close()
