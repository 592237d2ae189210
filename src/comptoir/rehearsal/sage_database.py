"""The company file of a simulated Sage: a database of its own beside the hub's, and a login that only reads it."""

from __future__ import annotations

import secrets
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
from django.conf import settings
from psycopg import sql

READER = "sage_lecture"


def make_sage_database(name: str = "sage") -> tuple[str, str]:
    """`(address for its owner, address for its reader)`; the database is empty, also when it was there."""
    password = secrets.token_urlsafe(18)
    with psycopg.connect(_address(), autocommit=True) as server:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        known = server.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [READER]).fetchone()
        verb = sql.SQL("ALTER" if known else "CREATE")
        server.execute(
            sql.SQL("{} ROLE {} LOGIN PASSWORD {}").format(
                verb, sql.Identifier(READER), sql.Literal(password)
            )
        )
    owner = _address(name)
    with psycopg.connect(owner, autocommit=True) as base:
        base.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(sql.Identifier(READER)))
        base.execute(
            sql.SQL("ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO {}").format(sql.Identifier(READER))
        )
    parts = urlsplit(owner)
    place = f"{READER}:{quote(password)}@{parts.hostname}:{parts.port}"
    return owner, urlunsplit(parts._replace(netloc=place))


def _address(database: str = "") -> str:
    given = {name: str(value) for name, value in settings.DATABASES["default"].items()}
    place = f"{quote(given['USER'])}:{quote(given['PASSWORD'])}@{given['HOST']}:{given['PORT']}"
    return f"postgresql://{place}/{database or given['NAME']}"
