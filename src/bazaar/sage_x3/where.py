"""SData's `where`: the part of it that `evalueSData` takes, over rows of a table.

An unknown property is an error of the server (500), as on X3 endpoints; so is a clause that cannot be read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

Row = Mapping[str, Any]
Test = Callable[[Row], bool]
Operand = Callable[[Row], Any]
_TOKEN = re.compile(
    r"""\s*(?:(?P<text>'[^']*'|"[^"]*")|(?P<at>@[^@]+@)|(?P<number>-?\d+(?:\.\d+)?)|(?P<word>[A-Za-z_]\w*)"""
    r"""|(?P<mark>[(),]))"""
)
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "eq": lambda a, b: a == b, "ne": lambda a, b: a != b, "lt": lambda a, b: a < b, "le": lambda a, b: a <= b,
    "gt": lambda a, b: a > b, "ge": lambda a, b: a >= b,
}  # fmt: skip


class BadWhere(ValueError):  # noqa: N818
    """In the words of the server."""


def parse_where(text: str, columns: set[str]) -> Test:
    return _Parser(text, columns).whole()


class _Parser:
    def __init__(self, text: str, columns: set[str]) -> None:
        self._tokens: list[tuple[str, str]] = []
        self._columns = columns
        place = 0
        while place < len(text.rstrip()):
            found = _TOKEN.match(text, place)
            if found is None:
                raise BadWhere(f"where: syntax error at {text[place : place + 20]!r}")
            kind = str(found.lastgroup)
            self._tokens.append((kind, found.group(kind)))
            place = found.end()
        self._place = 0

    def whole(self) -> Test:
        test = self._any()
        if self._place != len(self._tokens):
            raise BadWhere(f"where: syntax error at {self._tokens[self._place][1]!r}")
        return test

    def _any(self) -> Test:
        tests = [self._all()]
        while self._takes("or"):
            tests.append(self._all())
        return lambda row: any(test(row) for test in tests)

    def _all(self) -> Test:
        tests = [self._one()]
        while self._takes("and"):
            tests.append(self._one())
        return lambda row: all(test(row) for test in tests)

    def _one(self) -> Test:
        if self._takes("("):
            test = self._any()
            self._must(")")
            return test
        left = self._operand()
        kind, word = self._next()
        if word in _COMPARE:
            compare, right = _COMPARE[word], self._operand()
            return lambda row: compare(*_alike(left(row), right(row)))
        if word == "in":
            return self._among(left)
        if word == "between":
            low = self._operand()
            self._must("and")
            high = self._operand()
            return lambda row: _alike(low(row), left(row))[0] <= left(row) <= _alike(high(row), left(row))[0]
        if word == "like":
            pattern = str(self._operand()({}))
            test_text = re.compile(".*".join(map(re.escape, pattern.split("%"))), re.DOTALL)
            return lambda row: test_text.fullmatch(str(left(row))) is not None
        raise BadWhere(f"where: {word!r} ({kind}) is no operator")

    def _among(self, left: Operand) -> Test:
        self._must("(")
        values = [self._operand()({})]
        while self._takes(","):
            values.append(self._operand()({}))
        self._must(")")
        return lambda row: left(row) in values

    def _operand(self) -> Operand:
        kind, word = self._next()
        value: Any
        if kind == "text":
            value = word[1:-1]
        elif kind == "number":
            value = Decimal(word) if "." in word else int(word)
        elif kind == "at":
            value = _instant(word[1:-1])
        elif kind == "word" and word == "left":
            return self._left()
        elif kind == "word":
            if word not in self._columns:
                raise BadWhere(f"where: unknown property {word}")
            return lambda row: row[word]
        else:
            raise BadWhere(f"where: syntax error at {word!r}")
        return lambda row: value

    def _left(self) -> Operand:
        self._must("(")
        inner = self._operand()
        self._must(",")
        length = int(self._operand()({}))
        self._must(")")
        return lambda row: str(inner(row))[:length]

    def _next(self) -> tuple[str, str]:
        if self._place >= len(self._tokens):
            raise BadWhere("where: it ends too early")
        self._place += 1
        return self._tokens[self._place - 1]

    def _takes(self, word: str) -> bool:
        if self._place < len(self._tokens) and self._tokens[self._place] in (("word", word), ("mark", word)):
            self._place += 1
            return True
        return False

    def _must(self, word: str) -> None:
        if not self._takes(word):
            raise BadWhere(f"where: {word!r} was expected")


def _instant(text: str) -> date | datetime:
    try:
        return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
    except ValueError as error:
        raise BadWhere(f"where: {text!r} is no date") from error


def _alike(left: Any, right: Any) -> tuple[Any, Any]:
    """Both sides of one kind; X3 refuses to compare a text with a number."""
    if isinstance(left, datetime) != isinstance(right, datetime) or (
        isinstance(left, str) != isinstance(right, str)
    ):
        raise BadWhere(f"where: {left!r} and {right!r} are of different types")
    return left, right
