"""Reading orders: closed windows of time, pages from the last to the first, and a count at the end.

Fnac pages by number over a set that moves while it is read. Three rules keep every order:

- a window ends at the server's own now: an order that changes while it is read leaves the window, and
  belongs to the next one;
- pages are read from the last to the first: what leaves the window moves the others towards pages that
  are still to be read. They may come twice; none is jumped over;
- the ids seen must be as many as the server counts, else the window is read again. The cursor moves at
  the end of a window only, and each window starts a little before the cursor.

Every window is read by date of change and by date of creation, because the documentation does not say
whether a new order counts as changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from lxml import etree

from comptoir.connectors.fnac import xml
from comptoir.connectors.fnac.client import FnacClient, Reply
from comptoir.connectors.fnac.fields import children, integer, text
from comptoir.connectors.fnac.orders import parse_order
from comptoir.connectors.fnac.settings import FnacSettings
from comptoir.sdk.errors import RejectedRecord, TransientError, UnexpectedAnswer
from comptoir.sdk.records import Order, OrderPage, Record, Rejected

ID_LENGTH: Final = 13
IDS_PER_QUERY: Final = 50
"""`common.xsd` and `OrdersQueryService.xsd`: an order id has 13 characters, a query holds 50 of them."""
WINDOW: Final = timedelta(days=1)
READINGS: Final = 3
"""How often a window whose count does not come out right is read before we give up for this time."""
_DATES: Final = ("UpdatedAt", "CreatedAt")


class Window(Record, frozen=True, kw_only=True):
    start: datetime
    end: datetime
    date: str


class ReadPage(Record, frozen=True, kw_only=True, gc=True):
    """One page as it came: its records, every id on it, and what the server counts in all."""

    orders: tuple[Order, ...]
    rejected: tuple[Rejected, ...]
    ids: frozenset[str]
    pages: int
    total: int | None


class OrderReader:
    def __init__(self, client: FnacClient, settings: FnacSettings) -> None:
        self._client = client
        self._settings = settings

    def since(self, cursor: str) -> Iterator[OrderPage]:
        """From the cursor (the end of the last window read, "" the first time) to the server's now."""
        now = self._client.server_now()
        start = read_cursor(cursor) if cursor else now - timedelta(days=self._settings.history_days)
        overlap = timedelta(minutes=self._settings.overlap_minutes)
        yield from self._between(start - overlap, max(now, start), before=write_cursor(start))

    def between(self, start: datetime, end: datetime) -> Iterator[OrderPage]:
        yield from self._between(start, end, before="")

    def by_id(self, order_ids: Sequence[str]) -> Iterator[OrderPage]:
        """Ids that cannot be Fnac's would have the query refused: they are absent, as unknown ones are."""
        wanted = list(dict.fromkeys(i for i in order_ids if len(i) == ID_LENGTH))
        for first in range(0, len(wanted), IDS_PER_QUERY):
            ids = wanted[first : first + IDS_PER_QUERY]
            request = _query(IDS_PER_QUERY, 1)
            listed = xml.add(request, "orders_fnac_id")
            for order_id in ids:
                xml.add(listed, "order_fnac_id", order_id)
            page = self._read(request)
            yield OrderPage(
                orders=page.orders,
                rejected=page.rejected,
                cursor="",
                total=page.total,
                last=first + IDS_PER_QUERY >= len(wanted),
            )

    def _between(self, start: datetime, end: datetime, *, before: str) -> Iterator[OrderPage]:
        while True:
            stop = min(start + WINDOW, end)
            for date in _DATES:
                finished = date == _DATES[-1]
                window = Window(start=start, end=stop, date=date)
                after = write_cursor(stop) if finished else before
                yield from self._window(window, before, after, last=finished and stop >= end)
            start, before = stop, write_cursor(stop)
            if stop >= end:
                return

    def _window(self, window: Window, before: str, after: str, *, last: bool) -> Iterator[OrderPage]:
        seen: set[str] = set()
        for _ in range(READINGS):
            page = self._page(window, 1)
            seen |= page.ids
            if page.pages > 1:
                yield _order_page(page, before)
                for number in range(page.pages, 1, -1):
                    page = self._page(window, number)
                    seen |= page.ids
                    yield _order_page(page, before)
                page = self._page(window, 1)
                seen |= page.ids
            if page.total is None or len(seen) >= page.total:
                yield _order_page(page, after, last=last)
                return
            yield _order_page(page, before)
        raise TransientError(
            f"orders_query counts {page.total} orders and showed {len(seen)}: the window will be read again."
        )

    def _page(self, window: Window, number: int) -> ReadPage:
        request = _query(self._settings.page_size, number)
        date = xml.add(request, "date", attributes={"type": window.date})
        xml.add(date, "min", write_cursor(window.start))
        xml.add(date, "max", write_cursor(window.end))
        xml.add(request, "sort_by", "ASC")
        return self._read(request)

    def _read(self, request: etree._Element) -> ReadPage:
        return parse_page(self._client.read(request, items="order"))


def _query(size: int, number: int) -> etree._Element:
    request = xml.document("orders_query", {"results_count": str(size)})
    xml.add(request, "paging", str(number))
    return request


def parse_page(reply: Reply) -> ReadPage:
    """Every order by itself: one that cannot be read is set aside, the others go on."""
    orders: list[Order] = []
    rejected: list[Rejected] = []
    ids: set[str] = set()
    elements = [child for child in reply.root if xml.local_name(child) == "order"]
    payloads = children(reply.content, "order")
    for position, (element, payload) in enumerate(zip(elements, payloads, strict=True)):
        raw = xml.raw(element)
        order_id = text(payload, "order_id")
        ids.add(order_id or f"#{position}")
        try:
            orders.append(parse_order(payload, raw=raw))
        except RejectedRecord as error:
            rejected.append(Rejected(external_id=order_id, message=error.message, code=error.code, raw=raw))
    return ReadPage(
        orders=tuple(orders),
        rejected=tuple(rejected),
        ids=frozenset(ids),
        pages=_count(reply, "total_paging") or 1,
        total=_count(reply, "nb_total_result"),
    )


def _count(reply: Reply, name: str) -> int | None:
    try:
        return integer(reply.content, name)
    except RejectedRecord as error:
        raise UnexpectedAnswer(error.message) from error


def _order_page(page: ReadPage, cursor: str, *, last: bool = False) -> OrderPage:
    return OrderPage(orders=page.orders, rejected=page.rejected, cursor=cursor, total=page.total, last=last)


def write_cursor(instant: datetime) -> str:
    """An xs:dateTime in whole seconds, which is also what Fnac's queries take."""
    return instant.astimezone(UTC).replace(microsecond=0).isoformat()


def read_cursor(cursor: str) -> datetime:
    try:
        return datetime.fromisoformat(cursor).astimezone(UTC)
    except ValueError as error:
        raise UnexpectedAnswer(f"{cursor!r} is not a cursor of this connector.") from error
