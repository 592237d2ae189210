"""What is written of an order after it was taken: units that are not wanted any more.

X3 keeps no id of what it was asked, so what is written is where the line shall *stand*: asked twice, nothing moves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from comptoir.connectors.sage_x3.dialect import RANK, Entity, Line, Read, number
from comptoir.connectors.sage_x3.mapping import Mapped
from comptoir.sdk.errors import RejectedRecord
from comptoir.sdk.records import ErpCancellation

_STEP = 1000
"""X3 numbers the lines of an order 1000, 2000…"""


@dataclass(frozen=True)
class Change:
    """`reduce`: the table with the new quantity. `drop`: this line. `close`: the order itself. `none`: it is so."""

    kind: Literal["none", "reduce", "drop", "close"]
    entity: Entity
    line: str = ""


def plan_change(order: Read, item: ErpCancellation, services: set[str], mapped: Mapped) -> Change:
    """RejectedRecord when the units have left, or nothing in the order is that line."""
    table = mapped.place("line.article")[0]
    lines: list[Read] = order.get(table, [])
    if item.left is None:
        raise RejectedRecord(f"{item.cancellation_id}: it is not told what is left.", code="left",
                             record_id=item.cancellation_id)  # fmt: skip
    place = _find(lines, item, mapped)
    if place is None:
        # Dropped already: nothing of a line is left when nothing of it is wanted.
        if item.left == 0 and any(_cell(line, mapped, "line.article") for line in lines):
            return Change("none", {})
        raise RejectedRecord(f"{item.order_reference} has no line of {item.sku}.", code="line",
                             record_id=item.cancellation_id)  # fmt: skip
    line = lines[place]
    quantity, delivered = _units(line, mapped, "line.quantity"), _units(line, mapped, "line.delivered")
    if quantity <= item.left:
        return Change("none", {})
    # First of all: a line that is delivered throughout is closed too.
    if delivered > item.left:
        raise RejectedRecord(f"{item.order_reference}: {delivered} of {item.sku} have left, {item.left} are wanted.",
                             code="already_shipped", record_id=item.cancellation_id)  # fmt: skip
    if _is_closed(order, line, mapped):
        return Change("none", {})
    own = _cell(line, mapped, "line.number")
    if item.left:
        changed: Line = {RANK: place + 1, mapped.place("line.quantity")[1]: item.left}
        return Change("reduce", {table: [changed]}, own)
    articles = {_cell(other, mapped, "line.article") for other in lines if other is not line}
    others = articles - services - {""}
    if others:
        return Change("drop", {}, own)
    group, field = mapped.place("order.state")
    return Change("close", {group: {field: int(mapped["value.order_closed"])}}, own)


def _find(lines: list[Read], item: ErpCancellation, mapped: Mapped) -> int | None:
    """Its rank, blank lines counted: by the number that it was given, where that is this article; else the only
    line of the article."""
    same = [place for place, line in enumerate(lines) if _cell(line, mapped, "line.article") == item.sku]
    for place in same:
        if _cell(lines[place], mapped, "line.number") == str(item.line_number * _STEP):
            return place
    return same[0] if len(same) == 1 else None


def _is_closed(order: Read, line: Read, mapped: Mapped) -> bool:
    group, field = mapped.place("order.state")
    header = str(order.get(group, {}).get(field, "")) if group else ""
    return header == mapped["value.order_closed"] or (
        _cell(line, mapped, "line.state") == mapped["value.line_closed"]
    )


def _cell(line: Read, mapped: Mapped, word: str) -> str:
    return str(line.get(mapped.place(word)[1], "") or "")


def _units(line: Read, mapped: Mapped, word: str) -> int:
    return int(number(line.get(mapped.place(word)[1], "")))
