"""The company file: one connection to its database, its clock, and what every operation shares."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
from psycopg import sql
from psycopg.rows import DictRow, dict_row

from bazaar.party import World
from bazaar.sage.schema import statements, tables
from bazaar.sage.settings import SageSettings

EMPTY_DATE = datetime(1900, 1, 1)  # noqa: DTZ001 - what Sage writes for no date
DEPOT = 1


class Base:
    """Everything is done under `with base.work():`, one transaction per operation, as in Sage."""

    def __init__(self, key: str, world: World, settings: SageSettings) -> None:
        self.key = key
        self.world = world
        self.settings = settings
        self._zone = ZoneInfo(settings.time_zone)
        self._connection = psycopg.connect(settings.database, autocommit=True, row_factory=dict_row)
        self._make()
        known = self.rows(
            "SELECT 1 AS is FROM information_schema.columns WHERE table_schema = current_schema()"
            " AND table_name = 'f_docentete' AND column_name = 'do_refexterne'"
        )
        self.has_external_reference = bool(known)

    def _make(self) -> None:
        if self.rows("SELECT to_regclass('f_docentete') AS table")[0]["table"] is None:
            with self.work():
                for statement in statements(self.settings.profile):
                    self.run(statement)

    def close(self) -> None:
        self._connection.close()

    # --- time -------------------------------------------------------------------------------------------

    def local(self, at: datetime | None = None) -> datetime:
        """An instant on the clock of the server's wall, which may be wrong, without zone as Sage keeps it."""
        at = at or self.world.now() + self.world.skew(self.key)
        return at.astimezone(self._zone).replace(tzinfo=None, microsecond=0)

    def utc(self, local: datetime) -> datetime:
        return local.replace(tzinfo=self._zone).astimezone(UTC)

    def minute(self) -> datetime:
        """`cbModification` is a SmallDateTime."""
        return self.local().replace(second=0)

    # --- SQL --------------------------------------------------------------------------------------------

    @contextmanager
    def work(self) -> Iterator[None]:
        with self._connection.transaction():
            yield

    def run(self, statement: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> int:
        return self._connection.execute(sql.SQL(statement), values or None).rowcount

    def rows(self, statement: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> list[DictRow]:
        return self._connection.execute(sql.SQL(statement), values or None).fetchall()

    def row(self, statement: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> DictRow | None:
        found = self.rows(statement, values)
        return found[0] if found else None

    def insert(self, table: str, **values: Any) -> None:
        """One row; `cbModification` is stamped where the table has it."""
        if any(column == "cbModification" for column in self._columns(table)):
            values["cbModification"] = self.minute()
        names = ", ".join(values)
        marks = ", ".join(["%s"] * len(values))
        self.run(f"INSERT INTO {table} ({names}) VALUES ({marks})", list(values.values()))  # noqa: S608

    def _columns(self, table: str) -> list[str]:
        return tables(self.settings.profile)[table]
