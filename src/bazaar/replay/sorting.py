"""Tells sales from returns, and counts by reason whatever is neither. Nothing is dropped in silence."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from bazaar.replay.rows import InvoiceRow

_RETURN, _ADJUSTMENT = re.compile(r"[Cc]\W?\d+"), re.compile(r"[Aa]\d+")


class SortedRows(NamedTuple):
    sales: list[InvoiceRow]
    returns: list[InvoiceRow]
    set_aside: Counter[str]


def sort_rows(rows: Iterable[InvoiceRow], since: datetime | None, until: datetime | None) -> SortedRows:
    """Sales and returns in order of time (equal instants keep the file's order)."""
    sales: list[InvoiceRow] = []
    returns: list[InvoiceRow] = []
    set_aside: Counter[str] = Counter()
    for row in rows:
        reason = _why_not(row, since, until)
        if reason:
            set_aside[reason] += 1
        else:
            (returns if _RETURN.fullmatch(row.invoice) else sales).append(row)
    return SortedRows(sorted(sales, key=_time), sorted(returns, key=_time), set_aside)


def _time(row: InvoiceRow) -> datetime:
    assert row.at is not None  # _why_not has set those aside
    return row.at


def _why_not(row: InvoiceRow, since: datetime | None, until: datetime | None) -> str:
    """Why a row is neither a sale nor a return; empty when it is one."""
    if row.quantity is None or row.at is None or row.price is None or not row.invoice or not row.sku:
        return "unreadable"
    if (since and row.at < since) or (until and row.at >= until):
        return "out_of_range"
    is_return = _RETURN.fullmatch(row.invoice)
    if _ADJUSTMENT.fullmatch(row.invoice):
        return "adjustment_invoice"  # such as A563185, "Adjust bad debt"
    if is_return and row.quantity >= 0:
        return "return_without_units"
    if not is_return and row.quantity <= 0:
        return "negative_quantity"  # breakages, counts: no sale and no customer
    if row.price <= 0:
        return "negative_price" if row.price < 0 else "zero_price"
    return ""
