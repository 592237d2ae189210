"""The stock, as counts of one exact instant: read again when something moved meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal

from comptoir.connectors.sage_x3.dialect import Entity, number
from comptoir.connectors.sage_x3.lists import Lists, Row, literal
from comptoir.connectors.sage_x3.mapping import Mapped
from comptoir.connectors.sage_x3.progress import Pass
from comptoir.connectors.sage_x3.reading import Reader
from comptoir.connectors.sage_x3.services import Services
from comptoir.connectors.sage_x3.settings import SageX3Settings
from comptoir.connectors.sage_x3.stock import Place, Snapshot, parse_available, parse_levels, sums
from comptoir.sdk.connector import Context
from comptoir.sdk.errors import TransientError
from comptoir.sdk.records import StockBatch

_ATTEMPTS = 3


class Counter:
    def __init__(
        self, lists: Lists, services: Services, reader: Reader, settings: SageX3Settings, mapped: Mapped,
        context: Context,
    ) -> None:  # fmt: skip
        self._lists = lists
        self._services = services
        self._reader = reader
        self._settings = settings
        self._mapped = mapped
        self._clock = context.clock
        self._margin = timedelta(minutes=settings.clock_margin_minutes)

    def batches(self, cursor: str) -> Iterator[StockBatch]:
        """Told as of a little ago: the server's clock may be wrong by `clock_margin_minutes`."""
        as_of = self._clock() - self._margin
        if self._settings.stock_program:
            yield self._by_program(as_of)
            return
        one = Pass(
            self._lists, cursor, listed="stock", where=self._sites("stock"), order=("sku", "site"), now=self._clock(),
            swept=True,
        )  # fmt: skip
        begun = self._snapshot(as_of)  # before any page is asked for
        for page in one.pages():
            rows, moment = self._settled(page, begun, as_of)
            levels = parse_levels(rows, moment, as_of) if one.is_new([rows, moment.told(rows)]) else ()
            if levels or one.cursor != cursor:
                yield StockBatch(key=one.key, cursor=one.cursor, as_of=as_of, levels=levels)

    def _settled(self, rows: list[Row], before: Snapshot, as_of: datetime) -> tuple[list[Row], Snapshot]:
        """The page, of a moment in which nothing that it depends on moved; `before` is from before it was read."""
        skus = {str(row["sku"]) for row in rows}
        for _ in range(_ATTEMPTS):
            after = self._snapshot(as_of)
            if after.of(skus) == before.of(skus):
                return rows, after
            before = after
            rows = self._lists.of("stock", "sku", skus, ("sku", "site"), self._sites("stock"))
        raise TransientError("X3 ships faster than its stock can be read.")

    def _by_program(self, as_of: datetime) -> StockBatch:
        """One call per site gives what is available: the merchant's own formula."""
        before = self._snapshot(as_of)
        for _ in range(_ATTEMPTS):
            available: dict[Place, Decimal] = {}
            for site in self._settings.sites():
                available |= self._asked(site)
            after = self._snapshot(as_of)
            if after == before:
                return StockBatch(key=f"stock-{as_of:%Y%m%dT%H%M}", cursor="", as_of=as_of,
                                  levels=parse_available(available, after, as_of))  # fmt: skip
            before = after
        raise TransientError("X3 ships faster than its stock can be read.")

    def _asked(self, site: str) -> dict[Place, Decimal]:
        group, field = self._mapped.place("program.ask_site")
        asked: Entity = {group: {field: site}}
        answer = self._services.run(self._settings.stock_program, asked)
        table, sku = self._mapped.place("program.sku")
        where, available = self._mapped.place("program.site")[1], self._mapped.place("program.available")[1]
        found: dict[Place, Decimal] = {}
        for line in answer.get(table, []):
            if line.get(sku):
                place = (str(line[sku]), str(line.get(where) or site))
                found[place] = found.get(place, Decimal(0)) + number(line.get(available))
        return found

    def _snapshot(self, as_of: datetime) -> Snapshot:
        holding = f"{self._lists.column('allocations', 'quantity')} gt 0 and {self._sites('allocations')}"
        allocated = sums(self._lists.rows("allocations", holding, ("site", "row", "sku")), "quantity")
        # Where nobody holds anything, neither do we.
        ours = self._reader.our_allocations(self._sites("order_lines")) if allocated else []
        return Snapshot(
            allocated=allocated,
            ours=sums(ours, "allocated"),
            departures=self._reader.departures(as_of - self._margin - timedelta(minutes=1)),
        )

    def _sites(self, listed: str) -> str:
        names = ",".join(literal(site) for site in self._settings.sites())
        return f"{self._lists.column(listed, 'site')} in ({names})"
