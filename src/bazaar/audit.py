"""The ledger read as an auditor reads it: orders with their history, and where every unit went."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from bazaar.world.facts import Fact
from bazaar.world.ledger import Ledger
from bazaar.world.world import SimulatedWorld

_ORDER_KINDS = {
    "order_placed",
    "order_accepted",
    "order_refused",
    "order_cancelled",
    "order_shipped",
    "order_delivered",
    "order_refunded",
}


def order_histories(ledger: Ledger) -> Iterator[dict[str, object]]:
    """One row per order, in the order of placing.

    `{party, order_id, placed_at, total, currency, lines, history: [{kind, at, sku, quantity, …}],
    cancelled: {line: units}, refunded: {line: units}}`; a line is its `line_id`, or its SKU when the
    marketplace told no line.
    """
    for placed in ledger.of_kind("order_placed"):
        facts = ledger.of_order(placed.party, placed.order_id)
        told = [fact for fact in facts if fact.kind in _ORDER_KINDS]
        yield {
            "party": placed.party,
            "order_id": placed.order_id,
            "placed_at": placed.at,
            "total": placed.amount,
            "currency": placed.currency,
            "lines": placed.detail.get("lines", []),
            "history": [_step(fact) for fact in told],
            "cancelled": _units(told, "order_cancelled"),
            "refunded": _units(told, "order_refunded"),
        }


def _step(fact: Fact) -> dict[str, object]:
    step: dict[str, object] = {"kind": fact.kind, "at": fact.at}
    if fact.sku:
        step |= {"sku": fact.sku, "quantity": fact.quantity}
    if fact.amount is not None:
        step["amount"] = fact.amount
    own = {name: value for name, value in fact.detail.items() if name != "lines"}
    return step | own


def _units(facts: list[Fact], kind: str) -> dict[str, int]:
    units: dict[str, int] = defaultdict(int)
    for fact in facts:
        if fact.kind == kind and fact.quantity:
            units[str(fact.detail.get("line_id") or fact.sku)] += fact.quantity
    return dict(units)


def stock_balance(world: SimulatedWorld) -> dict[str, dict[str, int]]:
    """By SKU: units in the warehouses now, sold (less cancelled), shipped by the ERP, and short.

    `short` is what was oversold: units for which physical stock lacked when they should have left.
    """
    balance: dict[str, dict[str, int]] = {
        sku: {"physical": 0, "sold": 0, "shipped": 0, "short": 0} for sku in world.products
    }
    for warehouse in world.warehouses().values():
        for sku, quantity in warehouse.physical_stock().items():
            balance[sku]["physical"] += quantity
    for placed in world.ledger.of_kind("order_placed"):
        for line in _lines(placed):
            balance[str(line["sku"])]["sold"] += int(str(line["quantity"]))
    for fact in world.ledger.of_kind("order_cancelled"):
        if fact.sku:
            balance[fact.sku]["sold"] -= fact.quantity
    for fact in world.ledger.of_kind("erp_shipped"):
        balance[fact.sku]["shipped"] += fact.quantity
    for fact in world.ledger.of_kind("erp_short"):
        balance[fact.sku]["short"] += fact.quantity
    return balance


def _lines(placed: Fact) -> list[dict[str, object]]:
    lines = placed.detail.get("lines", [])
    assert isinstance(lines, list)
    return lines
