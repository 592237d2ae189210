"""Checks of the database server itself."""

from __future__ import annotations

from datetime import UTC, datetime

import psycopg

from comptoir.config.doctor.verdict import Verdict, bad, good, warning

OLDEST_SERVER = 160000
SKEW_SECONDS = 2.0


def examine(url: str) -> list[Verdict]:
    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            return [server_version(connection), clock_skew(connection)]
    except psycopg.OperationalError as error:
        said = str(error).strip().splitlines()[-1]
        return [bad("PostgreSQL", said, "Start it, or mend DATABASE_URL.")]


def server_version(connection: psycopg.Connection) -> Verdict:
    number = connection.info.server_version  # 180004 is 18.4
    text = f"{number // 10000}.{number % 10000}"
    if number < OLDEST_SERVER:
        return bad("PostgreSQL", text, "Comptoir needs PostgreSQL 16 or newer.")
    return good("PostgreSQL", text)


def clock_skew(connection: psycopg.Connection) -> Verdict:
    """Heartbeats and locks are judged by the database's clock, schedules by ours."""
    before = datetime.now(UTC)
    row = connection.execute("SELECT clock_timestamp()").fetchone()
    assert row is not None
    middle = before + (datetime.now(UTC) - before) / 2
    skew = abs((row[0] - middle).total_seconds())
    finding = f"{skew:.2f} s apart from the database"
    if skew > SKEW_SECONDS:
        return warning("Clock", finding, "Set both machines by NTP.")
    return good("Clock", finding)
