"""What is in the depots, at an instant that is known exactly.

`quantity` = physical − to be checked − what *others* reserve. What our own orders reserve in Sage stays in: the hub
reserves it itself, from the moment of the sale. An order that Sage does not have yet is therefore never sold twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from comptoir.connectors.sage100.database import Row
from comptoir.connectors.sage100.instants import left_at
from comptoir.sdk.records import StockLevel


def units_since(departures: Iterable[Row], as_of: datetime, zone: ZoneInfo) -> Counter[tuple[str, int]]:
    """Our units that left after `as_of`, by article and depot: the count is told as it was then."""
    found: Counter[tuple[str, int]] = Counter()
    for row in departures:
        if left_at(row, zone) > as_of:
            found[row["ar_ref"], row["de_no"]] += int(row["dl_qte"])
    return found


def parse_levels(
    rows: Iterable[Row], depots: Mapping[int, str], since: Mapping[tuple[str, int], int]
) -> tuple[StockLevel, ...]:
    return tuple(
        _level(row, depots[row["de_no"]], since.get((row["ar_ref"], row["de_no"]), 0))
        for row in rows
        if row["de_no"] in depots
    )


def _level(row: Row, warehouse: str, since: int) -> StockLevel:
    promised = max(row["reserved"] + row["preparing"] - row["ours"], 0)
    quantity = int(row["physical"] - row["to_check"] - promised)
    return StockLevel(sku=row.get("ae_ref") or row["ar_ref"], warehouse=warehouse, quantity=quantity + since,
                      incoming=max(int(row["incoming"]), 0))  # fmt: skip
