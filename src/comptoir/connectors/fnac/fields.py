"""Reads one field of a payload, whatever it turns out to be: missing, null, blank, or of another shape."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from comptoir.sdk.errors import RejectedRecord
from comptoir.sdk.money import parse_amount

# Fnac's clocks say their offset; an instant without one is taken as the shop's own hour.
SHOP_TIME = ZoneInfo("Europe/Paris")


def text(node: Mapping[str, Any], name: str) -> str:
    value = node.get(name)
    if isinstance(value, Mapping):
        value = value.get("#text")
    return value.strip() if isinstance(value, str) else ""


def child(node: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = node.get(name)
    return value if isinstance(value, Mapping) else {}


def children(node: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    value = node.get(name)
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []


def amount(node: Mapping[str, Any], name: str) -> Decimal | None:
    """None when absent or blank; RejectedRecord when it is there and no amount."""
    try:
        return parse_amount(text(node, name))
    except ValueError as error:
        raise RejectedRecord(f"{name}: {error}") from error


def integer(node: Mapping[str, Any], name: str) -> int | None:
    value = amount(node, name)
    if value is None:
        return None
    if value != int(value):
        raise RejectedRecord(f"{name}: {value} is not a whole number")
    return int(value)


def instant(node: Mapping[str, Any], name: str) -> datetime | None:
    """An xs:dateTime in UTC; None when absent or blank; RejectedRecord when it cannot be read."""
    value = text(node, name)
    if not value:
        return None
    try:
        read = datetime.fromisoformat(value)
    except ValueError as error:
        raise RejectedRecord(f"{name}: {value!r} is not an instant") from error
    return (read if read.tzinfo else read.replace(tzinfo=SHOP_TIME)).astimezone(UTC)


def truth(node: Mapping[str, Any], name: str) -> bool | None:
    """An xs:boolean in any case (`TRUE`, `1`); None when absent or something else."""
    return {"true": True, "1": True, "false": False, "0": False}.get(text(node, name).lower())
