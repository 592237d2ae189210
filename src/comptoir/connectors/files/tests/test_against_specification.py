"""The journals against the layouts as the specification folder describes them.

It is not part of this repository: `COMPTOIR_SHARED` (default `../shared`) says where it is.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from comptoir.connectors.files.fec_check import COLUMNS, OPTIONAL
from comptoir.connectors.files.mecg import write_mecg
from comptoir.connectors.files.tests.entries import sale
from comptoir.connectors.files.ximport import write_ximport

ROOT = Path(__file__).parents[5]
SHARED = (ROOT / os.environ.get("COMPTOIR_SHARED", "../shared")).resolve()
SPECS = SHARED / "specs" / "sage" / "accounting-fr"

pytestmark = pytest.mark.skipif(not SPECS.is_dir(), reason=f"{SPECS} is absent: set COMPTOIR_SHARED")


def spec(name: str) -> Any:
    return json.loads((SPECS / name).read_text(encoding="utf-8"))


def test_the_columns_of_a_fec() -> None:
    columns = spec("fec_columns.json")["columns"]
    assert tuple(column["name"] for column in columns) == COLUMNS
    assert {column["name"] for column in columns if not column["required"]} == OPTIONAL


def test_the_fields_of_ximport() -> None:
    layout = spec("sage50_ximport.json")
    line, *_ = write_ximport(sale("1")).decode(layout["encoding"]).split("\r\n")
    assert len(line) == sum(length for _, length, _ in layout["fields"])
    cells, position = {}, 0
    for name, length, _ in layout["fields"]:
        cells[name] = line[position : position + length].strip()
        position += length
    assert cells == {
        "mouvement": "00001",
        "journal": "VF",
        "date_ecriture": "20261123",
        "date_echeance": "20261205",
        "piece": "F-2026-001",
        "compte": "FNAC",
        "libelle": "Commande C-000001",
        "montant": "0000000120.00",
        "sens": "D",
        "pointage": "",
        "code_analytique": "",
        "libelle_compte": "Clients de la Fnac",
        "euro": "O",
    }


def test_the_fields_of_mecg() -> None:
    layout = spec("sage100_MECG_import.json")
    text = write_mecg(sale("1")).decode(layout["encoding"])
    for block in text.split("#MECG\r\n")[1:]:
        values = block.split("\r\n")[:-2]
        assert len(values) == len(layout["fields"])
        for field, value in zip(layout["fields"], values, strict=True):
            _, equals, fixed = re.sub(r"\(.*\)", "", field).partition("=")
            if equals:
                assert value == fixed, field
    debit = dict(zip((field.split("(")[0] for field in layout["fields"]), values := text.split("\r\n")[1:39],
                     strict=True))  # fmt: skip
    assert (debit["journal"], debit["compte_general"], debit["compte_tiers"]) == ("VF", "411000", "FNAC")
    assert (debit["sens"], debit["montant"], debit["echeance"]) == ("0", "120,00", "051226")
    assert len(values) == 38
