"""The orders of one account, found by their last change, with their JSON kept until they change."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from bazaar.octopia.order_records import Order
from bazaar.party import Shelf

Entry = tuple[datetime, int, str]
# The log is rebuilt once this many of its entries are of no use any more.
_DEAD_ENTRIES = 10_000


class OrderBook:
    """A log of changes sorted by instant, in which the last entry of an order is the one that counts."""

    def __init__(self, shelf: Shelf[Order], render: Callable[[Order], bytes]) -> None:
        self._shelf = shelf
        self._render = render
        self._json: dict[str, bytes] = {}
        self._log: list[Entry] = []
        self._last: dict[str, int] = {}
        self._serial = 0
        for order in sorted(shelf.values(), key=lambda one: (one.updated_at, one.order_id)):
            self._note(order)

    def __len__(self) -> int:
        return len(self._shelf)

    def get(self, order_id: str) -> Order | None:
        return self._shelf.get(order_id)

    def all(self) -> Iterable[Order]:
        return self._shelf.values()

    def put(self, order: Order) -> None:
        """Keep an order that is new or has just changed; its `updated_at` is already set."""
        self._shelf[order.order_id] = order
        self._json.pop(order.order_id, None)
        self._note(order)
        if len(self._log) > len(self._last) + _DEAD_ENTRIES:
            self._log = [entry for entry in self._log if self._last[entry[2]] == entry[1]]

    def since(self, instant: datetime | None) -> Iterator[Order]:
        """Changed at `instant` or later, in the order of their last change."""
        start = bisect_left(self._log, (instant, 0, "")) if instant else 0
        for _, serial, order_id in self._log[start:]:
            if self._last[order_id] == serial:
                yield self._shelf[order_id]

    def json(self, order: Order) -> bytes:
        kept = self._json.get(order.order_id)
        if kept is None:
            kept = self._json[order.order_id] = self._render(order)
        return kept

    def _note(self, order: Order) -> None:
        self._serial += 1
        self._last[order.order_id] = self._serial
        entry = (order.updated_at, self._serial, order.order_id)
        if not self._log or self._log[-1] < entry:
            self._log.append(entry)
        else:
            insort(self._log, entry)
