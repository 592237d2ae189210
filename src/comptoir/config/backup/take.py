"""`comptoir backup`. Needs an open hub; the hub may go on working meanwhile."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection

import comptoir
from comptoir.config.backup.archive import FORMAT, Manifest, write_archive
from comptoir.config.backup.census import Census, take_census
from comptoir.config.backup.keys import prints
from comptoir.config.backup.programs import environment, program
from comptoir.config.problems import StartupProblem
from comptoir.core import clock


def take_backup(path: Path, so_far: Callable[[int], None] = lambda _: None) -> Manifest:
    """Rows are counted in the very snapshot that is dumped. `so_far`: told the bytes written. Raises StartupProblem."""
    with psycopg.connect(**own_parameters()) as session:
        session.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        row = session.execute("SELECT pg_export_snapshot()").fetchone()
        assert row is not None
        census = take_census(session)
        applied = session.execute("SELECT app || '.' || name FROM django_migrations ORDER BY 1").fetchall()
        describe = partial(_describe, census, [name for (name,) in applied], session.info.server_version)
        return _dump(path, str(row[0]), describe, so_far)


def own_parameters(name: str | None = None) -> dict[str, Any]:
    """Of a connection to the hub's database, or to another of its server; not held to our sessions' bounds."""
    given = connection.get_connection_params()
    kept = {key: given[key] for key in given if key in _CONNECTING}
    return {**kept, "dbname": name or given["dbname"], "application_name": "comptoir backup"}


_CONNECTING = {
    "user", "password", "host", "port", "sslmode", "sslrootcert", "sslcert", "sslkey", "target_session_attrs",
    "connect_timeout",
}  # fmt: skip


def _dump(path: Path, snapshot: str, describe: Any, so_far: Callable[[int], None]) -> Manifest:
    command = [
        program("pg_dump"),
        "--format=custom",
        "--no-owner",
        "--no-privileges",
        f"--snapshot={snapshot}",
    ]
    with subprocess.Popen(  # noqa: S603
        command, env=environment(connection.settings_dict), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        said = process.stderr

        def finish(size: int, sha256: str) -> Manifest:
            words = said.read().decode("utf-8", "replace").strip()
            if process.wait() != 0:
                raise StartupProblem(f"pg_dump failed: {words}", "Nothing was written.")
            return describe(size, sha256)  # type: ignore[no-any-return]

        return write_archive(path, process.stdout, finish, so_far)


def _describe(census: Census, migrations: list[str], server: int, size: int, sha256: str) -> Manifest:
    return Manifest(
        format=FORMAT,
        made_at=clock.now().isoformat(timespec="seconds"),
        comptoir=comptoir.__version__,
        server=server,
        migrations=migrations,
        keys=prints(settings.SEALING_KEYS),
        census=census,
        dump_bytes=size,
        dump_sha256=sha256,
    )
