"""Payloads as the real world bends them: nulls, new fields, new enum values."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator
from typing import Any

_ENUM = re.compile(r"[A-Z][A-Z0-9_]{2,}")


def with_nulls(payload: Any) -> Iterator[tuple[str, Any]]:
    """The payload once per field, with that field null, and once with that field absent."""
    yield from _each(payload, lambda parent, key: parent.__setitem__(key, None))
    yield from _each(payload, lambda parent, key: parent.__delitem__(key), fields_only=True)


def with_unknown_fields(payload: Any) -> Iterator[tuple[str, Any]]:
    """The payload once per object, with a field in it that nobody announced."""
    for path, node in _walk(payload):
        if isinstance(node, dict):
            mutated = copy.deepcopy(payload)
            _at(mutated, path)["field_from_tomorrow"] = {"deep": [1, "x", None]}
            yield _name(path), mutated


def with_unknown_enums(payload: Any) -> Iterator[tuple[str, Any]]:
    """The payload once per UPPER_CASE text, with a value that nobody announced."""
    for path, node in _walk(payload):
        if path and isinstance(node, str) and _ENUM.fullmatch(node):
            mutated = copy.deepcopy(payload)
            _at(mutated, path[:-1])[path[-1]] = "VALUE_FROM_TOMORROW"
            yield _name(path), mutated


def _each(
    payload: Any, change: Callable[[Any, Any], None], *, fields_only: bool = False
) -> Iterator[tuple[str, Any]]:
    for path, _ in _walk(payload):
        if path and not (fields_only and isinstance(path[-1], int)):
            mutated = copy.deepcopy(payload)
            change(_at(mutated, path[:-1]), path[-1])
            yield _name(path), mutated


def _walk(node: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    yield path, node
    if isinstance(node, dict):
        for key, value in node.items():
            yield from _walk(value, (*path, key))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from _walk(value, (*path, index))


def _at(node: Any, path: tuple[str | int, ...]) -> Any:
    for key in path:
        node = node[key]
    return node


def _name(path: tuple[str | int, ...]) -> str:
    return "$" + "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in path)
