"""How a look at an account is told, and what the amounts of its orders show."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import msgspec

from comptoir.connectors.octopia.order_payloads import OrderPayload
from comptoir.connectors.octopia.orders import parse_order
from comptoir.sdk.certification import Check, Finding
from comptoir.sdk.statuses import OrderStatus

Row = dict[str, Any]


def check(subject: str, evidence: str, holds: bool, detail: str) -> Check:
    finding = Finding.CONFIRMED if holds else Finding.DIFFERS
    return Check(subject=subject, evidence=evidence, finding=finding, detail=detail)


def seen(subject: str, evidence: str, rows: list[Row], holds: bool, detail: str) -> Check:
    if not rows:
        return Check(subject=subject, evidence=evidence, finding=Finding.UNSEEN, detail="nothing there")
    return check(subject, evidence, holds, detail)


def all_have(subject: str, evidence: str, rows: list[Row], *names: str) -> Iterator[Check]:
    lacking = [name for name in names if not all(name in row for row in rows)]
    yield seen(subject, evidence, rows, not lacking, f"lacking: {', '.join(lacking)}" if lacking else "")


def amounts(rows: list[Row]) -> Iterator[Check]:
    """Only an order with several units of an article tells the two readings of a line's price apart."""
    telling = [row for row in rows if any((line.get("quantity") or 1) > 1 for line in row.get("lines") or [])]
    orders = [parse_order(msgspec.json.encode(row), timedelta()) for row in telling]
    odd = [order.external_id for order in orders if order.warnings]
    yield seen("lines add up to the order's total", "A", telling, not odd, ", ".join(odd[:5]))
    live = [order for order in orders if order.status is not OrderStatus.CANCELLED]
    per_unit = [
        order.external_id
        for order in live
        if any(line.amount != line.unit_price and _told(order.raw, line.amount) for line in order.lines)
    ]
    detail = f"{len(per_unit)} of {len(live)} orders of several units"
    yield seen("a line's sellingPrice is for its quantity", "A", telling, len(per_unit) == len(live), detail)


def _told(raw: bytes, amount: object) -> bool:
    """Is this very amount one of the lines' own selling prices?"""
    payload = msgspec.json.decode(raw, type=OrderPayload, strict=False)
    return any(line.total_price and line.total_price.selling_price == amount for line in payload.known_lines)
