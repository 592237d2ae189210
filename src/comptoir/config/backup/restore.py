"""`comptoir restore` and `comptoir verify`. Need an open hub: it says which server, and which code."""

from __future__ import annotations

import secrets
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from psycopg import sql

from comptoir.config.backup.archive import Manifest, check_dump, feed, open_dump, read_manifest
from comptoir.config.backup.census import differences, take_census
from comptoir.config.backup.programs import environment, program
from comptoir.config.backup.take import own_parameters
from comptoir.config.problems import StartupProblem

# What happened after the backup is known to the channels and the ERP, and not to us any more: nothing may
# leave before a person has looked.
_PAUSE = """
UPDATE channels_channel SET state = 'paused', state_changed_at = now(), next_probe_at = NULL,
       state_reason = 'Restored from the backup of ' || %s || '. Compare with the channel and the ERP, then resume.'
WHERE state <> 'paused'
"""
_OWN_TABLES = "SELECT count(*) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"


def restore_backup(path: Path, *, replace: bool) -> Manifest:
    """Into the hub's own database: empty, or emptied first when `replace`. Raises StartupProblem."""
    manifest = read_manifest(path)
    check_dump(path, manifest)
    _check_code(manifest)
    connection.close()
    name = str(connection.settings_dict["NAME"])
    _make_empty(name, replace)
    _load(path, name)
    _compare(manifest, name)
    with psycopg.connect(**own_parameters()) as session:
        session.execute(_PAUSE, [manifest.made_at])
        # Its workers and their jobs are of another time.
        session.execute("UPDATE procrastinate_jobs SET worker_id = NULL WHERE worker_id IS NOT NULL")
        session.execute("DELETE FROM procrastinate_workers")
    return manifest


def verify_backup(path: Path) -> Manifest:
    """Restores it beside, compares, and drops that. Raises StartupProblem with what does not agree."""
    manifest = read_manifest(path)
    check_dump(path, manifest)
    with _scratch_database() as name:
        _load(path, name)
        _compare(manifest, name)
    return manifest


def _check_code(manifest: Manifest) -> None:
    known = {
        f"{app}.{name}" for app, name in MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    }
    unknown = sorted(set(manifest.migrations) - known)
    if unknown:
        raise StartupProblem(
            f"This backup was made by a newer Comptoir ({manifest.comptoir}): {unknown[0]} is unknown here.",
            "Update this one first.",
        )


def _make_empty(name: str, replace: bool) -> None:
    with psycopg.connect(**own_parameters(), autocommit=True) as session:
        row = session.execute(_OWN_TABLES).fetchone()
        if row is None or row[0] == 0:
            return
        if not replace:
            raise StartupProblem(
                f"The database {name} is not empty.",
                "Choose an empty one, or say --replace: what it holds is lost.",
            )
        others = session.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        ).fetchone()
        if others is not None and others[0]:
            raise StartupProblem(
                f"{others[0]} programs use the database {name}.", "Stop web and workers first."
            )
        session.execute("DROP SCHEMA public CASCADE")
        session.execute("CREATE SCHEMA public")


def _load(path: Path, name: str) -> None:
    """All or nothing."""
    command = [
        program("pg_restore"),
        "--exit-on-error",
        "--single-transaction",
        "--no-owner",
        "--no-privileges",
    ]
    with (
        open_dump(path) as source,
        subprocess.Popen(  # noqa: S603
            [*command, f"--dbname={name}"], env=environment(connection.settings_dict, name),
            stdin=subprocess.PIPE, stderr=subprocess.PIPE,
        ) as process,
    ):  # fmt: skip
        feed(process, source)
        assert process.stderr is not None
        words = process.stderr.read().decode("utf-8", "replace").strip()
        if process.wait() != 0:
            raise StartupProblem(f"pg_restore failed: {words}", "Nothing was restored.")


def _compare(manifest: Manifest, name: str) -> None:
    with psycopg.connect(**own_parameters(name)) as session:
        found = differences(manifest.census, take_census(session))
    if found:
        raise StartupProblem(
            f"What was restored is not what was saved: {'; '.join(found)}.", "Do not use it."
        )


@contextmanager
def _scratch_database() -> Iterator[str]:
    name = f"comptoir_verify_{secrets.token_hex(4)}"
    with psycopg.connect(**own_parameters(), autocommit=True) as session:
        try:
            session.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
        except psycopg.errors.InsufficientPrivilege as error:
            raise StartupProblem(
                "This account may not create a database to restore into.", "Give it CREATEDB, or say --quick."
            ) from error
        try:
            yield name
        finally:
            session.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
