"""The reference of order intake: plain COPY of the rows that it writes, into tables without index or constraint.

One row builder for both sides (`comptoir.orders.rows`), so that what is compared is the database work.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import count
from typing import Any

from django.db import transaction

from bench.measures import Stopwatch
from bench.shop import MORNING
from comptoir.channels.models import Channel
from comptoir.core.bulk import copy_rows, execute, fetch
from comptoir.inventory.reservations import default_warehouse
from comptoir.orders import rows
from comptoir.orders.contacts import ContactSealer
from comptoir.orders.models import ErpState
from comptoir.sdk.records import Order

_RESERVATION = ("order_line_id", "product_id", "warehouse_id", "quantity")
_DECISION = (
    "offer_id", "at", "quantity", "available", "kept_back", "most", "envelope_left", "stop", "few", "at_stake",
    "ruling_id", "sent",
)  # fmt: skip
_KEPT = ("order_line_id", "product_id", "warehouse_id", "units", "at")
_COLUMNS = {
    "orders_order": rows.ORDER,
    "orders_orderline": rows.LINE,
    "orders_ordercontact": rows.CONTACT,
    "orders_raworder": rows.RAW,
    "orders_orderevent": rows.EVENT,
    "inventory_reservation": _RESERVATION,
    "inventory_reservationchange": _KEPT,
    "offers_decision": _DECISION,
}
_DIGEST = bytes(16)
Build = Callable[[int, Order], Iterable[tuple[Any, ...]]]


class BareTables:
    """`copy` a batch of orders that were imported; its watch counts building the rows and copying them, in one
    transaction. What was decided about offers is read back from the import, before the watch runs."""

    def __init__(self, channel: Channel) -> None:
        self.watch = Stopwatch()
        self._channel = channel
        self._products = dict(fetch("SELECT sku, id FROM catalog_product"))
        self._kits = _components()
        self._warehouse = default_warehouse().pk
        self._order_ids, self._line_ids, self._kept_ids = count(1), count(1), count(1)
        self._decided = self._last_decision()
        for table, columns in _COLUMNS.items():
            execute(f"DROP TABLE IF EXISTS bare_{table}")
            execute(f"CREATE TABLE bare_{table} AS SELECT {', '.join(columns)} FROM {table} WITH NO DATA")

    def copy(self, orders: Sequence[Order]) -> None:
        numbered = list(zip(self._order_ids, orders, strict=False))
        ready = {**self._sealed(numbered), "offers_decision": self._decisions()}
        with self.watch.running(), transaction.atomic():
            for table, build in self._builders().items():
                built = (row for order_id, order in numbered for row in build(order_id, order))
                copy_rows(f"bare_{table}", _COLUMNS[table], built)
            for table, built_before in ready.items():
                copy_rows(f"bare_{table}", _COLUMNS[table], built_before)

    def rows(self) -> dict[str, int]:
        return {table: fetch(f"SELECT count(*) FROM bare_{table}")[0][0] for table in _COLUMNS}

    def _decisions(self) -> Sequence[tuple[Any, ...]]:
        columns = ", ".join(_DECISION)
        found = fetch(f"SELECT {columns} FROM offers_decision WHERE id > %s ORDER BY id", [self._decided])
        self._decided = self._last_decision()
        return found

    def _last_decision(self) -> int:
        return int(fetch("SELECT coalesce(max(id), 0) FROM offers_decision")[0][0])

    def _sealed(self, numbered: Sequence[tuple[int, Order]]) -> Mapping[str, Sequence[tuple[Any, ...]]]:
        """Sealed before the watch runs: a plain COPY seals nothing."""
        sealer = ContactSealer()
        return {
            "orders_ordercontact": [rows.contact(sealer, i, order) for i, order in numbered],
            "orders_raworder": [rows.raw(sealer, i, order, MORNING) for i, order in numbered],
        }

    def _builders(self) -> Mapping[str, Build]:
        return {
            "orders_order": lambda i, o: [self._order(i, o)],
            "orders_orderline": lambda i, o: rows.new_lines(i, o, self._products),
            "orders_orderevent": lambda i, o: [rows.imported(i, o, 1, MORNING)],
            "inventory_reservation": lambda i, o: self._reservations(o, self._line_ids),
            "inventory_reservationchange": lambda i, o: self._kept(o),
        }

    def _order(self, order_id: int, order: Order) -> tuple[Any, ...]:
        reference = f"CO-{order_id}"
        return rows.new_order(
            order_id, self._channel.pk, reference, order, _DIGEST, "", ErpState.WAITING, MORNING
        )

    def _kept(self, order: Order) -> Iterable[tuple[Any, ...]]:
        return ((*row, MORNING) for row in self._reservations(order, self._kept_ids))

    def _reservations(self, order: Order, ids: Iterator[int]) -> Iterable[tuple[Any, ...]]:
        for line, line_id in zip(order.lines, ids, strict=False):
            product = self._products[line.sku]
            for component, units in self._kits.get(product, ((product, 1),)):
                yield (line_id, component, self._warehouse, line.quantity * units)


def intake_rows() -> dict[str, int]:
    """How many rows each of the tables holds that the intake writes."""
    return {table: fetch(f"SELECT count(*) FROM {table}")[0][0] for table in _COLUMNS}


def _components() -> dict[int, list[tuple[int, int]]]:
    found: dict[int, list[tuple[int, int]]] = {}
    for kit, component, quantity in fetch("SELECT kit_id, component_id, quantity FROM catalog_kitcomponent"):
        found.setdefault(kit, []).append((component, quantity))
    return found
