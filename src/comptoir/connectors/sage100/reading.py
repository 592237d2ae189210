"""Articles, stock, shipments and states, page by page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from comptoir.connectors.sage100 import queries
from comptoir.connectors.sage100.articles import parse_articles, variant_sku
from comptoir.connectors.sage100.buyers import FIRST
from comptoir.connectors.sage100.database import Database, Row
from comptoir.connectors.sage100.documents import parse_booked, parse_shipments, parse_states, reference_of
from comptoir.connectors.sage100.instants import to_local
from comptoir.connectors.sage100.papers import parse_papers
from comptoir.connectors.sage100.progress import Progress, passes
from comptoir.connectors.sage100.purchases import parse_purchases
from comptoir.connectors.sage100.settings import Sage100Settings
from comptoir.connectors.sage100.stock import parse_levels, units_since
from comptoir.sdk.buyers import BuyerAccount
from comptoir.sdk.connector import Context
from comptoir.sdk.documents import DocumentBatch, ErpDocument
from comptoir.sdk.errors import ConfigurationError, TransientError
from comptoir.sdk.purchasing import PurchaseStateBatch
from comptoir.sdk.records import BookedOrder, OrderStateBatch, ProductBatch, ShipmentBatch, StockBatch

SWEEP_EVERY = timedelta(days=1)
_ATTEMPTS = 3


class Reader:
    def __init__(self, database: Database, settings: Sage100Settings, context: Context) -> None:
        self._database = database
        self._settings = settings
        self._context = context
        self._zone = ZoneInfo(settings.time_zone)
        self._overlap = timedelta(minutes=settings.overlap_minutes)
        self._like = f"{settings.reference_prefix}%"

    def products(self, cursor: str) -> Iterator[ProductBatch]:
        category = self._settings.accounting_category
        published = self._database.column("F_ARTICLE", "AR_Publie", "1")
        pages = passes(
            self._database, cursor, table="F_ARTICLE", statement=queries.ARTICLES.format(ar_publie=published),
            before=(), behind=(category, category), overlap=self._overlap, size=self._settings.page_size,
            now=self._context.clock(), sweep_every=SWEEP_EVERY,
        )  # fmt: skip
        for rows, progress in pages:
            variants = self._variants([row["ar_ref"] for row in rows if row["ar_gamme1"]])
            kits = self._components([row["ar_ref"] for row in rows if not row["ar_suivistock"]])
            products, rejected = parse_articles(rows, variants, kits, self._settings, self._zone)
            if products or rejected or progress.encode() != cursor:
                yield ProductBatch(key=_key("articles", progress), cursor=progress.encode(), products=products,
                                   rejected=rejected)  # fmt: skip

    def product_keys(self) -> Iterator[list[str]]:
        for rows in self._all(queries.ARTICLE_KEYS):
            yield [row["ar_ref"] for row in rows]
        for rows in self._all(queries.VARIANT_KEYS):
            yield [variant_sku(row) for row in rows]

    def stock(self, cursor: str) -> Iterator[StockBatch]:
        """Each page is told as of a little ago: the server's clock may be wrong by `clock_margin_minutes`."""
        depots = self.depots()
        started = Progress.decode(cursor)
        pages = passes(
            self._database, cursor, table="F_ARTSTOCK", statement=queries.STOCK, before=(self._like,),
            overlap=self._overlap + self._margin, size=self._settings.page_size, now=self._context.clock(),
            sweep_every=SWEEP_EVERY,
        )  # fmt: skip
        as_of = self._context.clock() - self._margin
        before = self._recent(as_of)
        for rows, progress in pages:
            last = progress.newest is None
            for _ in range(_ATTEMPTS):
                found = [*rows, *(self._variant_stock(started) if last else [])]
                after = self._recent(as_of)
                if after == before:
                    break
                # Something left while the page was read: read it again, so that count and departures agree.
                before = after
                rows = self._again(rows)
            else:
                raise TransientError("Sage ships faster than its stock can be read.")
            yield StockBatch(
                key=_key("stock", progress), cursor=progress.encode(), as_of=as_of,
                levels=parse_levels(found, depots, units_since(after, as_of, self._zone)),
            )  # fmt: skip

    def shipments(self, cursor: str) -> Iterator[ShipmentBatch]:
        depots = self.depots()
        for rows, progress in self._documents(cursor, "3, 6, 7"):
            lines = self._lines([row["cbmarq"] for row in rows if not row["do_provenance"]])
            shipments = parse_shipments(lines, self._settings.reference_prefix, depots, self._zone)
            if shipments or progress.encode() != cursor:
                yield ShipmentBatch(
                    key=_key("documents", progress), cursor=progress.encode(), shipments=shipments
                )

    def states(self, cursor: str) -> Iterator[OrderStateBatch]:
        for rows, progress in self._documents(cursor, "1, 2, 3, 6, 7"):
            prefix = self._settings.reference_prefix
            lines = self._lines([row["cbmarq"] for row in rows if not row["do_provenance"]])
            references = sorted({reference_of(line, prefix) for line in lines})
            states = parse_states(self._progress_of(references), prefix, self._zone)
            if states or progress.encode() != cursor:
                yield OrderStateBatch(key=_key("states", progress), cursor=progress.encode(), states=states)

    def documents(self, cursor: str) -> Iterator[DocumentBatch]:
        for rows, progress in self._documents(cursor, "1, 2, 3, 4, 5, 6, 7"):
            documents = self._papers([row["cbmarq"] for row in rows])
            if documents or progress.encode() != cursor:
                yield DocumentBatch(
                    key=_key("papers", progress), cursor=progress.encode(), documents=documents
                )

    def purchases(self, cursor: str) -> Iterator[PurchaseStateBatch]:
        like = f"{self._settings.purchase_prefix}%"
        pages = passes(
            self._database, cursor, table="F_DOCENTETE", statement=queries.PURCHASE_HEADERS, before=(),
            overlap=self._overlap, size=self._settings.page_size, now=self._context.clock(),
        )  # fmt: skip
        for rows, progress in pages:
            headers = [row["cbmarq"] for row in rows]
            named = self._each(queries.REFERENCES_OF_PURCHASES, headers, like)
            lines = self._each(queries.PURCHASES, sorted(row["do_ref"] for row in named))
            states = parse_purchases(lines, self._zone)
            if states or progress.encode() != cursor:
                yield PurchaseStateBatch(
                    key=_key("purchases", progress), cursor=progress.encode(), states=states
                )

    def accounts(self, references: Sequence[str]) -> dict[str, BuyerAccount]:
        """Those that bear our own beginning; {} where buyers share one account."""
        if self._settings.customer_accounts != "buyer":
            return {}
        numbers = sorted(
            row["do_tiers"] for row in self._each(queries.ACCOUNTS_OF_ORDERS, list(references), f"{FIRST}%")
        )
        orders: dict[str, list[str]] = defaultdict(list)
        for row in self._each(queries.ORDERS_OF_ACCOUNTS, numbers, self._like):
            orders[row["do_tiers"]].append(row["do_noweb"])
        return {number: BuyerAccount(number=number, references=tuple(orders[number])) for number in numbers}

    def depots(self) -> dict[int, str]:
        """`{DE_No: code}` of the depots that count; ConfigurationError when one of the settings' is not there."""
        code = self._database.column("F_DEPOT", "DE_Code", "''")
        rows = self._database.rows(queries.DEPOTS.format(de_code=code))
        found = {row["de_no"]: row["de_code"] or f"DEPOT-{row['de_no']}" for row in rows}
        wanted = self._settings.depots()
        if missing := sorted(wanted - set(found.values())):
            raise ConfigurationError(f"Sage has no depot {', '.join(missing)}: {', '.join(found.values())}.")
        return {number: code for number, code in found.items() if not wanted or code in wanted}

    def booked(self, start: date, end: date) -> Iterator[tuple[BookedOrder, ...]]:
        """A week at once: what the base holds of us is small beside what it holds."""
        while start < end:
            until = min(start + timedelta(days=7), end)
            rows = self._database.rows(queries.BOOKED, [self._like, self._like, start, until])
            yield parse_booked(rows)
            start = until

    # --- parts ------------------------------------------------------------------------------------------

    @property
    def _margin(self) -> timedelta:
        return timedelta(minutes=self._settings.clock_margin_minutes)

    def _documents(self, cursor: str, types: str) -> Iterator[tuple[list[Row], Progress]]:
        return passes(
            self._database, cursor, table="F_DOCENTETE", statement=queries.HEADERS.format(types=types), before=(),
            overlap=self._overlap, size=self._settings.page_size, now=self._context.clock(),
        )  # fmt: skip

    def _all(self, statement: str) -> Iterator[list[Row]]:
        after, size = 0, self._settings.page_size
        while rows := self._database.rows(statement, [after, size]):
            yield rows
            after = int(rows[-1]["cbmarq"])

    def _lines(self, headers: list[int]) -> list[Row]:
        found: list[Row] = []
        for start in range(0, len(headers), 500):
            part = headers[start : start + 500]
            statement = queries.LINES_OF_HEADERS.format(
                marks=", ".join("?" * len(part)), composed=self._composed
            )
            found += self._database.rows(statement, [*part, self._like, self._like])
        return found

    def _progress_of(self, references: list[str]) -> list[Row]:
        found: list[Row] = []
        for start in range(0, len(references), 500):
            part = references[start : start + 500]
            statement = queries.PROGRESS.format(marks=", ".join("?" * len(part)))
            found += self._database.rows(statement, [*part, *part])
        return found

    def _papers(self, headers: list[int]) -> tuple[ErpDocument, ...]:
        """Every document of the orders that these headers speak of."""
        told = self._each(queries.REFERENCES_OF_HEADERS, headers, self._like, self._like)
        prefix = self._settings.reference_prefix
        references = sorted({name for row in told if (name := reference_of(row, prefix)).startswith(prefix)})
        rows = self._each(queries.PAPERS_OF_ORDERS, references, times=2, composed=self._composed)
        pieces = sorted(row["piece"] for row in self._each(queries.PIECES_OF_HEADERS, headers))
        orders = self._orders_of(pieces)
        known = {row["cbmarq"] for row in rows}
        more = self._each(queries.PAPERS_OF_PIECES, sorted(orders), composed=self._composed)
        return parse_papers([*rows, *(row for row in more if row["cbmarq"] not in known)], prefix, orders)

    def _orders_of(self, pieces: list[str]) -> dict[str, str]:
        """First piece → the one order of ours that it was; numbers that begin again some day name none."""
        found: dict[str, set[str]] = defaultdict(set)
        for row in self._each(queries.ORDERS_OF_PIECES, pieces):
            found[row["piece"]].add(reference_of(row, self._settings.reference_prefix))
        return {piece: names.pop() for piece, names in found.items()
                if len(names) == 1 and next(iter(names)).startswith(self._settings.reference_prefix)}  # fmt: skip

    def _each(
        self, statement: str, values: list[Any], *more: object, times: int = 1, **words: str
    ) -> list[Row]:
        """The statement for 500 values at once."""
        found: list[Row] = []
        for start in range(0, len(values), 500):
            part = values[start : start + 500]
            marks = ", ".join("?" * len(part))
            found += self._database.rows(statement.format(marks=marks, **words), [*(part * times), *more])
        return found

    def _components(self, articles: list[str]) -> dict[str, list[Row]]:
        found: dict[str, list[Row]] = defaultdict(list)
        for row in self._each(queries.COMPONENTS, articles):
            found[row["ar_ref"]].append(row)
        return found

    @property
    def _composed(self) -> str:
        """The kit of a component's line, where this version writes it down."""
        return self._database.column("F_DOCLIGNE", "AR_RefCompose", "''").replace("AR_Ref", "l.AR_Ref")

    def _variants(self, articles: list[str]) -> dict[str, list[Row]]:
        found: dict[str, list[Row]] = defaultdict(list)
        for start in range(0, len(articles), 500):
            part = articles[start : start + 500]
            statement = queries.VARIANTS.format(marks=", ".join("?" * len(part)))
            for row in self._database.rows(statement, part):
                found[row["ar_ref"]].append(row)
        return found

    def _variant_stock(self, started: Progress) -> list[Row]:
        since = started.since - self._overlap - self._margin if started.since.year > 1900 else started.since
        return self._database.rows(queries.VARIANT_STOCK, [self._like, since])

    def _recent(self, as_of: datetime) -> list[Row]:
        """Our departures that may be after `as_of`, by any clock that is wrong by less than the margin."""
        since = to_local(as_of - self._margin - timedelta(minutes=1), self._zone).replace(second=0)
        return self._database.rows(queries.RECENT_DEPARTURES, [self._like, self._like, since])

    def _again(self, rows: list[Row]) -> list[Row]:
        if not rows:
            return rows
        first, last = int(rows[0]["cbmarq"]), int(rows[-1]["cbmarq"])
        earliest = min(row["cbmodification"] for row in rows)
        found = self._database.rows(queries.STOCK, [self._like, first - 1, earliest, len(rows) * 2 + 100])
        return [row for row in found if first <= row["cbmarq"] <= last]


def _key(kind: str, progress: Progress) -> str:
    return f"{kind}-{progress.since:%Y%m%dT%H%M}-{progress.after}"
