"""Waiting for the server, and naming what keeps it from starting."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

import psycopg
from psycopg import sql

from comptoir.config.postgres.installation import Installation
from comptoir.config.problems import StartupProblem

# After a kill -9 the server replays its log first: up to max_wal_size, on a slow disk.
READY_SECONDS = 180.0


class PortTaken(Exception):  # noqa: N818
    """Another program took the port between our look and the server's start."""


class StillHeld(Exception):  # noqa: N818
    """Backends of a server that was killed have not all left yet; a moment later they have."""


def wait_until_ready(
    installation: Installation, process: subprocess.Popen[bytes], log: Path, began: int
) -> None:
    """Raises StartupProblem, PortTaken or StillHeld: the server stopped, or took too long.

    `began`: where the words of this start begin in the log, in bytes.
    """
    deadline = time.monotonic() + READY_SECONDS
    while not _answers(installation):
        if process.poll() is not None:
            raise start_problem(_said_since(log, began), log)
        if time.monotonic() > deadline:
            raise StartupProblem(
                f"PostgreSQL has not answered within {READY_SECONDS:.0f} seconds.", f"Look at {log}."
            )
        time.sleep(0.02)


def _answers(installation: Installation) -> bool:
    """Only a server with our password *and* our files is the one we wait for."""
    try:
        with psycopg.connect(installation.url("postgres"), connect_timeout=5, autocommit=True) as connection:
            row = connection.execute("SELECT current_setting('data_directory')").fetchone()
    except psycopg.OperationalError:
        return False
    return row is not None and row[0] == installation.cluster


def start_problem(said: str, log: Path) -> Exception:
    """From the server's own words."""
    if "could not bind" in said or "could not create any TCP/IP sockets" in said:
        return PortTaken()
    if "pre-existing shared memory block" in said:
        return StillHeld()
    if "No space left on device" in said:
        return StartupProblem("The disk is full: PostgreSQL cannot start.", "Make room, then start again.")
    last = next((line for line in reversed(said.splitlines()) if "FATAL" in line or "PANIC" in line), "")
    return StartupProblem(
        f"PostgreSQL stopped while starting: {last or 'it said nothing'}.", f"Look at {log}."
    )


def _said_since(log: Path, offset: int) -> str:
    with log.open("rb") as file:
        file.seek(offset)
        return file.read().decode("utf-8", "replace")


def create_database(installation: Installation, name: str) -> None:
    with psycopg.connect(installation.url("postgres"), autocommit=True) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        if known is None:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
