"""Finds which earlier sale each returned unit came from."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from bazaar.replay.rows import InvoiceRow
from bazaar.world.facts import PurchaseLine


@dataclass(slots=True)
class _Sold:
    invoice: str
    price: Decimal
    left: int


@dataclass(slots=True)
class MatchedReturn:
    """What one return invoice sends back of one sale invoice."""

    credit_note: str
    invoice: str
    at: datetime
    lines: list[PurchaseLine] = field(default_factory=list)


def match_returns(
    sales: list[InvoiceRow], returns: list[InvoiceRow], counts: Counter[str]
) -> Iterable[MatchedReturn]:
    """Same customer, same stock code, latest sale first, over several orders when one is not enough.

    Both lists are in order of time. A line returned keeps the price it was sold at. Counted per row:
    `matched`, `partly_matched`, `unmatched`, `without_customer`; and in units.
    """
    sold: dict[tuple[str, str], list[_Sold]] = defaultdict(list)
    found: dict[tuple[str, str], MatchedReturn] = {}
    upcoming = iter(sales)
    sale = next(upcoming, None)
    for back in returns:
        while sale is not None and _at(sale) <= _at(back):
            if sale.customer:
                sold[sale.customer, sale.sku].append(_Sold(sale.invoice, _price(sale), _units(sale)))
            sale = next(upcoming, None)
        left = _take(back, sold.get((back.customer, back.sku), []), found)
        _count(back, left, counts)
    return found.values()


def _take(back: InvoiceRow, sold: list[_Sold], found: dict[tuple[str, str], MatchedReturn]) -> int:
    """Take the returned units out of the latest sales; how many find none."""
    left = _units(back)
    while left and sold:
        last = sold[-1]
        units = min(left, last.left)
        key = (back.invoice, last.invoice)
        match = found.setdefault(key, MatchedReturn(back.invoice, last.invoice, _at(back)))
        match.lines.append(PurchaseLine(sku=back.sku, quantity=units, unit_price=last.price))
        left, last.left = left - units, last.left - units
        if not last.left:
            sold.pop()
    return left


def _count(back: InvoiceRow, left: int, counts: Counter[str]) -> None:
    units = _units(back)
    counts["units_matched"] += units - left
    counts["units_unmatched"] += left
    if not back.customer:
        counts["without_customer"] += 1
    elif left == 0:
        counts["matched"] += 1
    else:
        counts["unmatched" if left == units else "partly_matched"] += 1


def _at(row: InvoiceRow) -> datetime:
    assert row.at is not None
    return row.at


def _price(row: InvoiceRow) -> Decimal:
    assert row.price is not None
    return row.price


def _units(row: InvoiceRow) -> int:
    assert row.quantity is not None
    return abs(row.quantity)
