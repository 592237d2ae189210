"""One SQLite file that keeps a world across restarts and across kill -9.

WAL with `synchronous=OFF` survives the death of the process (not of the machine), and costs nothing
that a simulated party would feel. One transaction per request or tick: what was answered is kept.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path

_SCHEMA = """
CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS shelf (
    place INTEGER PRIMARY KEY, shelf TEXT NOT NULL, key TEXT NOT NULL, body BLOB NOT NULL,
    UNIQUE (shelf, key));
CREATE TABLE IF NOT EXISTS fact (number INTEGER PRIMARY KEY, body BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS event (number INTEGER PRIMARY KEY, body BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS chance (name TEXT PRIMARY KEY, drawn INTEGER NOT NULL) WITHOUT ROWID;
"""


class Store:
    """The world's file. Every `put_*` waits for `commit`."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=OFF")
        self._db.executescript(_SCHEMA)

    def settings(self) -> dict[str, str]:
        return dict(self._db.execute("SELECT name, value FROM setting"))

    def chance(self) -> dict[str, int]:
        return dict(self._db.execute("SELECT name, drawn FROM chance"))

    def shelf(self, shelf: str) -> Iterator[tuple[str, bytes]]:
        """`(key, body)` in the order in which the keys were first put."""
        return iter(self._db.execute("SELECT key, body FROM shelf WHERE shelf = ? ORDER BY place", (shelf,)))

    def facts(self) -> Iterator[bytes]:
        return (body for (body,) in self._db.execute("SELECT body FROM fact ORDER BY number"))

    def events(self) -> Iterator[bytes]:
        return (body for (body,) in self._db.execute("SELECT body FROM event ORDER BY number"))

    def begin(self) -> None:
        self._db.execute("BEGIN IMMEDIATE")

    def commit(self) -> None:
        self._db.execute("COMMIT")

    def rollback(self) -> None:
        self._db.execute("ROLLBACK")

    def put_settings(self, settings: Iterable[tuple[str, str]]) -> None:
        self._db.executemany("INSERT OR REPLACE INTO setting VALUES (?, ?)", settings)

    def put_chance(self, drawn: Iterable[tuple[str, int]]) -> None:
        self._db.executemany("INSERT OR REPLACE INTO chance VALUES (?, ?)", drawn)

    def put_shelf(self, shelf: str, removed: Iterable[str], put: Iterable[tuple[str, bytes]]) -> None:
        """Removals first: a key that was taken away and put back goes to the end, as in a dict."""
        self._db.executemany("DELETE FROM shelf WHERE shelf = ? AND key = ?", ((shelf, k) for k in removed))
        self._db.executemany(
            "INSERT INTO shelf (shelf, key, body) VALUES (?, ?, ?) "
            "ON CONFLICT (shelf, key) DO UPDATE SET body = excluded.body",
            ((shelf, key, body) for key, body in put),
        )

    def put_facts(self, facts: Iterable[tuple[int, bytes]]) -> None:
        self._db.executemany("INSERT INTO fact VALUES (?, ?)", facts)

    def put_events(self, removed: Iterable[int], put: Iterable[tuple[int, bytes]]) -> None:
        self._db.executemany("DELETE FROM event WHERE number = ?", ((number,) for number in removed))
        self._db.executemany("INSERT INTO event VALUES (?, ?)", put)

    def close(self) -> None:
        self._db.close()
