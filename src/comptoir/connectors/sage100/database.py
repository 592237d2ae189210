"""The base, for reading: one connection, by ODBC or to PostgreSQL, and what its errors mean."""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

from comptoir.connectors.sage100 import queries
from comptoir.connectors.sage100.settings import Sage100Settings
from comptoir.sdk.addresses import allowed_address
from comptoir.sdk.connector import Context
from comptoir.sdk.errors import ConfigurationError, ConnectorError, TransientError, UnexpectedAnswer

Row = dict[str, Any]
_NEEDED = {
    "f_article": {"ar_ref", "ar_design", "cbmarq", "cbmodification"},
    "f_artstock": {"ar_ref", "de_no", "as_qtesto", "cbmodification"},
    "f_docentete": {"do_domaine", "do_type", "do_piece", "do_noweb", "cbmarq", "cbmodification"},
    "f_docligne": {"dl_piecebc", "dl_piecebl", "dl_qte", "do_ref", "cbmarq"},
}
# SQLSTATE: wrong login (28…), no right on a table (42501, 42000), no such table or column (42P01, S0002, 42S…).
_SETTINGS_STATES = ("28", "42501", "42000", "42P01", "42703", "42S", "S0002", "3D000")


class Database:
    """Connects at the first question. Column names come in lower case; text is stripped."""

    def __init__(self, settings: Sage100Settings, context: Context) -> None:
        self._settings = settings
        self._context = context
        self._connection: Any = None
        self._columns: dict[str, set[str]] = {}

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def rows(self, statement: str, values: Sequence[object] = ()) -> list[Row]:
        """Raises TransientError, ConfigurationError or UnexpectedAnswer."""
        try:
            cursor = self._connected().cursor()
            try:
                cursor.execute(_marked(statement, self._settings.driver), tuple(values))
                names = [column[0].lower() for column in cursor.description]
                return [dict(zip(names, map(_clean, row), strict=True)) for row in cursor.fetchall()]
            finally:
                cursor.close()
        except ConnectorError:
            raise
        except Exception as error:
            self.close()
            raise _translated(error) from error

    def column(self, table: str, name: str, otherwise: str) -> str:
        """The column where this version has it, else `otherwise`."""
        return name if name.lower() in self.columns().get(table.lower(), set()) else otherwise

    def columns(self) -> dict[str, set[str]]:
        """`{table: columns}`, read once; ConfigurationError when this is no company file of Sage 100."""
        if not self._columns:
            found: dict[str, set[str]] = {}
            for row in self.rows(queries.COLUMNS):
                found.setdefault(row["table_name"].lower(), set()).add(row["column_name"].lower())
            for table, needed in _NEEDED.items():
                if missing := sorted(needed - found.get(table, set())):
                    raise ConfigurationError(
                        f"{self._settings.database}: {table.upper()} has no {', '.join(missing)} for this login."
                    )
            self._columns = found
        return self._columns

    def _connected(self) -> Any:
        if self._connection is None:
            try:
                address = allowed_address(
                    self._settings.server.split("\\")[0], self._settings.port,
                    allow_loopback=self._context.allow_loopback, allow_private=True,
                )  # fmt: skip
            except socket.gaierror as error:
                raise TransientError(f"The name {self._settings.server} is unknown.") from error
            self._connection = _DRIVERS[self._settings.driver](
                self._settings, address, self._context.timeout_s
            )
        return self._connection


def _odbc(settings: Sage100Settings, address: str, timeout_s: float) -> Any:
    try:
        pyodbc = import_module("pyodbc")  # an extra: nothing else of the hub needs it
    except ImportError as error:
        raise ConfigurationError(
            "The ODBC driver is not installed: pip install 'comptoir[sage100]'."
        ) from error
    trust = "yes" if settings.trust_certificate else "no"
    # A named instance (HOST\\NAME) is found by its name; otherwise the address that was checked is used.
    server = settings.server if "\\" in settings.server else f"{settings.server},{settings.port}"
    words = {"DRIVER": f"{{{settings.odbc_driver}}}", "SERVER": server, "DATABASE": settings.database,
             "UID": settings.user, "PWD": f"{{{settings.password.replace('}', '}}')}}}", "Encrypt": "yes",
             "TrustServerCertificate": trust, "ApplicationIntent": "ReadOnly"}  # fmt: skip
    connection = pyodbc.connect(
        ";".join(f"{name}={value}" for name, value in words.items()),
        timeout=10,
        autocommit=True,
        readonly=True,
    )
    connection.timeout = int(timeout_s * 4)
    return connection


def _postgres(settings: Sage100Settings, address: str, timeout_s: float) -> Any:
    import psycopg

    return psycopg.connect(
        host=address, port=settings.port, dbname=settings.database, user=settings.user, password=settings.password,
        connect_timeout=10, autocommit=True, application_name="comptoir",
        options=f"-c default_transaction_read_only=on -c statement_timeout={int(timeout_s * 4000)}",
    )  # fmt: skip


_DRIVERS: dict[str, Callable[[Sage100Settings, str, float], Any]] = {"pyodbc": _odbc, "psycopg": _postgres}


def _marked(statement: str, driver: str) -> str:
    return statement.replace("?", "%s") if driver == "psycopg" else statement


def _clean(value: object) -> object:
    return value.strip().replace("\x00", "") if isinstance(value, str) else value


def _translated(error: Exception) -> ConnectorError:
    """Both drivers follow PEP 249: the classes have the same names."""
    state = str(getattr(error, "sqlstate", None) or (error.args[0] if error.args else ""))
    words = str(error).strip().splitlines()[0][:300] if str(error).strip() else type(error).__name__
    if state.startswith(_SETTINGS_STATES) or "password authentication failed" in words:
        return ConfigurationError(f"Sage's base refuses: {words}", code=state[:5])
    names = {kind.__name__ for kind in type(error).__mro__}
    if names & {"OperationalError", "InterfaceError"}:
        return TransientError(f"Sage's base does not answer: {words}", code=state[:5])
    if "Error" in names and "DatabaseError" in names:
        return UnexpectedAnswer(f"Sage's base: {words}", code=state[:5])
    raise error
