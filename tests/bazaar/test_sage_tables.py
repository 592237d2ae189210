"""The simulated company file has the tables and columns that real ones were described with."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from bazaar.sage.schema import statements, tables

SHARED = Path(os.environ.get("COMPTOIR_SHARED", "../shared")) / "specs" / "sage" / "sage100"
LATER_ONLY = {"DO_RefExterne"}
"""Only told in words: from V10 on."""


def described(name: str) -> Any:
    if not (SHARED / name).exists():
        pytest.skip(f"the descriptions of Sage's tables are not in {SHARED}")
    return json.loads((SHARED / name).read_text("utf-8"))


@pytest.mark.shared
def test_every_table_of_the_description_is_there_and_no_other() -> None:
    known = described("schema_sqlserver_v16_to_100c-v3.json")["tables"]
    assert set(tables("100c-v3")) == set(known)
    assert len(known) == 62


@pytest.mark.shared
def test_every_column_has_the_name_and_the_length_of_the_description() -> None:
    known = described("schema_sqlserver_v16_to_100c-v3.json")["tables"]
    wrong = []
    for table, columns in tables("100c-v3").items():
        types = {column["name"]: column["type"] for column in known[table]["columns"]}
        for column in columns:
            name, _, kind = column.partition(":")
            length = kind.rstrip("!")[1:]
            if name not in types or (
                kind[:1] in ("V", "C") and length != "0" and f"({length})" not in types[name]
            ):
                wrong.append(f"{table}.{column}: {types.get(name)}")
    assert wrong == []


@pytest.mark.shared
def test_the_later_profile_adds_what_later_versions_added() -> None:
    added = described("schema_later_v7-v9.json")["columns_added_since_100c_v3"]
    for table, columns in tables("v12").items():
        fresh = {column.partition(":")[0] for column in set(columns) - set(tables("100c-v3")[table])}
        told = {column.split()[0] for column in added.get(table, [])}
        assert fresh - LATER_ONLY <= told, table


def test_both_profiles_are_sql_of_62_tables_and_differ_where_they_should() -> None:
    for profile in ("100c-v3", "v12"):
        assert sum(statement.startswith("CREATE TABLE") for statement in statements(profile)) == 62
    old, new = tables("100c-v3")["F_DOCENTETE"], tables("v12")["F_DOCENTETE"]
    assert {"DO_RefExterne:V51", "DO_TotalTTC:N"} <= set(new) - set(old)
