"""The reference pont for Windows against its contract. No PowerShell and no Sage here: what its text says is held
against the OpenAPI and the simulated pont, and its SQL runs on the tables of a simulated Sage."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import psycopg
import pytest
import yaml
from starlette.routing import Route

from bazaar.sage.pont import Pont
from bazaar.sage.schema import statements
from comptoir.rehearsal.sage_database import make_sage_database

DEVELOP: Final = Path(__file__).parents[2] / "docs" / "develop"
SCRIPTS: Final = {path.name: path.read_text("utf-8") for path in sorted((DEVELOP / "pont").glob("*.ps1"))}
WHOLE: Final = "\n".join(SCRIPTS.values())
CONTRACT: Final = yaml.safe_load((DEVELOP / "pont-openapi.yaml").read_text("utf-8"))
ROUTE: Final = re.compile(r"@\{ Method = '(\w+)'; Path = '([^']+)'; Serve = '([\w-]+)' \}")
FUNCTION: Final = re.compile(r"^function ([\w-]+)(?:[^\n]*\}$|.*?^\}$)", re.MULTILINE | re.DOTALL)
SQL: Final = re.compile(r"Read-Sage (?:'([^'\n]+)'|@'\n(.+?)\n'@)", re.DOTALL)
FIELDS: Final = {"Piece": "piece", "Fait": "id", "Sante": "contrat"}


def operations() -> dict[tuple[str, str], dict[str, Any]]:
    return {
        (method.upper(), path): operation
        for path, methods in CONTRACT["paths"].items()
        for method, operation in methods.items()
    }


def routes() -> dict[tuple[str, str], str]:
    return {(method, path): served for method, path, served in ROUTE.findall(SCRIPTS["pont.ps1"])}


def functions() -> dict[str, str]:
    """`{name: its text}`, comments left out."""
    found: dict[str, str] = {}
    for text in SCRIPTS.values():
        plain = re.sub(r"(?m)(?:^|(?<=\s))#.*$", "", text)
        found |= {function[1]: function[0] for function in FUNCTION.finditer(plain)}
    return found


def reached(name: str) -> str:
    """The text of a function and of all that it calls."""
    known, seen, waiting = functions(), {name}, [name]
    while waiting:
        for other in re.findall(r"[\w-]+", known[waiting.pop()]):
            if other in known and other not in seen:
                seen.add(other)
                waiting.append(other)
    return "\n".join(known[one] for one in sorted(seen))


def test_every_operation_of_the_contract_is_served_and_by_the_simulated_pont_too() -> None:
    simulated = {
        (method, re.sub(r"\{\w+\}", "{}", route.path))
        for route in Pont.routes(_unmade())
        if isinstance(route, Route)
        for method in (route.methods or set()) - {"HEAD"}
    }
    assert routes().keys() == operations().keys()
    assert {(method, re.sub(r"\{\w+\}", "{}", path)) for method, path in routes()} == simulated
    assert set(routes().values()) <= functions().keys()
    assert "501" not in WHOLE


def _unmade() -> Pont:
    """Its routes do not ask what stands behind them."""
    return object.__new__(Pont)


@pytest.mark.parametrize(("operation", "served"), sorted(routes().items()))
def test_an_operation_answers_what_its_contract_says(operation: tuple[str, str], served: str) -> None:
    text, answers = reached(served), operations()[operation]["responses"]
    denied = {int(status) for status in re.findall(r"\bDeny (\d+)", text)}
    sent = {int(status) for status in re.findall(r"Send-Answer \$Context (\d+)", text)}
    shape = next(answers[code] for code in ("201", "200") if code in answers)
    field = FIELDS[shape["content"]["application/json"]["schema"]["$ref"].rsplit("/", 1)[1]]
    # What Invoke-Operation and the loop may answer themselves comes on top.
    assert denied | sent | {401, 503} <= {int(code) for code in answers}
    assert sent == {int(code) for code in answers if code.startswith("2")}
    assert f"@{{ {field} =" in text or f"'{field}' `" in text


def test_refusals_have_codes_of_the_contract() -> None:
    listed = re.findall(r"\w+", CONTRACT["components"]["responses"]["Probleme"]["description"])
    codes = set(re.findall(r"\b(?:Deny \d+|Test-Account \S+ \d) '(\w+)'", WHOLE))
    assert {"contrat", "cle", "inconnue", "en_cours", "commande", "deja_expedie", "occupe"} <= codes
    assert codes <= set(listed)


def test_every_part_is_loaded_and_every_function_is_used() -> None:
    loaded = re.search(r"foreach \(\$part in ([^)]+)\)", SCRIPTS["pont.ps1"])
    assert loaded is not None
    assert {f"{name}.ps1" for name in re.findall(r"'(\w+)'", loaded[1])} | {"pont.ps1"} == SCRIPTS.keys()
    for name in functions():
        assert len(re.findall(rf"(?<![\w-]){name}(?![\w-])", WHOLE)) > 1, name
    for called in re.findall(r"(?<![\w-])([A-Z][a-z]+-[A-Z]\w+)", "\n".join(functions().values())):
        assert called in functions() or called in BUILT_IN, called


BUILT_IN: Final = {
    "ConvertTo-Json", "ConvertFrom-Json", "New-Object", "Join-Path", "Test-Path", "Get-Content", "Set-Content",
    "Move-Item", "Remove-Item", "Write-Warning", "Where-Object", "ForEach-Object", "Select-Object",
}  # fmt: skip


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_is_whole_and_plain_ascii(name: str) -> None:
    """PowerShell 5.1 reads a file without a mark as ANSI: an accent would become two characters."""
    assert SCRIPTS[name].isascii()
    assert balanced(SCRIPTS[name]) == []
    assert balanced(SCRIPTS[name] + "\nif ($x) {") == ["{"]
    assert balanced(SCRIPTS[name] + "\n'open") == ["'"]


def balanced(text: str) -> list[str]:
    """What is open at the end: brackets, quotes, here-strings; comments and what stands in strings do not count."""
    still: list[str] = []
    pairs = {")": "(", "]": "[", "}": "{"}
    place = 0
    while place < len(text):
        mark = text[place]
        if text.startswith("@'\n", place):
            end = text.find("\n'@", place)
            if end < 0:
                return [*still, "@'"]
            place = end + 2
        elif mark == "'":
            end = text.find("'", place + 1)
            if end < 0:
                return [*still, "'"]
            place = end
        elif mark == '"':
            end = re.compile(r'"(?:[^"`]|`.)*"').match(text, place)
            if end is None:
                return [*still, '"']
            place = end.end() - 1
        elif mark == "#" and (place == 0 or text[place - 1].isspace()):
            place = text.find("\n", place) if "\n" in text[place:] else len(text)
        elif mark in "([{":
            still.append(mark)
        elif mark in pairs:
            still.append(mark)
            if still[-2:-1] != [pairs[mark]]:
                return still
            del still[-2:]
        place += 1
    return still


# --- its SQL ----------------------------------------------------------------------------------------------


@pytest.fixture(params=["v12", "100c-v3"])
def base(request: pytest.FixtureRequest) -> Iterator[psycopg.Connection[dict[str, Any]]]:
    owner, _ = make_sage_database(f"pont_test_{os.getpid()}")
    with psycopg.connect(owner, autocommit=True, row_factory=psycopg.rows.dict_row) as connection:
        for statement in statements(request.param):
            connection.execute(statement.encode())
        yield connection


def run(base: psycopg.Connection[dict[str, Any]], statement: str, **values: object) -> list[dict[str, Any]]:
    """T-SQL as PostgreSQL says it: TOP 1 is LIMIT 1, @name a value."""
    first = "TOP 1 " in statement
    plain = re.sub(r"@(\w+)", r"%(\1)s", statement.replace("TOP 1 ", "")) + (" LIMIT 1" if first else "")
    return base.execute(plain.encode(), values).fetchall()


def looks(function: str) -> str:
    (found,) = SQL.findall(functions()[function])
    return str(found[0] or found[1])


NUMBERS: Final = {"marq", "type"}


def test_all_its_sql_reads_and_runs_on_the_tables_of_sage(base: psycopg.Connection[dict[str, Any]]) -> None:
    written = [one or other for one, other in SQL.findall(WHOLE)]
    assert len(written) >= 14
    for statement in written:
        assert statement.startswith("SELECT ")
        names = re.findall(r"@(\w+)", statement)
        run(base, statement, **{name: 1 if name in NUMBERS else "x" for name in names})


def document(base: psycopg.Connection[dict[str, Any]], **values: object) -> None:
    """A header and one line of it."""
    heads = {"DO_NoWeb", "DO_Provenance"}
    for table, left in (("F_DOCENTETE", {"DL_PieceBC", "DL_MontantTTC", "AR_Ref"}), ("F_DOCLIGNE", heads)):
        kept = {name: value for name, value in values.items() if name not in left}
        marks = ", ".join(["%s"] * len(kept))
        base.execute(
            f"INSERT INTO {table} ({', '.join(kept)}) VALUES ({marks})".encode(), list(kept.values())
        )


def test_it_finds_what_its_documents_have_become(base: psycopg.Connection[dict[str, Any]]) -> None:
    sold = {"DO_Domaine": 0, "DO_Ref": "CO-1", "AR_Ref": "MUG"}
    document(base, **sold, DO_Type=3, DO_Piece="BL7", DO_NoWeb="CO-1", DO_Provenance=0, DL_PieceBC="BC1")
    document(
        base,
        **sold,
        DO_Type=6,
        DO_Piece="FA9",
        DO_NoWeb="R1",
        DO_Provenance=2,
        DL_PieceBC="",
        DL_MontantTTC=-12,
    )
    bought = {"DO_Domaine": 1, "DO_Ref": "PO-1", "AR_Ref": "MUG", "DL_PieceBC": "FBC2"}
    document(base, **bought, DO_Type=13, DO_Piece="FBL3", DO_NoWeb="", DO_Provenance=0)
    (order,) = run(base, looks("Find-Order"), reference="CO-1")
    assert (order["do_type"], order["dl_piecebc"]) == (3, "BC1")
    assert run(base, looks("Find-Order"), reference="R1") == []
    (credit,) = run(base, looks("Find-Credit"), reference="R1")
    assert (credit["do_piece"], credit["total"]) == ("FA9", -12)
    assert run(base, looks("Find-Credit"), reference="CO-1") == []
    (purchase,) = run(base, looks("Find-Purchase"), reference="PO-1")
    assert purchase["dl_piecebc"] == "FBC2"
    assert run(base, looks("Find-Purchase"), reference="CO-1") == []
    (line,) = run(base, looks("Initialize-Credit"), reference="CO-1", article="MUG")
    assert line["value_1"] is None
