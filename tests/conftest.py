"""Every test of the hub runs on a real PostgreSQL: the one of DATABASE_URL, else one started for the session."""

from __future__ import annotations

import atexit
import os
import tempfile
from pathlib import Path


def _start_database() -> None:
    from comptoir.config.postgres import EmbeddedPostgres

    folder = Path(tempfile.mkdtemp(prefix="comptoir-tests-"))
    folder.chmod(0o755)
    server = EmbeddedPostgres(folder, profile="fast")
    os.environ["DATABASE_URL"] = server.start()
    atexit.register(server.stop)


os.environ.setdefault("COMPTOIR_ALLOW_LOOPBACK", "1")
os.environ.setdefault("COMPTOIR_DATA", tempfile.mkdtemp(prefix="comptoir-data-"))
if "DATABASE_URL" not in os.environ:
    _start_database()
