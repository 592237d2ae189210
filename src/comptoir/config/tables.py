"""The tables of the database against this version of the code. Needs an open hub."""

from __future__ import annotations

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def missing_migrations() -> int:
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def migrate_if_needed() -> None:
    """A start that has nothing to migrate skips what `migrate` does besides: it takes a second."""
    if missing_migrations():
        call_command("migrate", interactive=False, verbosity=0)
