"""Compares the fields that an account shows with those that the connector reads."""

from __future__ import annotations

import typing
from collections.abc import Iterable
from typing import Any

import msgspec

Row = dict[str, Any]


def unknown_fields(kind: type[msgspec.Struct], rows: Iterable[Row]) -> list[str]:
    """Fields that the account sends and that we do not read, as paths: `lines.offer.color`."""
    return sorted({path for row in rows for path in _unknown(kind, row, "")})


def missing_fields(kind: type[msgspec.Struct], rows: list[Row]) -> list[str]:
    """Fields that we read and that no row has, at the first level."""
    names = [field.encode_name for field in msgspec.structs.fields(kind)]
    return [name for name in names if rows and not any(name in row for row in rows)]


def _unknown(kind: type[msgspec.Struct], value: object, path: str) -> set[str]:
    if isinstance(value, list):
        return {found for one in value for found in _unknown(kind, one, path)}
    if not isinstance(value, dict):
        return set()
    inner = {field.encode_name: _struct_in(field.type) for field in msgspec.structs.fields(kind)}
    found: set[str] = set()
    for name, part in value.items():
        place = f"{path}{name}"
        if name not in inner:
            found.add(place)
        elif (deeper := inner[name]) is not None:
            found |= _unknown(deeper, part, f"{place}.")
    return found


def _struct_in(hint: object) -> type[msgspec.Struct] | None:
    """The payload class inside `X | None` or `list[X | None] | None`."""
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        return hint
    return next((found for part in typing.get_args(hint) if (found := _struct_in(part))), None)
