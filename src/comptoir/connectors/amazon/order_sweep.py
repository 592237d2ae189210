"""Orders in: searchOrders page by page, getOrder one by one (Orders API 2026-01-01).

A sweep asks for what changed since `after`; Amazon answers up to two minutes ago and says so in
`lastUpdatedBefore`. That instant, of Amazon's own clock, less an overlap, is where the next sweep
starts, once the last page is stored. Between pages the cursor keeps the token (good for 24 hours): when
Amazon no longer wants it, the same sweep starts again from its beginning, which loses nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from comptoir.connectors.amazon.client import NOT_FOUND_CODES, AmazonClient, Params, instant
from comptoir.connectors.amazon.order_cursor import OrderCursor
from comptoir.connectors.amazon.order_payloads import OneOrder, SearchPage
from comptoir.connectors.amazon.orders import order_id_of, parse_raw_order
from comptoir.sdk.errors import RejectedRecord, TransientError, UnexpectedAnswer
from comptoir.sdk.http import Answer
from comptoir.sdk.records import Order, OrderPage, Rejected

INCLUDED_DATA = (
    "BUYER",
    "RECIPIENT",
    "PROCEEDS",
    "PROMOTION",
    "CANCELLATION",
    "FULFILLMENT",
    "PACKAGES",
    "TAX",
)
FIRST_SWEEP = timedelta(days=30)
# The API refuses a `lastUpdatedBefore` that is younger.
AMAZON_DELAY = timedelta(minutes=2)
_PATH = "/orders/2026-01-01/orders"
_BAD_INPUT_CODES = frozenset({"InvalidInput", "BadRequest", "BAD_REQUEST", "InvalidRequest", "400"})


class OrderSweep:
    def __init__(self, client: AmazonClient, overlap: timedelta) -> None:
        self._client = client
        self._overlap = overlap

    def pages(self, cursor: OrderCursor, now: datetime, until: datetime | None = None) -> Iterator[OrderPage]:
        """From `cursor` to the end. `until` bounds a sweep of the past."""
        last = False
        while not last:
            cursor, answer, page = self._ask(cursor, until)
            before = cursor.before or page.last_updated_before or (answer.date or now) - AMAZON_DELAY
            token = (page.pagination.next_token if page.pagination else None) or ""
            last = not token
            repeated = token and token == cursor.token
            orders, rejected = _read(self._completed(page, included=cursor.included))
            cursor = self._next(cursor, token, before)
            yield OrderPage(orders=orders, rejected=rejected, cursor=cursor.text(), last=last)
            if repeated:
                # Reported of Amazon: the same page again, for ever. The next run asks once more.
                raise TransientError("searchOrders: the same page came twice.")

    def by_id(self, order_ids: Sequence[str]) -> Iterator[OrderPage]:
        for order_id in order_ids:
            raw = self._one(order_id)
            if raw is not None:
                orders, rejected = _read([raw])
                yield OrderPage(orders=orders, rejected=rejected, cursor="", last=order_id == order_ids[-1])

    def _next(self, cursor: OrderCursor, token: str, before: datetime) -> OrderCursor:
        if not token:
            return OrderCursor(after=max(before - self._overlap, cursor.after))
        return OrderCursor(
            after=cursor.after, token=token, before=before, places=cursor.places, included=cursor.included
        )

    def _ask(self, cursor: OrderCursor, until: datetime | None) -> tuple[OrderCursor, Answer, SearchPage]:
        """One page; what Amazon refuses is asked again in the simpler form that it may take."""
        try:
            answer = self._client.get("searchOrders", _PATH, _search(cursor, until))
        except UnexpectedAnswer as error:
            simpler = _simpler(cursor) if error.code in _BAD_INPUT_CODES else None
            if simpler is None:
                raise
            return self._ask(simpler, until)
        return cursor, answer, answer.json(SearchPage)

    def _completed(self, page: SearchPage, *, included: bool) -> list[bytes]:
        """The orders of the page; asked one by one when the search refused to give their details."""
        raws = [bytes(raw) for raw in page.orders]
        if included:
            return raws
        return [self._one(order_id_of(raw)) or raw for raw in raws]

    def _one(self, order_id: str) -> bytes | None:
        try:
            answer = self._client.get("getOrder", f"{_PATH}/{order_id}", {"includedData": INCLUDED_DATA})
        except UnexpectedAnswer as error:
            if error.code in NOT_FOUND_CODES:
                return None
            raise
        return bytes(answer.json(OneOrder).order)


def _search(cursor: OrderCursor, until: datetime | None) -> Params:
    return {
        "lastUpdatedAfter": instant(cursor.after),
        "lastUpdatedBefore": instant(until) if until else None,
        "marketplaceIds": cursor.places,
        "includedData": INCLUDED_DATA if cursor.included else None,
        "maxResultsPerPage": 100,
        "paginationToken": cursor.token,
    }


def _simpler(cursor: OrderCursor) -> OrderCursor | None:
    """Without the token (24 hours old), then without the details (refused at times by a region)."""
    if cursor.token:
        return OrderCursor(after=cursor.after, places=cursor.places)
    if cursor.included:
        return OrderCursor(after=cursor.after, places=cursor.places, included=False)
    return None


def _read(raws: Sequence[bytes]) -> tuple[tuple[Order, ...], tuple[Rejected, ...]]:
    orders: list[Order] = []
    rejected: list[Rejected] = []
    for raw in raws:
        try:
            orders.append(parse_raw_order(raw))
        except RejectedRecord as error:
            rejected.append(
                Rejected(external_id=error.record_id, message=error.message, code=error.code, raw=raw)
            )
    return tuple(orders), tuple(rejected)
