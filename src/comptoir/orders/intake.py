"""Order intake: pages of records become rows, in bulk, exactly once.

The same page twice changes nothing, an order that exists is updated, older news never overwrites newer.
New orders are copied straight into their tables with their keys taken beforehand (33,000 orders a
second measured for a plain COPY); changed ones are few and go through `changes`.
Called inside the transaction that also moves the cursor.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection

from comptoir.channels.models import Channel
from comptoir.core import clock
from comptoir.core.bulk import copy_rows, fetch, take_ids
from comptoir.journal.issues import Trouble
from comptoir.orders import rows
from comptoir.orders.changes import ChangedOrder, apply_changes
from comptoir.orders.checks import hold_reason, troubles_of
from comptoir.orders.contacts import ContactSealer
from comptoir.orders.models import ErpState
from comptoir.orders.products import find_products
from comptoir.orders.validation import Fit, set_aside
from comptoir.sdk.records import Order, OrderLine, Rejected
from comptoir.sdk.statuses import OrderStatus


@dataclass
class Intake:
    """What one page did."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    older: int = 0
    """News that we already knew better; ignored."""
    order_ids: list[int] = field(default_factory=list)
    """Created or updated: their reservations are to be settled."""
    sold: list[tuple[str, int, datetime]] = field(default_factory=list)
    """SKU, units and instant of the lines that are new: the channel has lowered its own stock by them."""
    troubles: list[Trouble] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    """Orders that the tables cannot hold: set aside alone, the rest of the page is stored."""

    def add(self, other: Intake) -> None:
        """What another channel's share of the same page did."""
        for name in self.__dataclass_fields__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


@dataclass(frozen=True)
class Known:
    id: int
    updated_at: datetime
    content_hash: bytes
    status: OrderStatus


# Each is looked up by itself, whatever the server thinks of the table, and by its number (« + 0 »: never by an index
# of the channel): otherwise a first import would read all orders of the channel again for each page.
_KNOWN = """
SELECT external_id, id, external_updated_at, content_hash, status FROM orders_order WHERE id = ANY(ARRAY(
    SELECT found.id FROM unnest(%s::text[]) AS told (external_id) CROSS JOIN LATERAL (
        SELECT o.id FROM orders_order o
        WHERE o.external_id = told.external_id AND o.channel_id + 0 = %s OFFSET 0) found))
ORDER BY id FOR NO KEY UPDATE
"""


def record_orders(channel: Channel, orders: Sequence[Order], *, run_id: int | None = None) -> Intake:
    """Store a page. Must run inside `transaction.atomic()`, under the channel's order lock."""
    if not connection.in_atomic_block:
        raise RuntimeError("record_orders needs the transaction that moves the cursor")
    intake = Intake()
    fit, intake.rejected = set_aside(orders)
    newest = _newest_of_each(fit)
    known = _known(channel, list(newest))
    created: list[tuple[Order, bytes]] = []
    changed: list[ChangedOrder] = []
    for external_id, told in newest.items():
        order, digest = told.order, content_hash(told.content)
        before = known.get(external_id)
        if before is None:
            created.append((order, digest))
        elif before.content_hash == digest:
            intake.unchanged += 1
        elif _is_older(order, before):
            intake.older += 1
        else:
            changed.append(ChangedOrder(before.id, before.status, order, digest))
    intake.unchanged += len(fit) - len(newest)
    products = find_products(channel, _skus(order for order, _ in created), _skus(c.order for c in changed))
    _create(channel, created, products, intake, run_id)
    intake.troubles += apply_changes(channel, changed, products, run_id=run_id)
    intake.updated = len(changed)
    intake.order_ids += [change.order_id for change in changed]
    intake.troubles += troubles_of(channel, [*(o for o, _ in created), *(c.order for c in changed)], products)
    return intake


def content_hash(content: bytes) -> bytes:
    """Of everything that we keep of an order, the raw payload left out: it changes in ways nobody reads."""
    return hashlib.blake2b(content, digest_size=16).digest()


def _newest_of_each(told: Iterable[Fit]) -> dict[str, Fit]:
    newest: dict[str, Fit] = {}
    for one in told:
        other = newest.get(one.order.external_id)
        if other is None or one.order.updated_at >= other.order.updated_at:
            newest[one.order.external_id] = one
    return newest


def _known(channel: Channel, external_ids: list[str]) -> dict[str, Known]:
    found = fetch(_KNOWN, [external_ids, channel.pk])
    return {row[0]: Known(row[1], row[2], bytes(row[3]), OrderStatus(row[4])) for row in found}


def _is_older(order: Order, before: Known) -> bool:
    if order.updated_at != before.updated_at:
        return order.updated_at < before.updated_at
    # Several changes within the channel's clock tick: what would go back in the order's life is older.
    return not before.status.may_become(order.status)


def _skus(orders: Iterable[Order]) -> Iterator[str]:
    return (line.sku for order in orders for line in order.lines)


def _create(
    channel: Channel,
    created: Sequence[tuple[Order, bytes]],
    products: Mapping[str, int],
    intake: Intake,
    run_id: int | None,
) -> None:
    if not created:
        return
    now = clock.now()
    ids = take_ids("orders_order", len(created))
    numbered = [(i, order) for i, (order, _) in zip(ids, created, strict=True)]
    copy_rows("orders_order", rows.ORDER, _order_rows(channel, ids, created, now))
    lines = (line for i, order in numbered for line in rows.new_lines(i, order, products))
    copy_rows("orders_orderline", rows.LINE, lines)
    sealer = ContactSealer()
    copy_rows("orders_ordercontact", rows.CONTACT, (rows.contact(sealer, i, order) for i, order in numbered))
    copy_rows("orders_raworder", rows.RAW, (rows.raw(sealer, i, order, now) for i, order in numbered))
    copy_rows("orders_orderevent", rows.EVENT, (rows.imported(i, o, run_id, now) for i, o in numbered))
    intake.created = len(created)
    intake.order_ids += ids
    intake.sold += [
        (line.sku, line.quantity, order.placed_at)
        for order, _ in created
        for line in order.lines
        if _own(line)
    ]


def _own(line: OrderLine) -> bool:
    return line.fulfilled_by == "seller" and bool(line.sku) and line.quantity > 0


def _order_rows(
    channel: Channel, ids: Iterable[int], created: Iterable[tuple[Order, bytes]], now: datetime
) -> Iterator[tuple[Any, ...]]:
    for order_id, (order, digest) in zip(ids, created, strict=True):
        reference = f"{settings.ORDER_REFERENCE_PREFIX}-{order_id}"
        held, erp_state = hold_reason(order), first_erp_state(order)
        yield rows.new_order(order_id, channel.pk, reference, order, digest, held, erp_state, now)


def first_erp_state(order: Order) -> ErpState:
    """An order that had ended or left before we first saw it is history: the ERP is not told of it."""
    ours = any(line.fulfilled_by == "seller" for line in order.lines)
    return ErpState.WAITING if order.status.reserves and ours and not order.test else ErpState.NOT_NEEDED
