"""An ERP that has no place for a channel's line ids tells articles: which lines of the order they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import msgspec

from comptoir.orders.models import Order
from comptoir.sdk.records import ErpShipmentLine


def name_lines(told: Sequence[ErpShipmentLine], order: Order | None) -> list[ErpShipmentLine]:
    """`told` with a line id everywhere: units without one go to the first lines of their article that have
    some left. More than what is left stays on the last of them, where it is refused as such."""
    if order is None or all(item.line_id for item in told):
        return list(told)
    left = Counter({line.external_id: line.quantity - line.shipped_quantity for line in order.lines.all()})
    for item in told:
        if item.line_id:
            left[item.line_id] -= item.quantity
    return [named for item in told for named in ([item] if item.line_id else _share(item, order, left))]


def _share(item: ErpShipmentLine, order: Order, left: Counter[str]) -> Iterator[ErpShipmentLine]:
    candidates = [line.external_id for line in sorted(order.lines.all(), key=lambda line: line.line_number)
                  if line.sku == item.sku]  # fmt: skip
    units = item.quantity
    for line_id in candidates:
        part = min(units, left[line_id])
        if part > 0:
            left[line_id] -= part
            units -= part
            yield msgspec.structs.replace(item, line_id=line_id, quantity=part)
    if units or not candidates:
        line_id = candidates[-1] if candidates else f"(article {item.sku})"
        yield msgspec.structs.replace(item, line_id=line_id, quantity=units)
