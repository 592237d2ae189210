"""Reading orders: what changed, a span of time, or by id."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

import msgspec

from comptoir.connectors.octopia.client import OctopiaClient
from comptoir.connectors.octopia.order_payloads import OrderPayload
from comptoir.connectors.octopia.order_sweep import (
    PAGE_SIZE,
    Position,
    Seen,
    Sweep,
    load_position,
)
from comptoir.connectors.octopia.orders import decode_order, parse_order, rejected
from comptoir.connectors.octopia.paging import Items
from comptoir.connectors.octopia.settings import OctopiaSettings
from comptoir.sdk.connector import Context
from comptoir.sdk.errors import RejectedRecord
from comptoir.sdk.http import Answer
from comptoir.sdk.records import Order, OrderPage, Rejected

# There is no read of several orders by id: this many single reads make one page.
_IDS_PER_PAGE = 20


class OrderReader:
    def __init__(self, client: OctopiaClient, settings: OctopiaSettings, context: Context) -> None:
        self._client = client
        self._settings = settings
        self._clock = context.clock
        self._overlap = timedelta(minutes=settings.overlap_minutes)
        self._accept_within = timedelta(hours=settings.acceptance_deadline_hours)

    def changed(self, cursor: str) -> Iterator[OrderPage]:
        position = load_position(cursor) if cursor else self._beginning()
        yield from self._read(Sweep(position, self._overlap, sorted_by_server=self._settings.trusts_sort), {})

    def between(self, start: datetime, end: datetime) -> Iterator[OrderPage]:
        """Both ends included. An order that changes again meanwhile leaves the span: see `order_sweep`."""
        # updatedAtMax is rounded up for the reason that updatedAtMin is rounded down.
        until = {"updatedAtMax": instant(end + timedelta(seconds=1))}
        sweep = Sweep(Position(high=start), timedelta(), sorted_by_server=self._settings.trusts_sort)
        yield from self._read(sweep, until)

    def by_id(self, order_ids: Sequence[str]) -> Iterator[OrderPage]:
        for start in range(0, len(order_ids), _IDS_PER_PAGE):
            some = order_ids[start : start + _IDS_PER_PAGE]
            found = [raw for order_id in some if (raw := self._find(order_id)) is not None]
            orders, refused = self._parse(found)
            last = start + _IDS_PER_PAGE >= len(order_ids)
            yield OrderPage(orders=tuple(orders), cursor="", rejected=tuple(refused), last=last)

    def one(self, order_id: str) -> OrderPayload:
        """As it is now; RejectedRecord when Octopia does not know it."""
        raw = self._find(order_id)
        if raw is None:
            raise RejectedRecord("Octopia does not know this order.", code="404", record_id=order_id)
        return decode_order(raw)

    def first_page(self) -> list[datetime]:
        """When the first orders of the usual read were updated, in the server's order: is it sorted?"""
        orders, _ = self._parse(self._page(Sweep(self._beginning(), self._overlap), {}).json(Items).items)
        return [order.updated_at for order in orders]

    def _beginning(self) -> Position:
        return Position(high=self._clock() - timedelta(days=self._settings.history_days))

    def _find(self, order_id: str) -> msgspec.Raw | None:
        answer = self._client.find("getOrder", f"/orders/{order_id}")
        return answer.json(msgspec.Raw) if answer else None

    def _read(self, sweep: Sweep, until: dict[str, str]) -> Iterator[OrderPage]:
        while not sweep.finished:
            answer = self._page(sweep, until)
            items = answer.json(Items).items
            orders, refused = self._parse(items)
            seen: list[Seen] = [(order.updated_at, order.external_id) for order in orders]
            sweep.record(seen, len(items), answer.date or self._clock())
            yield OrderPage(
                orders=tuple(orders),
                cursor=sweep.position.dump(),
                rejected=tuple(refused),
                last=sweep.finished,
            )

    def _page(self, sweep: Sweep, until: dict[str, str]) -> Answer:
        asked = {
            "updatedAtMin": instant(sweep.at),
            "salesChannelId": self._settings.sales_channel_id,
            "sort": "asc:updatedAt",
            "pageIndex": str(sweep.position.page),
            "pageSize": str(PAGE_SIZE),
        }
        return self._client.get("listOrders", "/orders", asked | until)

    def _parse(self, items: Sequence[msgspec.Raw]) -> tuple[list[Order], list[Rejected]]:
        orders: list[Order] = []
        refused: list[Rejected] = []
        for raw in items:
            try:
                orders.append(parse_order(raw, self._accept_within))
            except RejectedRecord as error:
                refused.append(rejected(error, raw))
        return orders, refused


def instant(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
