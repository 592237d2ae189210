"""Orders: read. The hot list: two queries for a page of orders with their lines, columns straight to JSON."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import AwareDatetime

from comptoir.accounts.models import ApiKey
from comptoir.accounts.roles import Permission
from comptoir.api.access import Key, caller, seen_by
from comptoir.api.reading import Row, answer_json, chosen, one, page, to_utc
from comptoir.api.texts import Cursor, Fields, Filter, Limit
from comptoir.offers.own_deadlines import deadlines_of
from comptoir.orders.looks import note_looks
from comptoir.orders.models import Order, OrderContact, OrderLine
from comptoir.shipping.models import Shipment

router = Router(tags=["orders"])


class LineOut(Schema):
    line_number: int
    external_id: str
    sku: str
    title: str
    quantity: int
    shipped_quantity: int
    cancelled_quantity: int
    refunded_quantity: int
    unit_price: Decimal
    amount: Decimal
    status: str
    external_status: str


class OrderOut(Schema):
    """Amounts are decimal texts in `currency`; instants are ISO 8601, UTC.

    `ship_by` is the channel's word. `ship_by_own` is ours, by preparation times and calendars, for an order that is
    still to leave and for which the channel names no date; what is late goes by the first, else by the second.
    """

    reference: str
    channel: str
    external_id: str
    number: str
    status: str
    external_status: str
    placed_at: datetime
    updated_at: datetime
    accept_by: datetime | None
    ship_by: datetime | None
    ship_by_own: datetime | None
    deliver_by: datetime | None
    currency: str
    total_amount: Decimal
    shipping_amount: Decimal
    discount_amount: Decimal
    tax_amount: Decimal
    shipping_method: str
    held: str
    decision: str
    erp_state: str
    erp_document: str
    lines: list[LineOut]


class ParcelOut(Schema):
    reference: str
    carrier: str
    tracking_number: str
    tracking_url: str
    shipped_at: datetime
    state: str


class BuyerOut(Schema):
    name: str
    email: str
    phone: str
    shipping_address: dict[str, Any] | None
    billing_address: dict[str, Any] | None


class OneOrderOut(OrderOut):
    buyer: BuyerOut | None
    """Null for keys without the permission see_buyers, and once the data was purged."""
    shipments: list[ParcelOut]


class OrderPageOut(Schema):
    orders: list[OrderOut]
    next_cursor: str | None
    """Give it back as `cursor`; null at the end."""


ADDED = ("lines", "ship_by_own")
"""What no column of the order has: one query each for the whole page."""
COLUMNS = {name: name for name in OrderOut.model_fields if name not in ("channel", *ADDED)} | {
    "channel": "channel__key"
}
NAMES = tuple(OrderOut.model_fields)
LINE_COLUMNS = tuple(LineOut.model_fields)


@router.get("", response=OrderPageOut, auth=Key(Permission.SEE), summary="Orders, by their last change")
def list_orders(
    request: HttpRequest, cursor: Cursor = "", updated_since: AwareDatetime | None = None, channel: Filter = "",
    status: Filter = "", fields: Fields = "", limit: Limit = 50,
) -> HttpResponse:  # fmt: skip
    found = seen_by(request, Order.objects.all(), "channel__key")
    if updated_since is not None:
        found = found.filter(updated_at__gte=to_utc(updated_since))
    wanted = {"channel__key": channel, "status": status}
    found = found.filter(**{name: value for name, value in wanted.items() if value})
    names = chosen(fields, NAMES)
    rows, ids, following = page(
        found,
        COLUMNS,
        [n for n in names if n not in ADDED],
        by="updated_at",
        kind=datetime,
        cursor=cursor,
        limit=limit,
    )
    if "ship_by_own" in names:
        _add_deadlines(rows, ids)
    if "lines" in names:
        _add_lines(rows, ids)
    return answer_json({"orders": rows, "next_cursor": following})


@router.get("/{reference}", response=OneOrderOut, auth=Key(Permission.SEE), summary="One order")
def get_order(request: HttpRequest, reference: str) -> HttpResponse:
    return answer_json(show_order(request, reference))


def show_order(request: HttpRequest, reference: str) -> Row:
    """`read_order`, for a caller that is handed it: who sees the buyer is written down."""
    row = read_order(caller(request), reference)
    if row["buyer"] is not None:
        note_looks([reference], actor=str(caller(request)), where="api")
    return row


def read_order(key: ApiKey, reference: str) -> Row:
    """As `get_order` gives it; Problem 404 when this key sees no such order."""
    found = Order.objects.filter(reference=reference)
    row = one(found.filter(channel__key__in=key.channels) if key.channels else found, {"id": "id"} | COLUMNS)
    order_id = row.pop("id")
    _add_deadlines([row], [order_id])
    _add_lines([row], [order_id])
    row["buyer"] = _buyer(order_id) if key.may(Permission.SEE_BUYERS) else None
    row["shipments"] = list(Shipment.objects.filter(order_id=order_id).values(*ParcelOut.model_fields))
    return row


def _add_deadlines(rows: list[Row], ids: list[int]) -> None:
    own = deadlines_of(ids)
    for row, order_id in zip(rows, ids, strict=True):
        found = own.get(order_id)
        row["ship_by_own"] = to_utc(found) if found else None


def _add_lines(rows: list[Row], ids: list[int]) -> None:
    by_order: dict[int, list[Row]] = {order_id: [] for order_id in ids}
    found = OrderLine.objects.filter(order_id__in=ids).order_by("order_id", "line_number")
    for order_id, *values in found.values_list("order_id", *LINE_COLUMNS):
        by_order[order_id].append(dict(zip(LINE_COLUMNS, values, strict=True)))
    for row, order_id in zip(rows, ids, strict=True):
        row["lines"] = by_order[order_id]


def _buyer(order_id: int) -> Row | None:
    contact = OrderContact.objects.filter(order_id=order_id, purged_at=None).first()
    if contact is None:
        return None
    return {"name": contact.buyer_name, "email": contact.buyer_email, "phone": contact.buyer_phone,
            "shipping_address": contact.shipping_address, "billing_address": contact.billing_address}  # fmt: skip
