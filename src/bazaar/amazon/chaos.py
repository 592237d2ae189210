"""Faults of the protocol itself: what the models allow and clients forget. The world says when."""

from __future__ import annotations

from typing import Any

from bazaar.amazon.account import Account

# Optional in the models' definition of an order, and filled by this simulator.
_NULLABLE = ("buyer", "packages", "programs")
_ITEM_NULLABLE = ("tax", "cancellation", "promotion")


def disturb_page(account: Account, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The orders of a page, one repeated, in another order, or with fields nulled, added or renewed."""
    if not rows:
        return rows
    world, rng = account.world, account.rng("chaos")
    if world.fault(account.key, "random_nulls"):
        _null_fields(rows[rng.randrange(len(rows))])
    if world.fault(account.key, "unknown_fields"):
        rows[rng.randrange(len(rows))]["simulatedNewField"] = {"values": [1, "two", None]}
    if world.fault(account.key, "new_enum_value"):
        _renew_enums(rows[rng.randrange(len(rows))])
    if world.fault(account.key, "repeated_page"):
        rows = [*rows, rows[0]]
    if world.fault(account.key, "reordered_page"):
        rows = rng.sample(rows, len(rows))
    return rows


def _null_fields(order: dict[str, Any]) -> None:
    order.update({name: None for name in _NULLABLE if name in order})
    for item in order["orderItems"]:
        item.update({name: None for name in _ITEM_NULLABLE if name in item})


def _renew_enums(order: dict[str, Any]) -> None:
    """Enumerations on which no decision about goods or money should hang."""
    order["salesChannel"]["channelName"] = "SIMULATED_NEW_CHANNEL"
    if "fulfillment" in order:
        order["fulfillment"]["fulfillmentServiceLevel"] = "SIMULATED_NEW_LEVEL"
