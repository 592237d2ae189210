"""Lists come back from the database as they were sent, however they are written on the way."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import DataError, connection
from hypothesis import given
from hypothesis import strategies as st
from psycopg.types.array import ListDumper

from comptoir.core.arrays import QuickListDumper
from comptoir.core.bulk import fetch, planned_once

EARLY, LATE = (datetime.fromisoformat(day) for day in ("1900-01-01", "2999-01-01"))

pytestmark = pytest.mark.django_db


def sent(values: list[Any], kind: str) -> list[Any]:
    plain = fetch(f"SELECT %s::{kind}[]", [values])[0][0]
    with planned_once():
        prepared = fetch(f"SELECT %s::{kind}[]", [values])[0][0]
    assert plain == prepared
    return list(plain)


@pytest.mark.parametrize(
    "values",
    [
        [], [""], ["a"], ["a", "b c"], ["a,b"], ["a,b", "c"], ['"'], ["\\"], ["{}"], ["null", "NULL", "Null"],
        ["nulls"], [None, "a"], ["é", "日本"], ["\n"], [" a "], ["%s"], ["'"], ["a\u00a0b"], ["-"],
    ],
)  # fmt: skip
def test_texts(values: list[str | None]) -> None:
    assert sent(values, "text") == values


@given(st.lists(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])), max_size=5))
def test_any_texts_are_written_so_that_the_driver_would_read_them(values: list[str]) -> None:
    assert sent(values, "text") == values


@given(st.lists(st.integers(-(2**63), 2**63 - 1), max_size=5))
def test_any_numbers(values: list[int]) -> None:
    assert sent(values, "bigint") == values


@given(st.lists(st.datetimes(EARLY, LATE, timezones=st.timezones()), max_size=5))
def test_any_instants(values: list[datetime]) -> None:
    assert sent(values, "timestamptz") == [value.astimezone(UTC) for value in values]


def test_the_rest_is_the_drivers() -> None:
    assert sent([True, False], "boolean") == [True, False]
    assert sent([1, None], "int") == [1, None]
    assert sent([Decimal("1.50"), Decimal(-2)], "numeric") == [Decimal("1.50"), Decimal(-2)]
    at = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)
    assert sent([at], "timestamptz") == [at]
    assert sent([[1, 2], [3, 4]], "int") == [[1, 2], [3, 4]]
    with pytest.raises(DataError):
        sent(["a\0b"], "text")


def test_every_connection_writes_them_so() -> None:
    connection.ensure_connection()
    assert issubclass(QuickListDumper, ListDumper)
    assert connection.connection.adapters.get_dumper(list, "s") is QuickListDumper
