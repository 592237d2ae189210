"""How many rows each table has, and what they add up to: equal before and after, or something was lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql


@dataclass(frozen=True)
class Count:
    """`sum`: of a digest of each row, whatever their order."""

    rows: int
    sum: str


Census = dict[str, Count]

# Rows as text must not depend on who asks.
_SAME_WORDS = """
SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO'; SET LOCAL intervalstyle = 'postgres';
SET LOCAL bytea_output = 'hex'; SET LOCAL extra_float_digits = 1;
"""
_TABLES = """
SELECT schemaname, tablename FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, 2
"""
# MD5 for its stability between releases of PostgreSQL, not against anybody's malice.
_COUNT = "SELECT count(*), coalesce(sum(('x' || substr(md5(t::text), 1, 15))::bit(60)::bigint), 0) FROM {} t"


def take_census(connection: psycopg.Connection[Any]) -> Census:
    """Inside one transaction of the caller."""
    connection.execute(_SAME_WORDS)
    counted = {}
    for schema, table in connection.execute(_TABLES).fetchall():
        query = sql.SQL(_COUNT).format(sql.Identifier(schema, table))
        row = connection.execute(query).fetchone()
        assert row is not None
        counted[f"{schema}.{table}"] = Count(int(row[0]), str(row[1]))
    return counted


def differences(before: Census, after: Census) -> list[str]:
    """In words; empty when both are the same."""
    found = []
    for table in sorted(before.keys() | after.keys()):
        one, two = before.get(table), after.get(table)
        if one is None or two is None:
            found.append(f"{table} is only {'after' if one is None else 'before'}")
        elif one.rows != two.rows:
            found.append(f"{table}: {one.rows} rows before, {two.rows} after")
        elif one.sum != two.sum:
            found.append(f"{table}: {one.rows} rows, and not the same ones")
    return found
