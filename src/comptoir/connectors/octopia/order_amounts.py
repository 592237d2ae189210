"""What the amounts of an order mean, found by what adds up.

Two things are not verified: whether a line's `sellingPrice` is for one unit or for its quantity, and
whether the order's `sellingPrice` holds the shipping cost. The readings are tried in the order of their
likelihood and the first that adds up to the order's total is taken. When none does, lines are read as
totals, the order's own total stands, and a warning goes with the order.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

import msgspec

from comptoir.connectors.octopia.order_payloads import LinePayload, OrderPayload
from comptoir.sdk.money import ZERO, to_cents


class LineAmounts(msgspec.Struct, frozen=True):
    """Tax included, in the order's currency."""

    unit_price: Decimal
    amount: Decimal
    shipping: Decimal


class OrderAmounts(msgspec.Struct, frozen=True):
    lines: tuple[LineAmounts, ...]
    total: Decimal
    warning: str = ""

    @property
    def shipping(self) -> Decimal:
        return sum((line.shipping for line in self.lines), ZERO)


def read_amounts(order: OrderPayload, lines: Sequence[LinePayload]) -> OrderAmounts:
    readings = list(_readings(order, lines))
    told = order.total_price.selling_price if order.total_price else None
    if told is None:
        return OrderAmounts(readings[0], _sum(readings[0]))
    fitting = next((reading for reading in readings if _sum(reading) == to_cents(told)), None)
    if fitting is not None:
        return OrderAmounts(fitting, told)
    warning = f"The lines add up to {_sum(readings[0])}, the order says {told}."
    return OrderAmounts(readings[0], told, warning)


def _readings(order: OrderPayload, lines: Sequence[LinePayload]) -> Iterator[tuple[LineAmounts, ...]]:
    shipping = _shipping_of_lines(order, lines)
    none = [ZERO] * len(lines)
    for per_unit in (False, True):
        for costs in (shipping, none):
            yield tuple(_line(line, cost, per_unit=per_unit) for line, cost in zip(lines, costs, strict=True))


def _line(line: LinePayload, shipping: Decimal, *, per_unit: bool) -> LineAmounts:
    told = (line.total_price.selling_price if line.total_price else None) or ZERO
    quantity = max(line.quantity or 1, 1)
    if per_unit:
        return LineAmounts(told, told * quantity, shipping)
    return LineAmounts(to_cents(told / quantity), told, shipping)


def _shipping_of_lines(order: OrderPayload, lines: Sequence[LinePayload]) -> list[Decimal]:
    """Line by line where it is told so; else the order's own, on the first line."""
    costs = [(line.total_price.shipping_cost if line.total_price else None) or ZERO for line in lines]
    of_order = (order.total_price.shipping_cost if order.total_price else None) or ZERO
    if not any(costs) and of_order:
        costs[0] = of_order
    return costs


def _sum(lines: Sequence[LineAmounts]) -> Decimal:
    return to_cents(sum((line.amount + line.shipping for line in lines), ZERO))
