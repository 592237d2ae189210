"""`where` of the simulated X3: the part of SData that Sage's help describes."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from bazaar.sage_x3.where import BadWhere, parse_where

START = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
ROW = {"A": "CO-1", "N": 3, "D": date(2026, 11, 23), "T": START}


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("A eq 'CO-1'", True), ('A eq "CO-1"', True), ("left(A,3) eq 'CO-'", True), ("left(A,3) ne 'CO-'", False),
        ("N gt 2 and N le 3", True), ("N eq 1 or N eq 3", True), ("(N eq 1 or N eq 3) and A eq 'x'", False),
        ("N in (1,2,3)", True), ("A in ('x','y')", False), ("N between 1 and 3", True), ("A like 'CO%'", True),
        ("A like '%2'", False), ("D ge @2026-11-23@", True), ("D lt @2026-11-23@", False),
        ("T ge @2026-11-23T07:00:00Z@", True), ("T gt @2026-11-23T07:00:00Z@", False),
    ],
)  # fmt: skip
def test_where_says_what_the_help_says(text: str, holds: bool) -> None:
    assert parse_where(text, set(ROW))(ROW) is holds


@pytest.mark.parametrize("text", ["B eq 1", "A", "A eq", "A is 1", "(A eq 'x'", "A eq 'x' and", "N in 1", "A eq @x@",
                                  "A eq 'x' 'y'", "; drop"])  # fmt: skip
def test_a_where_that_cannot_be_read_is_an_error(text: str) -> None:
    with pytest.raises(BadWhere):
        parse_where(text, set(ROW))


def test_a_text_is_not_compared_with_a_number() -> None:
    with pytest.raises(BadWhere, match="different types"):
        parse_where("A eq 1", set(ROW))(ROW)
