"""Sets, not rows: COPY and the few SQL moves that everything fast here is built on.

Measured on 2 cores: COPY 1.27 M rows/s, COPY to a temporary table then ON CONFLICT 107 to 131 k,
ORM bulk 25 k, ORM one by one 1 k.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from weakref import WeakKeyDictionary

import psycopg
from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.models import Model
from psycopg import sql

from comptoir.core.arrays import join_arrays

PLANS_LIVE = 50
"""Blocks of `planned_once` after which plans are made anew, and before that each time their number has doubled:
tables that grow ask for other plans, and those of a first import grow from nothing."""
ANALYSED_FROM = 2_000
"""Rows of a staging table: below it PostgreSQL's guess is near enough, and ANALYZE costs more than it saves."""
join_arrays()
_planned_once: ContextVar[bool] = ContextVar("planned_once", default=False)
_blocks: WeakKeyDictionary[psycopg.Connection[Any], int] = WeakKeyDictionary()


class _PreparingCursor(psycopg.Cursor[Any]):
    """Every statement is prepared: parsed once in a session, its values sent apart from its text."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        # Left on, it would keep the texts of Django's own statements too, with all their values inside.
        self.connection.prepare_threshold = 0
        try:
            return super().execute(query, params, prepare=True, **options)
        finally:
            self.connection.prepare_threshold = None


@contextmanager
def planned_once() -> Iterator[None]:
    """In the block `execute` and `fetch` prepare their statements: for work that comes back page after page.

    Planning is half of the time of a statement that joins six tables for a hundred orders. Not for sets of
    very different sizes: the plan that is kept is one for some dozens of rows. A statement must tell the
    types that PostgreSQL cannot guess (`%s::bigint[]`).
    """
    connection.ensure_connection()
    raw = connection.connection
    _blocks[raw] = _blocks.get(raw, 0) + 1
    done = _blocks[raw]
    if done % PLANS_LIVE == 0 or (done < PLANS_LIVE and done & (done - 1) == 0):
        execute("DISCARD PLANS")
    before = _planned_once.set(True)
    try:
        yield
    finally:
        _planned_once.reset(before)


def _cursor() -> CursorWrapper:
    if not _planned_once.get():
        return connection.cursor()
    connection.ensure_connection()
    return CursorWrapper(_PreparingCursor(connection.connection), connection)


def copy_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """COPY `rows` into `table`: how many they were. In a transaction, for all-or-nothing."""
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    for wrapper in connection.execute_wrappers:
        check = getattr(
            wrapper, "check", None
        )  # of `core.locks.Fence`: COPY passes by no wrapper of Django's
        if check is not None:
            check()
    with connection.cursor() as cursor:
        with cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
        return int(cursor.rowcount)


def stage_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], *, like: str) -> None:
    """COPY into a temporary table with the column types of `like`, whatever it held before.

    The table stays with the session, empty between transactions: made for each page, it would cost more than
    what is done with it, and bloat the catalogue.
    """
    if fetch("SELECT to_regclass(%s)::text", [f"pg_temp.{table}"])[0][0] is None:
        names = sql.SQL(", ").join(map(sql.Identifier, columns))
        made = sql.SQL("CREATE TEMP TABLE {} ON COMMIT DELETE ROWS AS SELECT {} FROM {} WITH NO DATA")
        with connection.cursor() as cursor:
            cursor.execute(made.format(sql.Identifier(table), names, sql.Identifier(like)))
    else:
        execute(f"DELETE FROM {table}")  # noqa: S608 - our own name; staged twice in one transaction
    if copy_rows(table, columns, rows) >= ANALYSED_FROM:
        execute(f"ANALYZE {table}")


def execute(statement: str, params: Sequence[Any] | dict[str, Any] = ()) -> int:
    """Run one statement; the number of rows it touched."""
    with _cursor() as cursor:
        cursor.execute(statement, params)
        return int(cursor.rowcount)


def fetch(statement: str, params: Sequence[Any] | dict[str, Any] = ()) -> list[tuple[Any, ...]]:
    with _cursor() as cursor:
        cursor.execute(statement, params)
        return list(cursor.fetchall())


def save_fields(objects: Sequence[Model], names: Sequence[str]) -> int:
    """`bulk_update` in one statement of one text: a CASE for each row takes longer than all the rest."""
    if not objects:
        return 0
    meta = type(objects[0])._meta
    by_name = {field.name: field for field in meta.concrete_fields}
    key, fields = meta.pk, [by_name[name] for name in names]
    columns = [key, *fields]
    arrays = ", ".join(f"%s::{_array_type(column)}" for column in columns)
    news = ", ".join(f'"{column.column}"' for column in columns)
    changes = ", ".join(f'"{column.column}" = news."{column.column}"' for column in fields)
    return execute(
        f"""UPDATE "{meta.db_table}" known SET {changes} FROM unnest({arrays}) AS news ({news})
            WHERE known."{key.column}" = news."{key.column}" """,  # noqa: S608 - names of our own models
        [
            [column.get_db_prep_save(getattr(one, column.attname), connection) for one in objects]
            for column in columns
        ],
    )


def _array_type(field: Any) -> str:
    kind = field.db_type(connection)
    # A cast to varchar(20) would cut what is longer, in silence; assigned, it is refused.
    if kind.startswith("varchar"):
        return "text[]"
    return f"{field.rel_db_type(connection) if field.primary_key else kind}[]"


def take_ids(table: str, count: int) -> list[int]:
    """The next `count` values of the table's identity: rows can then be copied with their keys."""
    if not count:
        return []
    rows = fetch(
        # The sequence is looked up once, not for each row.
        """SELECT nextval(sequence) FROM (SELECT pg_get_serial_sequence(%s, 'id')::regclass AS sequence OFFSET 0) s,
                  generate_series(1, %s)""",
        [table, count],
    )
    return [row[0] for row in rows]
