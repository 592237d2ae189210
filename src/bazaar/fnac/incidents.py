"""incidents_query, incidents_update: complaints about orders, closed by giving the money back."""

from __future__ import annotations

from datetime import datetime

from lxml import etree

from bazaar.fnac import order_life
from bazaar.fnac.exchange import Call, RefusedError, add, add_error, child_text, children, reply_to
from bazaar.fnac.order_states import order_state
from bazaar.fnac.paging import add_counts, cut, is_between
from bazaar.fnac.records import Incident, IncidentLine, Order
from bazaar.fnac.schema import NAMESPACE
from bazaar.fnac.shop import Shop

MOST_ORDERS = 25
NOT_RECEIVED = "1"


def buyer_complains(shop: Shop, order: Order, numbers: list[int], kind: str, words: str) -> str:
    now = shop.now()
    incident = Incident(
        incident_id=shop.new_uuid(),
        order_id=order.order_id,
        message=words,
        created_at=now,
        updated_at=now,
        lines=[IncidentLine(number=n, kind=kind, created_at=now, updated_at=now) for n in numbers],
    )
    shop.incidents[incident.incident_id] = incident
    for line in order.lines:
        if line.number in numbers and line.state == "Shipped" and kind == NOT_RECEIVED:
            order_life.dispute(shop, order, line)
    return incident.incident_id


async def incidents_query(call: Call) -> etree._Element:
    """Several order_detail_incident in one incident, where the schema has place for one: as recorded."""
    found = [one for one in call.shop.incidents.values() if _matches(one, call.request)]
    page, incidents = cut(call.request, found, most=1000)
    reply = reply_to("incidents_query")
    add_counts(reply, page)
    for one in incidents:
        _add_incident(reply, one)
    return reply


def _matches(one: Incident, request: etree._Element) -> bool:
    orders = {node.text for node in request.iter(f"{{{NAMESPACE}}}order")}
    if orders and one.order_id not in orders:
        return False
    ids = {node.text for node in request.iter(f"{{{NAMESPACE}}}incident_id")}
    if (ids and one.incident_id not in ids) or child_text(request, "status") not in ("", one.status):
        return False
    instants: dict[str, datetime | None] = {"CreatedAt": one.created_at, "UpdatedAt": one.updated_at}
    instants["ClosedAt"] = one.updated_at if one.status == "CLOSED" else None
    return all(is_between(date, instants[str(date.get("type"))]) for date in children(request, "date"))


def _add_incident(reply: etree._Element, one: Incident) -> None:
    node = add(reply, "incident", attributes={"id": one.incident_id})
    header = add(node, "header")
    add(header, "status", one.status)
    add(header, "waiting_for_seller_answer", str(one.status == "OPENED").upper())
    add(header, "message", one.message, cdata=True)
    add(header, "opened_by", "client")
    add(header, "created_at", one.created_at.isoformat())
    add(header, "updated_at", one.updated_at.isoformat())
    add(header, "order_id", one.order_id)
    details = add(node, "order_details_incident")
    for line in one.lines:
        _add_line(add(details, "order_detail_incident"), line)


def _add_line(node: etree._Element, line: IncidentLine) -> None:
    add(node, "order_detail_id", line.number)
    add(node, "type", line.kind)
    add(node, "status", line.status)
    add(node, "created_at", line.created_at.isoformat())
    add(node, "updated_at", line.updated_at.isoformat())
    if line.refunded_amount is not None:
        refund = add(add(node, "refunds"), "refund")
        add(refund, "product_amount", line.refunded_amount)
        add(refund, "shipping_amount", line.refunded_shipping)
        add(refund, "fee_ht_amount", line.refunded_fee)
        add(refund, "created_at", line.updated_at.isoformat())


async def incidents_update(call: Call) -> etree._Element:
    orders = children(call.request, "order")
    if len(orders) > MOST_ORDERS:
        words = "The limit of requested elements is reached by the service. Try with less elements."
        raise RefusedError("ERR_105", words)
    reply = reply_to("incidents_update")
    for node in orders:
        if not _refund(call.shop, add(reply, "order"), node):
            reply.set("status", "ERROR")
    return reply


def _refund(shop: Shop, answer: etree._Element, node: etree._Element) -> bool:
    """Give the lines back and close their incident. The answer's elements come in the recorded order."""
    incident = shop.incidents.get(str(node.get("incident_id")))
    if incident is None:
        add(answer, "status", "ERROR")
        add_error(answer, "ERR_051", "Incident not found.")
        return False
    order = shop.orders[incident.order_id]
    wanted = {child_text(detail, "order_detail_id") for detail in children(node, "order_detail")} - {""}
    lines = [line for line in incident.lines if not wanted or str(line.number) in wanted]
    for line in lines:
        _close(shop, order, line)
    incident.updated_at = shop.now()
    incident.status = "OPENED" if any(line.status == "OPENED" for line in incident.lines) else "CLOSED"
    shop.incidents[incident.incident_id] = incident
    add(answer, "status", "OK")
    add(answer, "order_id", order.order_id)
    add(answer, "incident_id", incident.incident_id)
    add(answer, "incident_status", incident.status)
    add(answer, "state", order_state(one.state for one in order.lines))
    return True


def _close(shop: Shop, order: Order, line: IncidentLine) -> None:
    sold = order.line(str(line.number))
    line.status, line.updated_at = "CLOSED", shop.now()
    if sold is not None and sold.state in ("Shipped", "NotReceived", "Received"):
        line.refunded_amount, line.refunded_shipping = sold.amount, sold.shipping_price
        line.refunded_fee = sold.fee
        order_life.give_back(shop, order, sold, by="seller", reason="incident")
