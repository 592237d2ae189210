"""What is on the sites, at an instant that is known exactly.

`quantity` = physical − what *others* have allocated. What our own orders have allocated stays in: the hub reserves it
itself, from the moment of the sale. That is the usual `Σ(QTYSTU − CUMALLQTY)` of X3, plus our own part of it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from comptoir.connectors.sage_x3.dialect import number
from comptoir.connectors.sage_x3.documents import Departure
from comptoir.connectors.sage_x3.lists import Row
from comptoir.sdk.records import StockLevel

Place = tuple[str, str]
"""Article, site."""


@dataclass(frozen=True)
class Snapshot:
    """What moves while the stock is read: equal before and after, the page between them is true."""

    allocated: dict[Place, Decimal]
    ours: dict[Place, Decimal]
    departures: tuple[Departure, ...]

    def of(self, skus: set[str]) -> tuple[object, ...]:
        """Its part that concerns these articles."""
        return (
            sorted((place, units) for place, units in self.allocated.items() if place[0] in skus),
            sorted((place, units) for place, units in self.ours.items() if place[0] in skus),
            tuple(one for one in self.departures if one.sku in skus),
        )

    def told(self, rows: Iterable[Row]) -> list[str]:
        """The same in words, for telling whether it is what it was last time."""
        return [repr(part) for part in self.of({str(row["sku"]) for row in rows})]

    def left_since(self, as_of: datetime) -> Counter[Place]:
        """Our units that left after `as_of`: the count is told as it was then."""
        found: Counter[Place] = Counter()
        for one in self.departures:
            if one.at > as_of:
                found[one.sku, one.site] += one.quantity
        return found


def sums(rows: Iterable[Row], word: str) -> dict[Place, Decimal]:
    found: dict[Place, Decimal] = defaultdict(Decimal)
    for row in rows:
        found[str(row["sku"]), str(row["site"])] += number(row[word])
    return dict(found)


def parse_levels(rows: Iterable[Row], snapshot: Snapshot, as_of: datetime) -> tuple[StockLevel, ...]:
    since = snapshot.left_since(as_of)
    levels = []
    for row in rows:
        place = (str(row["sku"]), str(row["site"]))
        others = max(
            snapshot.allocated.get(place, Decimal(0)) - snapshot.ours.get(place, Decimal(0)), Decimal(0)
        )
        quantity = int(number(row["physical"]) - others) + since[place]
        incoming = max(int(number(row.get("incoming"))), 0)
        levels.append(StockLevel(sku=place[0], warehouse=place[1], quantity=quantity, incoming=incoming))
    return tuple(levels)


def parse_available(
    available: dict[Place, Decimal], snapshot: Snapshot, as_of: datetime
) -> tuple[StockLevel, ...]:
    """What a sub-program calls available has our own allocations taken off: they go back in."""
    since = snapshot.left_since(as_of)
    return tuple(
        StockLevel(sku=place[0], warehouse=place[1],
                   quantity=int(units + snapshot.ours.get(place, Decimal(0))) + since[place])
        for place, units in sorted(available.items())
    )  # fmt: skip
