"""Accounting lines on their way to whoever keeps the books: an ERP, an accountant's program."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Protocol, runtime_checkable

from comptoir.sdk.money import ZERO
from comptoir.sdk.records import Receipt, Record, SubmissionReport


class AccountingLine(Record, frozen=True, kw_only=True):
    """One debit or one credit, in euros and cents. Lines of one `journal` and `entry` follow each other."""

    journal: str
    """Its code, such as `VTAMZ`."""
    journal_label: str
    entry: str
    """The entry's number in its journal: without a hole, never used again."""
    entry_date: date
    account: str
    account_label: str
    piece: str
    """The document that the entry rests on."""
    piece_date: date
    label: str
    debit: Decimal = ZERO
    credit: Decimal = ZERO
    """One of the two is above zero, the other is zero."""
    auxiliary: str = ""
    """The third party's own account under `account`."""
    auxiliary_label: str = ""
    due_on: date | None = None
    lettering: str = ""
    lettered_on: date | None = None
    validated_on: date | None = None
    currency_amount: Decimal | None = None
    currency: str = ""
    """Both, where the document is not in euros."""


def entry_key(line: AccountingLine) -> str:
    """`VTAMZ/12`: by which verdicts name an entry."""
    return f"{line.journal}/{line.entry}"


@runtime_checkable
class JournalTarget(Protocol):
    """Accounting entries are taken in numbered deliveries, as `OrderTarget` takes orders.

    The same number again looks for the first attempt's result and never delivers anything twice.
    """

    def submit_journal(self, number: int, lines: Sequence[AccountingLine]) -> Receipt:
        """RejectedRecord, named by `entry_key`, where an entry cannot be written as it is."""
        ...

    def read_export(self, kind: str, external_id: str) -> SubmissionReport:
        """`kind` is `journal`; verdicts are keyed by `entry_key`."""
        ...
