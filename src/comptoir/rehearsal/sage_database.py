"""The company file of a simulated Sage: a database of its own beside the hub's, and a login that only reads it."""

from __future__ import annotations

import secrets
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
from django.conf import settings
from psycopg import sql

READER = "sage_lecture"
KEPT_READER = "sage_lecture_demo"
"""Of the base that is kept from start to start: no rehearsal changes its password."""


def make_sage_database(name: str = "sage") -> tuple[str, str]:
    """`(address for its owner, address for its reader)`; the database is empty, also when it was there.

    Its reader is its own: a login is the whole server's, and its password would be that of whoever came last.
    """
    server = _address()
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
    return keep_sage_database(server, secrets.token_urlsafe(18), name=name, reader=f"{READER}_{name}")


def keep_sage_database(
    server: str, password: str, *, name: str = "sage_demo", reader: str = KEPT_READER
) -> tuple[str, str]:
    """The same, beside any database of that server; what is there already is kept."""
    with psycopg.connect(server, autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [reader]).fetchone()
        statement = sql.SQL("{} ROLE {} LOGIN PASSWORD {}")
        verb = sql.SQL("ALTER" if known else "CREATE")
        connection.execute(statement.format(verb, sql.Identifier(reader), sql.Literal(password)))
    parts = urlsplit(server)
    owner = urlunsplit(parts._replace(path=f"/{name}"))
    with psycopg.connect(owner, autocommit=True) as base:
        base.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(sql.Identifier(reader)))
        grant = sql.SQL("ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO {}")
        base.execute(grant.format(sql.Identifier(reader)))
    place = f"{reader}:{quote(password)}@{parts.hostname}:{parts.port or 5432}"
    return owner, urlunsplit(parts._replace(netloc=place, path=f"/{name}"))


def _address() -> str:
    given = {name: str(value) for name, value in settings.DATABASES["default"].items()}
    place = f"{quote(given['USER'])}:{quote(given['PASSWORD'])}@{given['HOST']}:{given['PORT']}"
    return f"postgresql://{place}/{given['NAME']}"
