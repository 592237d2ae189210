"""The tables as SQL, for one version of Sage."""

from __future__ import annotations

from collections.abc import Iterator

from bazaar.sage.tables import TABLES

_TYPES = {
    "N": "numeric(24,6)",
    "S": "smallint",
    "I": "integer",
    "D": "timestamp(0)",
    "M": "timestamp(0)",
}
_MARKS = {
    "cbMarq": "integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
    "cbModification": "timestamp(0) NOT NULL DEFAULT '1900-01-01'",
}
_KEYS = {
    "F_ARTICLE": "AR_Ref",
    "F_ARTSTOCK": "AR_Ref, DE_No",
    "F_COMPTET": "CT_Num",
    "F_DOCENTETE": "DO_Domaine, DO_Type, DO_Piece",
    "F_DOCCURRENTPIECE": "DC_Domaine, DC_IdCol, DC_Souche",
}
_INDEXES = (
    "CREATE INDEX ON F_DOCENTETE (DO_NoWeb) WHERE DO_NoWeb <> ''",
    "CREATE INDEX ON F_DOCLIGNE (DO_Domaine, DO_Type, DO_Piece)",
    "CREATE INDEX ON F_DOCLIGNE (DL_PieceBC)",
    "CREATE INDEX ON F_ARTICLE (cbModification)",
    "CREATE INDEX ON F_ARTSTOCK (cbModification)",
    "CREATE INDEX ON F_DOCENTETE (cbModification)",
)


def tables(profile: str) -> dict[str, list[str]]:
    """`{table: [column:type, …]}` of one version."""
    found: dict[str, list[str]] = {}
    name = ""
    for line in TABLES.strip("\n").splitlines():
        words = line.split()
        if not line.startswith(" "):
            name, *words = words
            found[name] = []
        found[name] += words
    return {table: list(_of_profile(words, profile)) for table, words in found.items()}


def statements(profile: str) -> Iterator[str]:
    for table, columns in tables(profile).items():
        yield f"CREATE TABLE {table} ({', '.join(_column(column) for column in columns)})"
        if table in _KEYS:
            yield f"CREATE UNIQUE INDEX ON {table} ({_KEYS[table]})"
    yield from _INDEXES


def _of_profile(words: list[str], profile: str) -> Iterator[str]:
    later = False
    for word in words:
        if word == "|":
            later = True
        elif not later or profile != "100c-v3":
            yield word


def _column(text: str) -> str:
    name, _, kind = text.partition(":")
    if kind == "V0":
        return f"{name} text"
    if not kind:
        return f"{name} {_MARKS[name]}"
    needed = " NOT NULL" if kind.endswith("!") else ""
    kind = kind.rstrip("!")
    if kind[0] in "VC":
        return f"{name} {'varchar' if kind[0] == 'V' else 'char'}({kind[1:]}){needed}"
    return f"{name} {_TYPES[kind]}{needed}"
