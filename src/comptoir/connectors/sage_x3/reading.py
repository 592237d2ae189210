"""Articles, stock, departures and states, page by page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

import msgspec

from comptoir.connectors.sage_x3.articles import average_costs, main_suppliers, parse_articles
from comptoir.connectors.sage_x3.dialect import number
from comptoir.connectors.sage_x3.documents import (
    Departure,
    instant,
    parse_booked,
    parse_departures,
    parse_shipments,
    parse_states,
)
from comptoir.connectors.sage_x3.lists import Lists, Row, literal
from comptoir.connectors.sage_x3.mapping import Mapped
from comptoir.connectors.sage_x3.papers import parse_papers
from comptoir.connectors.sage_x3.payloads import BUYER
from comptoir.connectors.sage_x3.progress import Pass
from comptoir.connectors.sage_x3.settings import SageX3Settings
from comptoir.sdk.connector import Context
from comptoir.sdk.documents import DocumentBatch, ErpDocument
from comptoir.sdk.records import (
    BookedOrder,
    ErpOrderState,
    OrderStateBatch,
    Product,
    ProductBatch,
    Rejected,
    ShipmentBatch,
)

_FIRST_DOCUMENTS = timedelta(days=60)
_FIRST_DEPARTURES = timedelta(days=60)
"""How far back the first reads go: nothing of ours is older, but for a connection that is made again."""


class Moment(msgspec.Struct, frozen=True, kw_only=True):
    """The cursor of the stock journal: everything written up to that instant is taken."""

    upto: datetime | None = None


class Reader:
    def __init__(self, lists: Lists, settings: SageX3Settings, mapped: Mapped, context: Context) -> None:
        self._lists = lists
        self._settings = settings
        self._mapped = mapped
        self._clock = context.clock
        column, prefix = lists.column("orders", "reference"), settings.reference_prefix
        self._ours = f"left({column},{len(prefix)}) eq {literal(prefix)}"

    # --- articles ---------------------------------------------------------------------------------------

    def products(self, cursor: str) -> Iterator[ProductBatch]:
        one = Pass(
            self._lists, cursor, listed="items", where="", order=("sku",), now=self._clock(), swept=True
        )
        for rows in one.pages():
            products, rejected = self._articles(rows) if one.is_new(rows) else ((), ())
            if products or rejected or one.cursor != cursor:
                yield ProductBatch(key=one.key, cursor=one.cursor, products=products, rejected=rejected)

    def _articles(self, rows: list[Row]) -> tuple[tuple[Product, ...], tuple[Rejected, ...]]:
        skus = [str(row["sku"]) for row in rows]
        costs = average_costs(self._lists.of("stock", "sku", skus, ("sku", "site")))
        prices = {
            str(row["sku"]): number(row["price"]) for row in self._lists.of("prices", "sku", skus, ("sku",))
        }
        suppliers = main_suppliers(self._lists.of("suppliers", "sku", skus, ("sku", "supplier")))
        return parse_articles(rows, costs, prices, suppliers, self._settings, self._mapped)

    def product_keys(self) -> Iterator[list[str]]:
        for rows in self._lists.pages("items", "", ("sku",)):
            yield [str(row["sku"]) for row in rows]

    # --- documents --------------------------------------------------------------------------------------

    def shipments(self, cursor: str) -> Iterator[ShipmentBatch]:
        """The journal is only ever added to: what is newer than the last instant, less an overlap."""
        upto = msgspec.json.decode(cursor, type=Moment).upto if cursor else None
        overlap = timedelta(minutes=self._settings.overlap_minutes)
        since = upto - overlap if upto else self._clock() - _FIRST_DEPARTURES
        newest = upto
        for rows in self._lists.pages("movements", self._departed(since), _JOURNAL):
            newest = max([*([newest] if newest else []), *(instant(row["at"]) for row in rows)], default=None)
            after = msgspec.json.encode(Moment(upto=newest)).decode()
            departures = self._of_ours(rows)
            headers = self._lists.of(
                "deliveries", "number", (one.delivery for one in departures), ("number",)
            )
            shipments = parse_shipments(departures, {str(row["number"]): row for row in headers})
            if shipments or after != (cursor or msgspec.json.encode(Moment()).decode()):
                yield ShipmentBatch(key=f"journal-{newest:%Y%m%dT%H%M%S}" if newest else "journal", cursor=after,
                                    shipments=shipments)  # fmt: skip

    def departures(self, since: datetime) -> tuple[Departure, ...]:
        """Ours, with the stock journal's own instants."""
        return self._of_ours(self._lists.rows("movements", self._departed(since), _JOURNAL))

    def states(self, cursor: str) -> Iterator[OrderStateBatch]:
        one = Pass(self._lists, cursor, listed="orders", where=self._ours, order=("number",), now=self._clock(),
                   swept=False)  # fmt: skip
        for rows in one.pages():
            states = self._states(rows) if one.is_new(rows) else ()
            if states or one.cursor != cursor:
                yield OrderStateBatch(key=one.key, cursor=one.cursor, states=states)

    def _states(self, rows: list[Row]) -> tuple[ErpOrderState, ...]:
        numbers = [str(row["number"]) for row in rows]
        deliveries = self._numbers_by_order("delivery_lines", numbers)
        return parse_states(rows, deliveries, self._numbers_by_order("invoice_lines", numbers))

    def documents(self, cursor: str) -> Iterator[DocumentBatch]:
        """Invoices and credit notes; the first time those of the last two months."""
        column = self._lists.column("invoices", "customer")
        settings = self._settings
        accounts = sorted({settings.customer, *settings.customer_of().values()})
        where = f"{column} in ({','.join(literal(account) for account in accounts)})"
        if settings.customer_mode == "buyer":
            where = f"left({column},{len(BUYER)}) eq {literal(BUYER)}"
        one = Pass(self._lists, cursor, listed="invoices", where=where, order=("number",), now=self._clock(),
                   swept=False, first=_FIRST_DOCUMENTS)  # fmt: skip
        for rows in one.pages():
            documents = self._papers(rows) if one.is_new(rows) else ()
            if documents or one.cursor != cursor:
                yield DocumentBatch(key=one.key, cursor=one.cursor, documents=documents)

    def _papers(self, rows: list[Row]) -> tuple[ErpDocument, ...]:
        lines = self._lists.of(
            "invoice_lines", "number", (str(row["number"]) for row in rows), ("number", "line")
        )
        orders = self._lists.of(
            "orders", "number", (str(line["order"]) for line in lines), ("number",), self._ours
        )
        ours = {str(row["number"]): str(row["reference"]) for row in orders}
        return parse_papers(rows, lines, ours, self._settings, self._mapped)

    def booked(self, start: date, end: date) -> Iterator[tuple[BookedOrder, ...]]:
        column = self._lists.column("orders", "date")
        between = f"{column} ge {literal(start)} and {column} lt {literal(end)}"
        for rows in self._lists.pages("orders", f"{self._ours} and {between}", ("number",)):
            yield parse_booked(rows)

    def our_allocations(self, sites: str) -> list[Row]:
        """The lines of our orders that hold stock now."""
        column = self._lists.column("orders", "state")
        closed = self._mapped["value.order_closed"]
        ours = {str(row["number"]) for row in self._lists.rows("orders", f"{self._ours} and {column} ne {closed}",
                                                               ("number",))}  # fmt: skip
        where = f"{self._lists.column('order_lines', 'allocated')} gt 0 and {sites}"
        rows = self._lists.rows("order_lines", where, ("number", "line"))
        return [row for row in rows if str(row["number"]) in ours]

    # --- parts ------------------------------------------------------------------------------------------

    def _departed(self, since: datetime) -> str:
        kind = (
            f"{self._lists.column('movements', 'voucher_type')} eq {self._mapped['value.delivery_voucher']}"
        )
        return f"{kind} and {self._lists.column('movements', 'at')} ge {literal(since)}"

    def _of_ours(self, movements: Iterable[Row]) -> tuple[Departure, ...]:
        movements = list(movements)
        vouchers = [str(row["voucher"]) for row in movements]
        lines = self._lists.of("delivery_lines", "number", vouchers, ("number", "line"))
        order_of = {(str(row["number"]), str(row["line"])): str(row["order"]) for row in lines}
        orders = self._lists.of("orders", "number", order_of.values(), ("number",), self._ours)
        ours = {str(row["number"]): str(row["reference"]) for row in orders}
        return parse_departures(movements, order_of, ours)

    def _numbers_by_order(self, listed: str, orders: list[str]) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for row in self._lists.of(listed, "order", orders, ("number", "line")):
            found[str(row["order"])].append(str(row["number"]))
        return found


_JOURNAL = ("at", "voucher", "line", "sku", "row")
