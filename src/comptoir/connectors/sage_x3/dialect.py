"""X3's own XML and JSON: groups of fields, tables of lines, lists of rows.

An `Entity` has the shape of X3's JSON: `{"SOH0_1": {"SALFCY": "FR011"}, "SOH4_1": [{"ITMREF": "MUG"}]}`. Dates are
AAAAMMJJ, menus are integers, an empty table comes as blank lines.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

import msgspec
from lxml import etree

from comptoir.connectors.sage_x3.xml import legal, local_name, parse
from comptoir.sdk.errors import UnexpectedAnswer

Value = str | int | Decimal | date | Sequence[str]
Line = dict[str, Value]
Entity = dict[str, Line | list[Line]]
Read = dict[str, Any]
"""What came back: every leaf is a string, or a list of strings."""
RANK = "#"
"""In a line that is written: which line of the table it changes, where that is not its own place."""


def build_param(entity: Entity) -> str:
    """`<PARAM>` with GRP, TAB, LIN, FLD and LST, as the published samples write it."""
    root = etree.Element("PARAM")
    for name, part in entity.items():
        if isinstance(part, list):
            table = etree.SubElement(root, "TAB", {"ID": name, "SIZE": str(len(part))})
            for place, line in enumerate(part, start=1):
                fields = {name: value for name, value in line.items() if name != RANK}
                _fields(etree.SubElement(table, "LIN", {"NUM": str(line.get(RANK, place))}), fields)
        else:
            _fields(etree.SubElement(root, "GRP", {"ID": name}), part)
    return etree.tostring(root, encoding="unicode")


def _fields(parent: etree._Element, line: Mapping[str, Value]) -> None:
    for name, value in line.items():
        if isinstance(value, (list, tuple)):
            listed = etree.SubElement(parent, "LST", {"NAME": name, "SIZE": str(len(value)), "TYPE": "Char"})
            for item in value:
                etree.SubElement(listed, "ITM").text = legal(item)
        else:
            text, kind = _written(value)
            etree.SubElement(parent, "FLD", {"NAME": name, "TYPE": kind}).text = text


def _written(value: object) -> tuple[str, str]:
    if isinstance(value, Decimal):
        return f"{value:f}", "Decimal"
    if isinstance(value, int):
        return str(value), "Integer"
    if isinstance(value, date):
        return f"{value:%Y%m%d}", "Date"
    return legal(str(value)), "Char"


def parse_entity(text: str) -> Read:
    """A `read`, `save`, `modify` or `run`: groups and tables, whichever form was asked for."""
    if text.lstrip()[:1] == "{":
        found: Read = _strings(_json(text, dict[str, Any]))
        return found
    found = {}
    for part in _root(text):
        if local_name(part) == "GRP":
            found[part.get("ID", "")] = _line(part)
        elif local_name(part) == "TAB":
            found[part.get("ID", "")] = [_line(line) for line in part if local_name(line) == "LIN"]
    return found


def parse_list(text: str) -> list[Read]:
    """The rows of a `query`; the ones that are blank throughout are none."""
    if text.lstrip()[:1] == "[":
        rows = [_strings(row) for row in _json(text, list[dict[str, Any]])]
    else:
        rows = [_line(line) for line in _root(text).iter("LIN")] if text.strip() else []
    return [row for row in rows if any(row.values())]


def parse_description(text: str) -> frozenset[str]:
    """`GROUP.FIELD` of everything published; empty when this description is of another kind than the known ones."""
    if not text.strip():
        return frozenset()
    found = set()
    for element in _root(text).iter():
        group = _named(element)
        fields = [child for child in element.iter("FLD", "LST") if child is not element]
        if group and local_name(element) in ("GRP", "TAB"):
            found |= {f"{group}.{_named(field)}" for field in fields if _named(field)}
    return frozenset(found)


def number(value: object) -> Decimal:
    """Of a cell, blank being zero; UnexpectedAnswer when it is no number."""
    if isinstance(value, (int, Decimal)):
        return Decimal(value)
    text = str(value or "0").strip()
    try:
        found = Decimal(text)
    except InvalidOperation as error:
        raise UnexpectedAnswer(f"{text!r} is no number.") from error
    if not found.is_finite():
        raise UnexpectedAnswer(f"{text!r} is no number.")
    return found


def _named(element: etree._Element) -> str:
    return element.get("ID") or element.get("NAM") or element.get("NAME") or ""


def _root(text: str) -> etree._Element:
    return parse(text.encode())


def _line(parent: etree._Element) -> Read:
    found: Read = {}
    for child in parent:
        name = child.get("NAME", "")
        if local_name(child) == "FLD":
            found[name] = (child.text or "").strip()
        elif local_name(child) == "LST":
            found[name] = [(item.text or "").strip() for item in child if local_name(item) == "ITM"]
    return found


def _json(text: str, kind: Any) -> Any:
    try:
        return msgspec.json.decode(text, type=kind)
    except msgspec.DecodeError as error:
        raise UnexpectedAnswer(f"The result cannot be read ({error}).") from error


def _strings(value: Any) -> Any:
    """JSON writes numbers as numbers: here they are what XML would have said."""
    if isinstance(value, dict):
        return {name: _strings(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_strings(item) for item in value]
    return "" if value is None else str(value).strip()
