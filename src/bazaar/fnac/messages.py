"""messages_query, messages_update: what buyers write about their orders, and our answers."""

from __future__ import annotations

from lxml import etree

from bazaar.fnac.exchange import Call, add, add_error, child_text, children, reply_to
from bazaar.fnac.paging import add_counts, cut, is_between
from bazaar.fnac.records import Message, Order
from bazaar.fnac.shop import Shop

READ = {"mark_as_read": "READ", "mark_as_unread": "UNREAD", "mark_as_read_and_archive": "READ"}
ARCHIVED = {"archive": True, "mark_as_read_and_archive": True, "unarchive": False}


def buyer_writes(shop: Shop, order: Order, subject: str, body: str) -> str:
    return _write(shop, order.order_id, "CLIENT", order.buyer.firstname, subject, body)


def _write(shop: Shop, order_id: str, sender: str, author: str, subject: str, body: str) -> str:
    now = shop.now()
    message = Message(
        message_id=shop.new_uuid(),
        order_id=order_id,
        sender=sender,
        author=author,
        subject=subject,
        body=body,
        created_at=now,
        updated_at=now,
        state="UNREAD" if sender == "CLIENT" else "READ",
    )
    shop.messages[message.message_id] = message
    return message.message_id


async def messages_query(call: Call) -> etree._Element:
    """The numbers of read and unread messages, which the schema requires, are not in it: as recorded."""
    found = [one for one in call.shop.messages.values() if _matches(one, call.request)]
    page, messages = cut(call.request, found, most=1000)
    reply = reply_to("messages_query")
    add_counts(reply, page)
    for one in messages:
        node = add(reply, "message", attributes={"state": one.state, "archived": str(one.archived).upper()})
        add(node, "message_id", one.message_id, cdata=True)
        add(node, "message_referer", one.order_id, {"type": "ORDER"}, cdata=True)
        add(node, "message_from", one.author, {"type": one.sender}, cdata=True)
        add(node, "message_subject", one.subject, cdata=True)
        add(node, "message_description", one.body, cdata=True)
        add(node, "created_at", one.created_at.isoformat(), cdata=True)
        add(node, "updated_at", one.updated_at.isoformat(), cdata=True)
    return reply


def _matches(one: Message, request: etree._Element) -> bool:
    wanted = {
        "message_id": one.message_id,
        "order_fnac_id": one.order_id,
        "message_state": one.state,
        "message_archived": str(one.archived).upper(),
        "message_type": "ORDER",
    }
    if any(child_text(request, name) not in ("", value) for name, value in wanted.items()):
        return False
    return all(
        is_between(date, one.created_at if date.get("type") == "CreatedAt" else one.updated_at)
        for date in children(request, "date")
    )


async def messages_update(call: Call) -> etree._Element:
    reply = reply_to("messages_update")
    for node in children(call.request, "message"):
        given = str(node.get("id"))
        known = call.shop.messages.get(given)
        answer = add(reply, "message", attributes={"status": "OK" if known else "ERROR", "id": given})
        if known is None:
            add_error(answer, "ERR_050", "Message not found.")
            reply.set("status", "ERROR")
        else:
            _act(call.shop, known, str(node.get("action")), child_text(node, "message_description"))
    return reply


def _act(shop: Shop, message: Message, action: str, body: str) -> None:
    if action in ("reply", "create"):
        _write(shop, message.order_id, "SELLER", shop.settings.shop_name, message.subject, body)
    message.state = READ.get(action, "READ" if action == "reply" else message.state)
    message.archived = ARCHIVED.get(action, message.archived)
    message.updated_at = shop.now()
    shop.messages[message.message_id] = message
