"""Sets, not rows: COPY and the few SQL moves that everything fast here is built on.

Measured on 2 cores: COPY 1.27 M rows/s, COPY to a temporary table then ON CONFLICT 107 to 131 k,
ORM bulk 25 k, ORM one by one 1 k.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Protocol, runtime_checkable

from django.db import connection
from psycopg import sql


@runtime_checkable
class Guard(Protocol):
    """What stands before every statement of a block: `core.locks.Fence`."""

    def check(self) -> None: ...


def copy_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """COPY `rows` into `table`; must be called inside a transaction for all-or-nothing."""
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    for wrapper in connection.execute_wrappers:
        if isinstance(wrapper, Guard):  # COPY passes by no wrapper of Django's
            wrapper.check()
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def stage_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], *, like: str) -> None:
    """COPY into a temporary table with the column types of `like`, emptied when the transaction ends."""
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("CREATE TEMP TABLE {} ON COMMIT DROP AS SELECT {} FROM {} WITH NO DATA").format(
                sql.Identifier(table), names, sql.Identifier(like)
            )
        )
    copy_rows(table, columns, rows)
    execute(f"ANALYZE {table}")


def execute(statement: str, params: Sequence[Any] | dict[str, Any] = ()) -> int:
    """Run one statement; the number of rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return int(cursor.rowcount)


def fetch(statement: str, params: Sequence[Any] | dict[str, Any] = ()) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return list(cursor.fetchall())


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
