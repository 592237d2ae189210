"""pg_dump and pg_restore: those that come with Comptoir, else the machine's. The password is never an argument."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from typing import Any

from comptoir.config.postgres.binaries import RELEASE, wheel_folder
from comptoir.config.problems import StartupProblem

# https://www.postgresql.org/docs/current/libpq-envars.html
_PASSED_ON = {
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "target_session_attrs": "PGTARGETSESSIONATTRS",
}


def program(name: str) -> str:
    try:
        ours = wheel_folder() / RELEASE / "bin" / name
        if os.access(ours, os.X_OK):
            return str(ours)
    except StartupProblem:
        pass  # a machine without the embedded server, whose own programs do
    found = shutil.which(name)
    if found is None:
        raise StartupProblem(f"`{name}` is not on this machine.", "Install PostgreSQL's client programs.")
    return found


def environment(database: Mapping[str, Any], name: str | None = None) -> dict[str, str]:
    """Of Django's DATABASES entry; `name`: another database of the same server."""
    options = database.get("OPTIONS", {})
    given = {variable: str(options[key]) for key, variable in _PASSED_ON.items() if key in options}
    return {
        **{key: value for key, value in os.environ.items() if not key.startswith("PG")},
        "PGHOST": str(database["HOST"]),
        "PGPORT": str(database["PORT"]),
        "PGUSER": str(database["USER"]),
        "PGPASSWORD": str(database["PASSWORD"]),
        "PGDATABASE": name or str(database["NAME"]),
        "PGCONNECT_TIMEOUT": "10",
        **given,
    }
