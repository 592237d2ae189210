"""Is a start's preparation still good? Asked without loading the hub, which takes seconds.

The mark in the data folder says which code was prepared and which migrations its database had then: another
migration or version of a library here, another database, an older backup or no user there, another port of the
simulated world, and it holds no more.
"""

from __future__ import annotations

import hashlib
import json
from importlib import metadata
from pathlib import Path

import psycopg

PACKAGE = Path(__file__).parents[1]
_KNOWN = """
SELECT (SELECT md5(string_agg(app || '.' || name, ' ' ORDER BY app, name)) FROM django_migrations),
       EXISTS (SELECT FROM accounts_user)
"""


def still_prepared(data: Path, database_url: str, world_port: int | None) -> bool:
    """`world_port`: None without a simulated world."""
    try:
        kept = json.loads(_mark(data).read_text("utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return False
    return bool(kept == _now(database_url, world_port))


def note_prepared(data: Path, database_url: str, world_port: int | None) -> None:
    now = _now(database_url, world_port)
    if now is not None:
        _mark(data).write_text(json.dumps(now), "utf-8")


def _mark(data: Path) -> Path:
    return data / "prepared.json"


def _now(database_url: str, world_port: int | None) -> dict[str, object] | None:
    """None where the tables are not there."""
    try:
        with psycopg.connect(database_url, connect_timeout=5) as connection:
            known = connection.execute(_KNOWN).fetchone()
    except (psycopg.OperationalError, psycopg.errors.UndefinedTable):
        return None
    if known is None or not known[1]:
        return None
    return {"code": _code(), "migrations": known[0], "world": world_port}


def _code() -> str:
    """Names of all migrations of ours, versions of all libraries."""
    ours = sorted(str(path.relative_to(PACKAGE)) for path in PACKAGE.glob("*/migrations/*.py"))
    libraries = sorted(f"{found.name}=={found.version}" for found in metadata.distributions())
    return hashlib.sha256("\n".join([*ours, *libraries]).encode()).hexdigest()
