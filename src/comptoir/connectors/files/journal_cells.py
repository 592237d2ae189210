"""The cells of a journal, for every format: checked against their length, never cut."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Final

from comptoir.connectors.files.export_file import Dialect, Writer
from comptoir.sdk.accounting import AccountingLine, entry_key
from comptoir.sdk.errors import RejectedRecord

_UNLIMITED: Final = 1000


def refusal(key: str, why: str) -> RejectedRecord:
    return RejectedRecord(f"{key}: {why}.", code="not_writable", record_id=key)


class JournalCells:
    """Turns the values of one accounting line into cells; RejectedRecord bears its entry's key."""

    def __init__(self, line: AccountingLine, encoding: str, separator: str = "") -> None:
        self._key = entry_key(line)
        self._separator = separator
        self._writer = Writer(Dialect(encoding, separator, "."), self._key)

    def code(self, name: str, value: str, length: int = _UNLIMITED, *, needed: bool = True) -> str:
        """What a program compares: unchanged, or refused."""
        if not value and not needed:
            return ""
        return self._apart(name, self._writer.identifier(name, value, max_length=length))

    def text(self, name: str, value: str, length: int = _UNLIMITED, *, needed: bool = True) -> str:
        """What a person reads: on one line, the nearest letters; too long is refused, not cut."""
        written = self._writer.text(value)
        if needed and not written:
            raise refusal(self._key, f"{name} is empty")
        if len(written) > length:
            raise refusal(self._key, f"{name} is longer than {length} characters: {written!r}")
        return self._apart(name, written)

    def _apart(self, name: str, value: str) -> str:
        if self._separator and self._separator in value:
            raise refusal(self._key, f"{name} holds the separator {self._separator!r}: {value!r}")
        return value


def day(value: date | None, form: str, empty: str = "") -> str:
    return empty if value is None else value.strftime(form)


def amount(value: Decimal, mark: str = ",") -> str:
    """Two decimals at least, no grouping."""
    whole, _, decimals = f"{value + 0:f}".partition(".")
    return f"{whole}{mark}{decimals.rstrip('0').ljust(2, '0')}"
