"""A simulated Sage in a process of its own, on a company file beside the hub's database."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from bench.market_process import wait_until_told
from comptoir.channels.models import Channel
from comptoir.channels.services import add_channel
from comptoir.flows.connect import connector_type
from comptoir.rehearsal.sage_database import make_sage_database

_ARTICLES = """
INSERT INTO F_ARTICLE (AR_Ref, AR_Design, FA_CodeFamille, AR_UnitePoids, AR_PoidsNet, AR_PrixAch, AR_PrixVen,
    AR_PrixTTC, AR_Gamme1, AR_SuiviStock, AR_Sommeil, AR_CoutStd, AR_Publie, cbModification)
SELECT 'SKU-' || lpad(n::text, 6, '0'), 'Article number ' || n, 'SERVICES', 3, 400, 12.5, 29.9, 1, 0, 2, 0, 12.5, 1,
       timestamp '2026-11-01' + n * interval '1 second'
FROM generate_series(0, %s - 1) n
"""
_STOCK = """
INSERT INTO F_ARTSTOCK (AR_Ref, DE_No, AS_QteSto, AS_MontSto, AS_QteRes, AS_QteCom, AS_QtePrepa, AS_QteAControler,
    cbModification)
SELECT AR_Ref, 1, 1000, 12500, 0, 0, 0, 0, cbModification FROM F_ARTICLE WHERE AR_Ref LIKE 'SKU-%%'
"""


@dataclass(frozen=True)
class CompanyFile:
    """`channel`: the hub's, connected to it."""

    owner: str
    channel: Channel

    def run(self, statement: str, *values: object) -> None:
        with psycopg.connect(self.owner, autocommit=True) as base:
            base.execute(statement.encode(), values)

    def documents(self) -> int:
        with psycopg.connect(self.owner, autocommit=True) as base:
            found = base.execute("SELECT count(*) FROM F_DOCENTETE WHERE DO_Type = 1").fetchone()
        return int(found[0]) if found else 0


@contextmanager
def company_file(folder: Path, articles: int) -> Iterator[CompanyFile]:
    owner, reader = make_sage_database("sage_bench")
    ready, log = folder / "sage.json", folder / "sage.log"
    command = [sys.executable, "-m", "bazaar", "serve", "--port", "0", "--manual-clock", "--orders-per-hour", "0",
               "--products", "0", "--ready-file", str(ready), "--sage-database", owner,
               "--sage-reader", reader]  # fmt: skip
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)  # noqa: S603 - our own command
    try:
        party = wait_until_told(process, ready, log)["parties"][0]
        connector = connector_type("sage100")
        settings = connector.settings.load({**party["settings"], "base_url": party["url"]})
        channel = add_channel(key="sage", name="Sage", connector=connector, settings=settings, actor="bench")
        company = CompanyFile(owner, channel)
        company.run(_ARTICLES, articles)
        company.run(_STOCK)
        company.run("ANALYZE")
        yield company
    finally:
        process.terminate()
        process.wait(10)
