"""Faults of the protocol itself: what the specification allows and connectors forget. The world says when."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from bazaar.mirakl.order_json import JSON
from bazaar.mirakl.shop import Shop

# Optional in the specification's response schemas, and filled by this simulator.
NULLABLE = (
    "channel",
    "shipping_deadline",
    "references",
    "shipping_type_standard_code",
    "payment_type",
    "payment_workflow",
    "customer_notification_email",
    "product_shop_sku",
    "origin_unit_price",
    "applicable_pricing",
    "total_price",
    "product_brand",
    "entities",
)
# Enumerations on which no decision about goods or money should hang.
ENUMS = ("payment_type", "paymentType", "shop_state", "status_customer_debit", "origin")


def disturb_page(shop: Shop, rows: list[bytes]) -> list[bytes]:
    """The rows of a page, repeated, in another order, or with fields nulled, added or of a new value."""
    if not rows:
        return rows
    world, rng = shop.world, shop.rng("chaos")
    if world.fault(shop.key, "random_nulls"):
        rows = _change_one(rows, rng.randrange(len(rows)), _null_fields)
    if world.fault(shop.key, "unknown_fields"):
        rows = _change_one(rows, rng.randrange(len(rows)), _add_field)
    if world.fault(shop.key, "new_enum_value"):
        rows = _change_one(rows, rng.randrange(len(rows)), _renew_enum)
    if world.fault(shop.key, "repeated_page"):
        rows = [*rows, rows[0]]
    if world.fault(shop.key, "reordered_page"):
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
    row["simulated_new_field"] = {"added_by": "the marketplace", "values": [1, "two", None]}


def _renew_enum(row: dict[str, object]) -> None:
    for name in ENUMS:
        if name in row:
            row[name] = "SIMULATED_NEW_VALUE"
