"""Newer news of orders that we have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from psycopg.types.json import Jsonb

from comptoir.channels.models import Channel
from comptoir.core import clock
from comptoir.core.bulk import copy_rows, execute, stage_rows
from comptoir.journal.issues import Trouble
from comptoir.orders import rows
from comptoir.orders.checks import close_settled, hold_reason
from comptoir.orders.contacts import ContactSealer, Person
from comptoir.orders.divergences import compare_lines
from comptoir.orders.models import OrderContact
from comptoir.sdk.records import Order
from comptoir.sdk.statuses import OrderStatus


@dataclass(frozen=True)
class ChangedOrder:
    order_id: int
    before: OrderStatus
    order: Order
    content_hash: bytes


# What a person released stays free, and what the ERP has can no longer be held.
_HELD = """CASE WHEN o.held = 'wrong_total' AND news.held = '' THEN ''
     WHEN o.held = '' AND o.erp_state = 'waiting'
          AND NOT EXISTS (SELECT FROM orders_orderevent e WHERE e.order_id = o.id AND e.kind = 'released')
     THEN news.held ELSE o.held END"""
_SET_ORDER = ", ".join(f"{name} = news.{name}" for name in rows.ORDER_FACTS)
_UPDATE_ORDERS = f"""
UPDATE orders_order o SET {_SET_ORDER}, held = {_HELD}, content_hash = news.content_hash, updated_at = news.updated_at
FROM news_order news WHERE o.id = news.id
"""  # noqa: S608 - names from our own tuples
_SET_LINE = ", ".join(f"{name} = excluded.{name}" for name in rows.LINE_FACTS if name != "product_id")
_LINE_COLUMNS = ", ".join(rows.LINE)
_TOLD_COLUMNS = ", ".join(f"told.{name}" for name in rows.LINE if name not in ("order_id", "line_number"))
# A line keeps its number for ever, the ERP knows it by that; new ones are numbered after the last. A
# product once found stays while the line has its SKU: a product renamed later must not lose the reservation.
_UPSERT_LINES = f"""
INSERT INTO orders_orderline AS line ({_LINE_COLUMNS})
SELECT told.order_id,
       coalesce(last.number, 0)
           + row_number() OVER (PARTITION BY told.order_id, known.id IS NULL ORDER BY told.line_number),
       {_TOLD_COLUMNS}
FROM news_line told
LEFT JOIN (SELECT k.order_id, max(k.line_number) AS number FROM orders_orderline k
           WHERE k.order_id IN (SELECT order_id FROM news_line) GROUP BY 1) last ON last.order_id = told.order_id
LEFT JOIN orders_orderline known ON known.order_id = told.order_id AND known.external_id = told.external_id
ON CONFLICT (order_id, external_id) DO UPDATE
SET {_SET_LINE}, product_id = CASE WHEN line.sku = excluded.sku THEN coalesce(line.product_id, excluded.product_id)
                                   ELSE coalesce(excluded.product_id, line.product_id) END
"""  # noqa: S608
_UPSERT_CONTACTS = """
INSERT INTO orders_ordercontact AS contact (order_id, sealed, words, ships) SELECT * FROM news_contact
ON CONFLICT (order_id) DO UPDATE SET
    sealed = excluded.sealed, words = excluded.words, ships = excluded.ships,
    buyer_name = '', buyer_email = '', buyer_phone = '', shipping_address = NULL, billing_address = NULL
WHERE contact.purged_at IS NULL
"""
_UPDATE_RAW = """
UPDATE orders_raworder raw SET payload = news.payload, received_at = news.received_at
FROM news_raw news, orders_ordercontact contact
WHERE raw.order_id = news.order_id AND contact.order_id = news.order_id AND contact.purged_at IS NULL
"""


def apply_changes(
    channel: Channel, changes: Sequence[ChangedOrder], products: Mapping[str, int], *, run_id: int | None
) -> list[Trouble]:
    """Write the news; what in them a person must look at."""
    if not changes:
        return []
    now = clock.now()
    stage_rows(
        "news_order",
        ("id", *rows.ORDER_FACTS, "held", "content_hash", "updated_at"),
        (
            (c.order_id, *rows.order_facts(c.order), hold_reason(c.order), c.content_hash, now)
            for c in changes
        ),
        like="orders_order",
    )
    stage_rows("news_line", rows.LINE, _line_rows(changes, products), like="orders_orderline")
    troubles = compare_lines(channel)
    execute(_UPDATE_ORDERS)
    execute(_UPSERT_LINES)
    sealer = ContactSealer()
    contacts = list(_contact_rows(sealer, changes))  # it reads, and nothing is read while rows are copied
    stage_rows("news_contact", rows.CONTACT, contacts, like="orders_ordercontact")
    execute(_UPSERT_CONTACTS)
    raws = (rows.raw(sealer, c.order_id, c.order, now) for c in changes)
    stage_rows("news_raw", rows.RAW, raws, like="orders_raworder")
    execute(_UPDATE_RAW)
    moved = [c for c in changes if c.order.status is not c.before]
    events = (
        (c.order_id, now, "status_changed", Jsonb({"from": c.before, "to": c.order.status}), "", run_id)
        for c in moved
    )
    copy_rows("orders_orderevent", rows.EVENT, events)
    close_settled(channel, [change.order for change in changes])
    return troubles


def _contact_rows(sealer: ContactSealer, changes: Sequence[ChangedOrder]) -> Iterator[tuple[Any, ...]]:
    """Of those whose buyer is told otherwise than we know it. An order whose buyer was purged stays without."""
    ids = [change.order_id for change in changes]
    known = OrderContact.objects.select_for_update(no_key=True).order_by("order_id").in_bulk(ids)
    for change in changes:
        before = known.get(change.order_id)
        if before is not None and before.purged_at is not None:
            continue
        news = (before.person if before else Person()).updated(Person.of(change.order))
        if before is None or not before.sealed or before.plain != Person() or news != before.person:
            yield sealer.contact(change.order_id, news)


def _line_rows(changes: Sequence[ChangedOrder], products: Mapping[str, int]) -> Iterator[tuple[Any, ...]]:
    for change in changes:
        for number, line in enumerate(change.order.lines, start=1):
            facts = rows.line_facts(line, products.get(line.sku))
            yield (change.order_id, number, *facts, 0, 0, 0)
