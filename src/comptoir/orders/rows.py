"""Records as rows: the column lists of the order tables, in one place for COPY and for UPDATE."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from typing import Any

from comptoir.orders.contacts import ContactSealer, Person
from comptoir.orders.models import ErpState
from comptoir.sdk.records import Order, OrderLine
from comptoir.sdk.statuses import OrderStatus

ORDER_FACTS = (
    "number", "status", "external_status", "placed_at", "external_updated_at", "currency", "total_amount",
    "shipping_amount", "discount_amount", "tax_amount", "prices_include_tax", "accept_by", "ship_by",
    "deliver_by", "shipping_method", "can_cancel", "test",
)  # fmt: skip
ORDER = (
    "id", "channel_id", "external_id", "reference", *ORDER_FACTS, "content_hash", "held", "erp_state",
    "created_at", "updated_at", "decision", "decision_reason", "decided_by", "erp_document", "erp_status",
)  # fmt: skip
LINE_FACTS = (
    "external_id", "product_id", "sku", "title", "quantity", "unit_price", "amount", "shipping_amount",
    "discount_amount", "tax_amount", "commission_amount", "status", "external_status", "cancelled_quantity",
    "refunded_quantity", "refunded_amount", "fulfilled_by", "external_product_id", "external_offer_id",
)  # fmt: skip
LINE = (
    "order_id", "line_number", *LINE_FACTS, "shipped_quantity", "erp_cancelled_quantity", "erp_refunded_amount",
)  # fmt: skip
CONTACT = ("order_id", "sealed", "words", "ships")
RAW = ("order_id", "payload", "received_at")
EVENT = ("order_id", "at", "kind", "data", "actor", "run_id")
_ENDED = (OrderStatus.CANCELLED, OrderStatus.REFUSED)


def order_facts(order: Order) -> tuple[Any, ...]:
    return (
        order.number[:120],
        order.status.value,
        order.external_status[:60],
        order.placed_at,
        order.updated_at,
        order.currency,
        order.total_amount,
        order.shipping_amount,
        order.discount_amount,
        order.tax_amount,
        order.prices_include_tax,
        order.accept_by,
        order.ship_by,
        order.deliver_by,
        order.shipping_method[:120],
        order.can_cancel,
        order.test,
    )


def line_facts(line: OrderLine, product_id: int | None) -> tuple[Any, ...]:
    return (
        line.external_id,
        product_id,
        line.sku[:80],
        line.title[:300],
        line.quantity,
        line.unit_price,
        line.amount,
        line.shipping_amount,
        line.discount_amount,
        line.tax_amount,
        line.commission_amount,
        line.status.value,
        line.external_status[:60],
        _cancelled(line),
        line.refunded_quantity,
        line.refunded_amount,
        line.fulfilled_by,
        line.external_product_id[:120],
        line.external_offer_id[:120],
    )


def _cancelled(line: OrderLine) -> int:
    """Some channels say that a line is cancelled and leave its units unsaid: then all of them are."""
    if line.status in _ENDED and not line.cancelled_quantity:
        return line.quantity
    return line.cancelled_quantity


def new_order(
    order_id: int,
    channel_id: int,
    reference: str,
    order: Order,
    digest: bytes,
    held: str,
    erp_state: ErpState,
    now: datetime,
) -> tuple[Any, ...]:
    """As `ORDER` lists it: nobody has decided anything about it, and the ERP has said nothing."""
    facts = order_facts(order)
    return (
        order_id, channel_id, order.external_id, reference, *facts, digest, held, erp_state.value, now, now,
        "", "", "", "", "",
    )  # fmt: skip


def new_lines(order_id: int, order: Order, products: Mapping[str, int]) -> Iterator[tuple[Any, ...]]:
    for number, line in enumerate(order.lines, start=1):
        yield (order_id, number, *line_facts(line, products.get(line.sku)), 0, 0, 0)


def imported(order_id: int, order: Order, run_id: int | None, now: datetime) -> tuple[Any, ...]:
    """The first event of an order's history, as `EVENT` lists it."""
    return (order_id, now, "imported", _status_as_json(order.status), "", run_id)


@cache
def _status_as_json(status: OrderStatus) -> str:
    """Text: COPY takes it for JSON as it is, and the same few come by the thousand."""
    return json.dumps({"status": status.value})


def contact(sealer: ContactSealer, order_id: int, order: Order) -> tuple[Any, ...]:
    return sealer.contact(order_id, Person.of(order))


def raw(sealer: ContactSealer, order_id: int, order: Order, now: datetime) -> tuple[Any, ...]:
    return (order_id, sealer.raw(order_id, order.raw), now)
