"""The orders of one shop, found by creation and by last update, with their JSON kept until they change."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TypeVar

from bazaar.mirakl.order_records import Order
from bazaar.party import Shelf

CreatedKey = tuple[datetime, str]
UpdateKey = tuple[datetime, int, str]
K = TypeVar("K", CreatedKey, UpdateKey)


class OrderBook:
    """Orders by id, sorted by (created, id), and an update log in which the last entry of an order counts.

    An order that changes is appended to the log again; dead entries are dropped when they are the most.
    """

    def __init__(self, shelf: Shelf[Order], render: Callable[[Order], bytes]) -> None:
        self._shelf = shelf
        self._render = render
        self._json: dict[str, bytes] = {}
        self._serial = 0
        self.version = 0  # moves at each change: whoever keeps a result can tell that it is old
        orders = list(shelf.values())
        self._created: list[CreatedKey] = sorted((one.created_at, one.order_id) for one in orders)
        self._log: list[UpdateKey] = []
        self._alive: dict[str, int] = {}
        for order in sorted(orders, key=lambda one: (one.updated_at, one.order_id)):
            self._note(order)

    def __len__(self) -> int:
        return len(self._shelf)

    def get(self, order_id: str) -> Order | None:
        return self._shelf.get(order_id)

    def all(self) -> Iterable[Order]:
        return self._shelf.values()

    def put(self, order: Order) -> None:
        """Keep an order that is new or that has just changed; its `updated_at` is already set."""
        if order.order_id not in self._alive:
            _insert(self._created, (order.created_at, order.order_id))
        self._shelf[order.order_id] = order
        self._json.pop(order.order_id, None)
        self._note(order)
        if len(self._log) > 2 * len(self._alive) + 1000:
            self._compact()

    def by_line(self, line_id: str) -> Order | None:
        """Line ids are the order's id and an index: `MK1-A-2`."""
        return self._shelf.get(line_id.rpartition("-")[0])

    def updated_since(self, instant: datetime) -> list[Order]:
        """In order of (created, id)."""
        start = bisect_left(self._log, (instant, 0, ""))
        entries = self._log[start:]
        found = [self._shelf[oid] for _, serial, oid in entries if self._alive[oid] == serial]
        found.sort(key=lambda one: (one.created_at, one.order_id))
        return found

    def created_between(self, start: datetime | None, end: datetime | None) -> list[Order]:
        """Both ends included, in order of (created, id)."""
        low = bisect_left(self._created, (start, "")) if start else 0
        high = bisect_left(self._created, (end, "\U0010ffff")) if end else len(self._created)
        return [self._shelf[order_id] for _, order_id in self._created[low:high]]

    def json(self, order: Order) -> bytes:
        kept = self._json.get(order.order_id)
        if kept is None:
            kept = self._json[order.order_id] = self._render(order)
        return kept

    def _note(self, order: Order) -> None:
        self._serial += 1
        self.version += 1
        self._alive[order.order_id] = self._serial
        _insert(self._log, (order.updated_at, self._serial, order.order_id))

    def _compact(self) -> None:
        self._log = [entry for entry in self._log if self._alive[entry[2]] == entry[1]]


def _insert(keys: list[K], key: K) -> None:
    """Time goes forward, so a key nearly always goes to the end."""
    if not keys or keys[-1] < key:
        keys.append(key)
    else:
        insort(keys, key)
