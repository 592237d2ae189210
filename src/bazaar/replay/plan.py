"""Puts a file of invoices into the world: its articles as products, its invoices as purchases to come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import accumulate
from pathlib import Path

import msgspec

from bazaar.replay.matching import match_returns
from bazaar.replay.rows import InvoiceRow, read_invoice_rows
from bazaar.replay.sorting import SortedRows, sort_rows
from bazaar.world.agenda import Replay, Return
from bazaar.world.catalogue import ean13
from bazaar.world.facts import Product, Purchase, PurchaseLine
from bazaar.world.people import make_buyer
from bazaar.world.randomness import unit
from bazaar.world.world import SimulatedWorld

_CENT = Decimal("0.01")


class ReplayOrder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What to replay. Without `parties`, every marketplace by its share; times move so that the first
    invoice is at `shift_to`; rows from `since` to before `until`, in the file's own times."""

    path: str
    parties: list[str] = []
    shift_to: datetime | None = None
    since: datetime | None = None
    until: datetime | None = None
    margin: int = 10  # units of each article above what the file sells


class ReplayReport(msgspec.Struct, frozen=True, kw_only=True):
    """`rows` = `sale_lines` + `return_rows` + the sum of `set_aside`."""

    rows: int
    sale_lines: int
    invoices: int
    units: int
    amount: Decimal  # each line rounded to the cent, then added
    return_rows: int
    returns: dict[str, int]  # rows by outcome, and units
    return_orders: int  # pairs of a return invoice and the order it takes from
    set_aside: dict[str, int]
    products: int
    first_at: datetime
    last_at: datetime
    parties: dict[str, int]


def plan_replay(world: SimulatedWorld, order: ReplayOrder) -> ReplayReport:
    """Read, sort, match and schedule. ValueError when the file or the world does not suit."""
    rows = read_invoice_rows(Path(order.path))
    kept = sort_rows(rows, _utc(order.since), _utc(order.until))
    if not kept.sales:
        why = ", ".join(f"{count} {reason}" for reason, count in kept.set_aside.most_common())
        raise ValueError(f"{len(rows)} rows and no sale among them ({why or 'it is empty'})")
    shift, shares = _shift(world, kept, order), _shares(world, order.parties)
    _stock_up(world, kept.sales, order.margin)
    parties = _schedule_sales(world, kept.sales, shares, shift)
    returns: Counter[str] = Counter()
    return_orders = _schedule_returns(world, kept, returns, shift)
    return ReplayReport(
        rows=len(rows),
        sale_lines=len(kept.sales),
        invoices=sum(parties.values()),
        units=sum(row.quantity or 0 for row in kept.sales),
        amount=sum((_line_amount(row) for row in kept.sales), Decimal()),
        return_rows=len(kept.returns),
        returns=dict(returns),
        return_orders=return_orders,
        set_aside=dict(kept.set_aside),
        products=len({row.sku for row in kept.sales}),
        first_at=_at(kept.sales[0]) + shift,
        last_at=_at(kept.sales[-1]) + shift,
        parties=dict(parties),
    )


def _line_amount(row: InvoiceRow) -> Decimal:
    assert row.quantity is not None
    assert row.price is not None
    return (row.quantity * row.price).quantize(_CENT, ROUND_HALF_UP)


def _at(row: InvoiceRow) -> datetime:
    assert row.at is not None
    return row.at


def _utc(at: datetime | None) -> datetime | None:
    return at.replace(tzinfo=UTC) if at is not None and at.tzinfo is None else at


def _shift(world: SimulatedWorld, kept: SortedRows, order: ReplayOrder) -> timedelta:
    first, to = _at(kept.sales[0]), _utc(order.shift_to)
    shift = to - first if to else timedelta()
    if first + shift < world.now():
        raise ValueError(
            f"the first invoice is at {first + shift}, it is already {world.now()}: use shift_to"
        )
    return shift


def _shares(world: SimulatedWorld, wanted: Sequence[str]) -> dict[str, float]:
    markets = world.marketplaces()
    unknown = [key for key in wanted if key not in markets]
    if unknown or not markets:
        raise ValueError(f"no such marketplace: {', '.join(unknown) or 'there is none at all'}")
    return {key: markets[key].share for key in wanted or markets}


def _stock_up(world: SimulatedWorld, sales: list[InvoiceRow], margin: int) -> None:
    """Each stock code is a product, with enough stock for the whole file."""
    units: Counter[str] = Counter()
    first: dict[str, InvoiceRow] = {}
    titles: dict[str, str] = {}
    for row in sales:
        units[row.sku] += row.quantity or 0
        first.setdefault(row.sku, row)
        if row.description:
            titles.setdefault(row.sku, row.description)
    known = [sku for sku in units if sku in world.products]
    if known:
        raise ValueError(f"{len(known)} stock codes are products already, such as {known[0]}")
    for number, sku in enumerate(sorted(units), start=1):
        title = titles.get(sku, sku)
        world.products[sku] = _product(first[sku], number, title, units[sku], margin)


def _product(row: InvoiceRow, number: int, title: str, units: int, margin: int) -> Product:
    assert row.price is not None
    list_price = max(_CENT, row.price.quantize(_CENT, ROUND_HALF_UP))
    return Product(
        sku=row.sku,
        ean=ean13(f"379{number:09d}"),
        title=title,
        brand="",
        family="Replay",
        supplier="REPLAY",
        purchase_price=max(_CENT, (list_price / 2).quantize(_CENT, ROUND_HALF_UP)),
        list_price=list_price,
        vat_rate=Decimal(20),
        weight_g=300,
        popularity=float(units),
        initial_stock=units + margin,
    )


def _schedule_sales(
    world: SimulatedWorld, sales: list[InvoiceRow], shares: dict[str, float], shift: timedelta
) -> Counter[str]:
    """One purchase per invoice, at the time of its first line; how many per marketplace."""
    invoices: dict[str, list[InvoiceRow]] = {}
    for row in sales:
        invoices.setdefault(row.invoice, []).append(row)
    parties: Counter[str] = Counter()
    for invoice, rows in invoices.items():
        party = _party_of(world.seed, rows[0].customer or invoice, shares)
        parties[party] += 1
        purchase = Purchase(
            at=_at(rows[0]) + shift,
            buyer=make_buyer(world.randomness.fresh("customer", rows[0].customer or invoice)),
            lines=tuple(
                PurchaseLine(sku=row.sku, quantity=row.quantity or 0, unit_price=row.price) for row in rows
            ),
            forced=True,
            reference=invoice,
        )
        number = world.agenda.next_number()
        world.agenda.add(Replay(at=purchase.at, number=number, party=party, purchase=purchase))
    return parties


def _party_of(seed: int, customer: str, shares: dict[str, float]) -> str:
    """A customer always buys on the same marketplace."""
    place = unit(seed, "customer's marketplace", customer) * sum(shares.values())
    for key, height in zip(shares, accumulate(shares.values()), strict=True):
        if place < height:
            return key
    return next(reversed(shares))


def _schedule_returns(world: SimulatedWorld, kept: SortedRows, counts: Counter[str], shift: timedelta) -> int:
    matches = list(match_returns(kept.sales, kept.returns, counts))
    for match in matches:
        event = Return(
            at=match.at + shift,
            number=world.agenda.next_number(),
            reference=match.invoice,
            lines=tuple(match.lines),
            reason=f"credit note {match.credit_note}",
        )
        world.agenda.add(event)
    return len(matches)
