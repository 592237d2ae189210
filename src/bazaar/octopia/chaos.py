"""Faults of the protocol itself: what the documentation allows and connectors forget. The world says when."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from bazaar.octopia.account import Account
from bazaar.octopia.money import JSON

# Fields that are filled here and that no document promises.
NULLABLE = (
    "reference",
    "salesChannel",
    "businessOrder",
    "customer",
    "billingAddress",
    "shippedAtMax",
    "cancellationDetails",
    "facialPrice",
    "preparationTime",
    "createdAt",
    "comments",
)
# Words on which no decision about goods or money should hang.
ENUMS = ("graduation", "typologyCode", "salesChannelAcceptanceStatus")


def disturb_page(account: Account, rows: list[bytes]) -> list[bytes]:
    """The rows of a page: one of them repeated, all in another order, or fields nulled, added, renamed."""
    if not rows:
        return rows
    world, rng = account.world, account.rng("chaos")
    if world.fault(account.key, "random_nulls"):
        rows = _change_one(rows, rng.randrange(len(rows)), _null_fields)
    if world.fault(account.key, "unknown_fields"):
        rows = _change_one(rows, rng.randrange(len(rows)), _add_field)
    if world.fault(account.key, "new_enum_value"):
        rows = _change_one(rows, rng.randrange(len(rows)), _rename_enum)
    if world.fault(account.key, "repeated_page"):
        rows = [*rows, rows[0]]
    if world.fault(account.key, "reordered_page"):
        rows = rng.sample(rows, len(rows))
    return rows


def _change_one(
    rows: Sequence[bytes], index: int, change: Callable[[dict[str, object]], None]
) -> list[bytes]:
    row: dict[str, object] = msgspec.json.decode(rows[index])
    change(row)
    return [*rows[:index], JSON.encode(row), *rows[index + 1 :]]


def _null_fields(row: dict[str, object]) -> None:
    for name in NULLABLE:
        if name in row:
            row[name] = None


def _add_field(row: dict[str, object]) -> None:
    row["simulatedNewField"] = {"addedBy": "the marketplace", "values": [1, "two", None]}


def _rename_enum(row: dict[str, object]) -> None:
    for name in ENUMS:
        if name in row:
            row[name] = "SimulatedNewValue"
