"""A place apart from the user's data: a folder, a database and Django set up on them."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django
from django.core.management import call_command

from comptoir.config.postgres import EmbeddedPostgres


@contextmanager
def stage(*, keep: bool = False) -> Iterator[Path]:
    """Everything of the rehearsal lives in the folder that this gives, and goes with it."""
    folder = Path(tempfile.mkdtemp(prefix="comptoir-rehearsal-"))
    folder.chmod(0o755)  # as root the database runs as another user, who must get in
    server = EmbeddedPostgres(folder, profile="fast")
    try:
        _set_up(server.start(), folder)
        yield folder
    finally:
        _close_connections()
        server.stop()
        server.remove()
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)


def _set_up(database_url: str, folder: Path) -> None:
    # Runs that fail by the faults asked for are counted and judged: only our own errors are worth a line.
    os.environ.setdefault("COMPTOIR_LOG_LEVEL", "ERROR")
    os.environ.update(
        DATABASE_URL=database_url,
        COMPTOIR_DATA=str(folder),
        COMPTOIR_ALLOW_LOOPBACK="1",
        DJANGO_SETTINGS_MODULE="comptoir.config.settings",
    )
    django.setup()
    call_command("migrate", verbosity=0)


def _close_connections() -> None:
    from django.db import connections

    connections.close_all()
