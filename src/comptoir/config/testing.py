"""A pytest plugin (`-p comptoir.config.testing`): a real PostgreSQL for the session, before Django looks for one.

The server of DATABASE_URL where that is set, else one of our own in a temporary folder, gone at the end.
"""

from __future__ import annotations

import atexit
import os
import tempfile
from pathlib import Path


def _start_database() -> str:
    from comptoir.config.postgres import EmbeddedPostgres

    folder = Path(tempfile.mkdtemp(prefix="comptoir-tests-"))
    folder.chmod(0o755)
    server = EmbeddedPostgres(folder, profile="fast")
    url = server.start()
    atexit.register(server.remove)
    atexit.register(server.stop)
    return url


os.environ.setdefault("COMPTOIR_ALLOW_LOOPBACK", "1")
os.environ.setdefault("COMPTOIR_SECOND_FACTOR", "optional")
os.environ.setdefault("COMPTOIR_DATA", tempfile.mkdtemp(prefix="comptoir-data-"))
if "DATABASE_URL" not in os.environ:
    os.environ["DATABASE_URL"] = _start_database()
