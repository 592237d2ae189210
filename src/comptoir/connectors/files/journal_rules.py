"""What bookkeeping asks of accounting lines, in every format."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import groupby
from typing import Final

from comptoir.connectors.files.journal_cells import refusal
from comptoir.sdk.accounting import AccountingLine, entry_key

_CENT: Final = Decimal("0.01")
_TOO_MUCH: Final = Decimal(10) ** 10
_CURRENCY: Final = re.compile(r"[A-Z]{3}")


def verify(lines: Sequence[AccountingLine]) -> None:
    """RejectedRecord, named by the entry, when these lines are not bookkeeping in any format."""
    seen: set[str] = set()
    for key, entry in groupby(lines, key=entry_key):
        if key in seen:
            raise refusal(key, "its lines do not follow each other")
        seen.add(key)
        if problem := next(_problems(list(entry)), ""):
            raise refusal(key, problem)


def _problems(entry: Sequence[AccountingLine]) -> Iterator[str]:
    for line in entry:
        yield from _line_problems(line)
    if len({line.entry_date for line in entry}) > 1:
        yield "its lines have different dates"
    debit = sum((line.debit for line in entry), Decimal(0))
    credit = sum((line.credit for line in entry), Decimal(0))
    if debit != credit:
        yield f"debit {debit} and credit {credit} are not equal"


def _line_problems(line: AccountingLine) -> Iterator[str]:
    for amount in (line.debit, line.credit):
        if not amount.is_finite() or not 0 <= amount < _TOO_MUCH or amount != amount.quantize(_CENT):
            yield f"{amount} is no amount in cents, or is below zero"
            return
    if (line.debit > 0) == (line.credit > 0):
        yield "a line has a debit or a credit, and one only"
    foreign = line.currency_amount
    if (foreign is None) == bool(line.currency):
        yield "an amount in a currency needs both"
    if line.currency and not _CURRENCY.fullmatch(line.currency):
        yield f"{line.currency!r} is no currency code"
    if foreign is not None and (not foreign.is_finite() or abs(foreign) >= _TOO_MUCH):
        yield f"{foreign} is no amount"
