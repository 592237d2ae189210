"""The party: its timers, and what the world may ask of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from decimal import Decimal
from urllib.parse import urlsplit

import msgspec
from starlette.routing import BaseRoute

from bazaar.party import World
from bazaar.sage.base import DEPOT, Base
from bazaar.sage.credits import credit_invoice
from bazaar.sage.pont import Pont
from bazaar.sage.purchasing import receive
from bazaar.sage.seed import seed, take_in_products
from bazaar.sage.settings import SageSettings
from bazaar.sage.warehouse import Warehouse
from bazaar.world.facts import Timer

_ROUND = timedelta(minutes=30)
_DOCUMENTS = """
SELECT e.DO_NoWeb AS reference, COALESCE(NULLIF(l.DL_PieceBC, ''), e.DO_Piece) AS number,
       sum(l.DL_MontantTTC) AS total, bool_or(e.DO_Type IN (1, 2) AND l.DL_Qte > 0 AND l.DL_NonLivre = 0) AS open,
       bool_or(e.DO_Type IN (3, 6, 7) AND l.DL_NonLivre = 0 AND l.DL_Qte > 0) AS left
FROM F_DOCENTETE e JOIN F_DOCLIGNE l ON l.DO_Domaine = e.DO_Domaine AND l.DO_Type = e.DO_Type
     AND l.DO_Piece = e.DO_Piece
WHERE e.DO_Domaine = 0 AND e.DO_NoWeb <> '' AND e.DO_Provenance = 0 GROUP BY 1, 2 ORDER BY 2
"""


class SageErp:
    """Implements `bazaar.party.Warehouse`."""

    kind = "sage"

    def __init__(self, key: str, world: World, settings: SageSettings) -> None:
        self.key = key
        self._world = world
        self._settings = settings
        self._base = Base(key, world, settings)
        seed(self._base)
        take_in_products(self._base)
        self._warehouse = Warehouse(self._base)
        self._pont = Pont(self._base, self._warehouse)
        counters = world.shelf(key, "counters", int)
        if "started" not in counters:
            counters["started"] = 1
            world.set_timer(world.now() + _ROUND, key, "round")

    def routes(self) -> Sequence[BaseRoute]:
        return self._pont.routes()

    def on_timer(self, timer: Timer) -> None:
        given = timer.payload
        match timer.action:
            case "round":
                self._world.set_timer(self._world.now() + _ROUND, self.key, "round")
                take_in_products(self._base)
            case "prepare":
                self._warehouse.prepare(str(given["reference"]))
            case "ship":
                self._warehouse.ship(str(given["reference"]))
            case "restock":
                ordered = msgspec.convert(given["ordered"], dict[str, int])
                self._warehouse.restock(str(given["reference"]), str(given["order"]), ordered)
            case "invoice":
                self._warehouse.invoice(str(given["piece"]))
            case "receive":
                part = msgspec.convert(given["part"], float)
                receive(self._base, self._warehouse, str(given["reference"]), part)
            case "credit":
                credit_invoice(self._base, str(given["piece"]))
            case "return":
                quantity = msgspec.convert(given["quantity"], int)
                self._warehouse.take_back(str(given["reference"]), str(given["sku"]), quantity)
            case "work_off":
                self._pont.work_off(str(given["reference"]))
            case _:
                raise LookupError(f"{self.key} knows no timer {timer.action!r}")

    def describe(self) -> dict[str, object]:
        place = urlsplit(self._settings.reader or self._settings.database)
        counts = self._base.rows("SELECT DO_Type, count(*) AS n FROM F_DOCENTETE GROUP BY 1 ORDER BY 1")
        return {
            "connector": "sage100",
            "settings": {
                "driver": "psycopg",
                "server": place.hostname or "127.0.0.1",
                "port": place.port or 5432,
                "database": place.path.lstrip("/"),
                "user": place.username or "",
                "password": place.password or "",
                "pont_key": self._settings.api_key,
                "client": self._settings.client,
                "time_zone": self._settings.time_zone,
            },
            "profile": self._settings.profile,
            "documents": {str(row["do_type"]): row["n"] for row in counts},
            "physical_units": sum(self.physical_stock().values()),
        }

    def documents(self) -> Iterator[dict[str, object]]:
        """One per first number: two for one reference are an order written twice."""
        for row in self._base.rows(_DOCUMENTS):
            sale = self._warehouse.sales.get(row["reference"])
            cancelled = sale.cancelled if sale else Decimal(0)
            state = "received" if row["open"] else "shipped" if row["left"] else "cancelled"
            yield {
                "reference": row["reference"],
                "number": row["number"],
                "channel": sale.channel if sale else "",
                "external_id": sale.external_id if sale else "",
                "total": (row["total"] + cancelled).quantize(Decimal("0.01")),
                "currency": "EUR",
                "copies": 1,
                "state": state,
                "lines": [],
            }

    def physical_stock(self) -> dict[str, int]:
        rows = self._base.rows("SELECT AR_Ref, AS_QteSto FROM F_ARTSTOCK WHERE DE_No = %s", [DEPOT])
        return {row["ar_ref"]: int(row["as_qtesto"]) for row in rows}
