"""Reading every changed order once, although the set moves while it is read.

The query is open ended (`start_update_date`) and sorted by creation: an order that changes during the
sweep can only join the set, and joins it at a place that pushes others towards later offsets. So no order
that was in the set at the start can slip behind the offset, and what joined is found by the next sweep,
which starts before this one did. A server that repeats or reorders pages breaks this reasoning: the
orders are counted, and a sweep that saw fewer than were announced is read again from its start.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from enum import Enum

import msgspec

from comptoir.connectors.mirakl.client import MiraklClient, stamp
from comptoir.connectors.mirakl.orders import parse_order, readable_id, reject
from comptoir.connectors.mirakl.payloads import PagePayload
from comptoir.connectors.mirakl.settings import MiraklSettings
from comptoir.sdk.errors import RejectedRecord, UnexpectedAnswer
from comptoir.sdk.records import Order, OrderPage, Rejected

PAGE = 100
"""Mirakl's maximum; its default is 10."""
PASSES = 3


class Sweep(msgspec.Struct, kw_only=True, omit_defaults=True):
    """Where a sweep stands; its JSON is the cursor. `started_at` None: it has not begun."""

    since: datetime
    until: datetime | None = None
    """Creation is not after this: a sweep of the past."""
    started_at: datetime | None = None
    offset: int = 0
    attempt: int = 1
    announced: int = 0
    """How many orders the sweep's first page promised."""
    seen: int = 0
    """Distinct orders of this attempt, up to `offset`."""
    page: str = ""
    """Fingerprint of the last page: a resumed sweep recognises it when it is served again."""

    def dump(self) -> str:
        return msgspec.json.encode(self).decode()


def load_sweep(cursor: str, now: datetime, history: timedelta) -> Sweep:
    """UnexpectedAnswer for a cursor that is not ours."""
    if not cursor:
        return Sweep(since=now - history)
    try:
        return msgspec.json.decode(cursor, type=Sweep)
    except msgspec.DecodeError as error:
        raise UnexpectedAnswer(f"This is no cursor of ours: {cursor!r}.") from error


class Turn(Enum):
    MORE = "the next page"
    AGAIN = "from the start again"
    DONE = "everything was seen"
    LOST = "read again and again, and still not everything"


class OrderReader:
    def __init__(self, client: MiraklClient, settings: MiraklSettings, clock: Callable[[], datetime]) -> None:
        self._client = client
        self._settings = settings
        self._clock = clock

    def changed(self, cursor: str) -> Iterator[OrderPage]:
        history = timedelta(days=self._settings.history_days)
        return self._pages(load_sweep(cursor, self._clock(), history))

    def between(self, start: datetime, end: datetime) -> Iterator[OrderPage]:
        """Changed since `start`, placed not after `end`: all that can have changed between the two."""
        return self._pages(Sweep(since=start, until=end))

    def by_id(self, order_ids: Sequence[str]) -> Iterator[OrderPage]:
        for first in range(0, len(order_ids), PAGE):
            asked = ",".join(order_ids[first : first + PAGE])
            payload, _ = self._fetch({"order_ids": asked, "max": PAGE}, throttled=False)
            yield self._page(payload, cursor="", last=first + PAGE >= len(order_ids))

    def _pages(self, sweep: Sweep) -> Iterator[OrderPage]:
        seen: set[str] = set()
        turn = Turn.MORE
        while turn in {Turn.MORE, Turn.AGAIN}:
            payload = self._next_payload(sweep)
            _count(sweep, payload, seen)
            turn = _turn(sweep, payload)
            cursor = self._finished(sweep) if turn is Turn.DONE else sweep.dump()
            yield self._page(payload, cursor=cursor, last=turn is Turn.DONE)
            if turn is Turn.AGAIN:
                seen.clear()
        if turn is Turn.LOST:
            raise UnexpectedAnswer(
                f"OR11 announces {payload.total_count} orders and does not serve them all."
            )

    def _next_payload(self, sweep: Sweep) -> PagePayload:
        asked_at = self._clock()
        payload, server_time = self._fetch(_query(sweep), throttled=sweep.started_at is None)
        if sweep.started_at is None:
            # The earlier of the two clocks: what changed meanwhile is read twice rather than never.
            sweep.started_at = min(asked_at, server_time or asked_at)
            sweep.announced = payload.total_count or 0
        return payload

    def _finished(self, sweep: Sweep) -> str:
        assert sweep.started_at is not None, "a page was read"
        return Sweep(since=sweep.started_at - timedelta(minutes=self._settings.overlap_minutes)).dump()

    def _fetch(self, query: dict[str, object], *, throttled: bool) -> tuple[PagePayload, datetime | None]:
        answer = self._client.get("OR11", query, throttled=throttled)
        return answer.json(PagePayload), answer.date

    def _page(self, payload: PagePayload, *, cursor: str, last: bool) -> OrderPage:
        orders, rejected = parse_orders(payload.orders, self._settings.operator_center_codes)
        return OrderPage(
            orders=orders, rejected=rejected, cursor=cursor, total=payload.total_count, last=last
        )


def parse_orders(
    raws: Sequence[msgspec.Raw], operator_centers: frozenset[str]
) -> tuple[tuple[Order, ...], tuple[Rejected, ...]]:
    """Each order on its own: one that cannot be read is set aside, the others are not disturbed."""
    orders: list[Order] = []
    rejected: list[Rejected] = []
    for raw in raws:
        try:
            orders.append(parse_order(raw, operator_centers))
        except RejectedRecord as error:
            rejected.append(reject(raw, error))
    return tuple(orders), tuple(rejected)


def _turn(sweep: Sweep, payload: PagePayload) -> Turn:
    """What is to be read next, after the page that `_count` stepped over."""
    total = payload.total_count
    if payload.orders and (total is None or sweep.offset < total):
        return Turn.MORE
    # On the last attempt, what joined meanwhile may be missing: the next sweep starts before it did.
    enough = min(total or 0, sweep.announced) if sweep.attempt == PASSES else total or 0
    if sweep.seen >= enough:
        return Turn.DONE
    lost = sweep.attempt == PASSES
    sweep.attempt = 1 if lost else sweep.attempt + 1
    sweep.offset, sweep.seen, sweep.page = 0, 0, ""
    return Turn.LOST if lost else Turn.AGAIN


def _query(sweep: Sweep) -> dict[str, object]:
    query: dict[str, object] = {
        "start_update_date": stamp(sweep.since),
        "sort": "dateCreated",
        "order": "asc",
        "max": PAGE,
        "offset": sweep.offset,
    }
    return query | {"end_date": stamp(sweep.until + timedelta(seconds=1))} if sweep.until else query


def _count(sweep: Sweep, payload: PagePayload, seen: set[str]) -> None:
    """Step over the orders of a page, and count the new ones; unreadable ones by their bytes."""
    ids = [readable_id(raw) or hashlib.sha256(raw).hexdigest() for raw in payload.orders]
    fingerprint = hashlib.sha256("\n".join(sorted(ids)).encode()).hexdigest()[:16]
    # An order that stands twice on one page is one step forward, or the one after it would be skipped.
    sweep.offset += len(set(ids))
    before = len(seen)
    seen.update(ids)
    if fingerprint != sweep.page:
        sweep.seen += len(seen) - before
    sweep.page = fingerprint
