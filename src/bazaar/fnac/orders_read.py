"""orders_query: by date, state, ids, offer; in pages."""

from __future__ import annotations

from datetime import datetime

from lxml import etree

from bazaar.fnac.chaos import disturb
from bazaar.fnac.exchange import Call, child_text, children, reply_to
from bazaar.fnac.order_states import order_state
from bazaar.fnac.order_xml import add_order
from bazaar.fnac.paging import add_counts, cut, is_between
from bazaar.fnac.records import Order
from bazaar.fnac.schema import NAMESPACE
from bazaar.fnac.shop import Shop, product_id

MOST_PER_PAGE = 1000


async def orders_query(call: Call) -> etree._Element:
    shop, request = call.shop, call.request
    found = [order for order in _candidates(shop, request) if _matches(shop, order, request)]
    # The documentation does not say by what `sort_by` sorts: here, by creation, and never by change.
    found.sort(key=lambda order: (order.created_at, order.order_id), reverse=_descending(request))
    page, orders = cut(request, found, most=MOST_PER_PAGE)
    reply = reply_to("orders_query")
    add_counts(reply, page)
    for order in orders:
        add_order(reply, shop, order)
    disturb(shop, reply, "order")
    return reply


def _descending(request: etree._Element) -> bool:
    return child_text(request, "sort_by") != "ASC"


def _candidates(shop: Shop, request: etree._Element) -> list[Order]:
    ids = {node.text for node in request.iter(f"{{{NAMESPACE}}}order_fnac_id") if node.text}
    if ids:
        return [order for order_id in ids if (order := shop.orders.get(order_id)) is not None]
    return list(shop.orders.values())


def _matches(shop: Shop, order: Order, request: etree._Element) -> bool:
    states = {node.text for node in request.iter(f"{{{NAMESPACE}}}state")}
    if states and _state(shop, order) not in states:
        return False
    if not all(_dated(order, date) for date in children(request, "date")):
        return False
    return all(
        any(wanted in (None, "", value) for value in values)
        for name, values in _references(order).items()
        if (wanted := child_text(request, name))
    )


def _state(shop: Shop, order: Order) -> str:
    return order_state(line.state_at(shop.exact_now()) for line in order.lines)


def _references(order: Order) -> dict[str, list[str]]:
    return {
        "product_fnac_id": [product_id(line.ean) for line in order.lines],
        "offer_fnac_id": [line.offer_id for line in order.lines],
        "offer_seller_id": [line.sku for line in order.lines],
    }


def _dated(order: Order, date: etree._Element) -> bool:
    instants: dict[str, list[datetime | None]] = {
        "CreatedAt": [order.created_at],
        "UpdatedAt": [order.updated_at],
        "AcceptedAt": [order.accepted_at],
        "DebitedAt": [line.debited_at for line in order.lines],
        "ShippedAt": [line.shipped_at for line in order.lines],
        "ReceivedAt": [line.received_at for line in order.lines],
        "RefusedAt": [line.refused_at for line in order.lines],
        "CancelledAt": [order.updated_at if line.state == "Cancelled" else None for line in order.lines],
    }
    return any(is_between(date, at) for at in instants[str(date.get("type"))])
