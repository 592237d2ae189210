"""client_order_comments_query and _update: what buyers say of an order, and our reply."""

from __future__ import annotations

from lxml import etree

from bazaar.fnac.exchange import Call, add, add_error, child_text, children, reply_to
from bazaar.fnac.offers_read import COMPARE
from bazaar.fnac.paging import add_counts, cut, is_between
from bazaar.fnac.records import Comment, Order
from bazaar.fnac.shop import Shop

ANSWERS = ("is_received", "is_fast", "is_well_packed", "is_good_shape")


def buyer_comments(shop: Shop, order: Order, rate: int, text: str) -> str:
    comment = Comment(
        comment_id=shop.new_uuid(),
        order_id=order.order_id,
        author=order.buyer.firstname,
        rate=rate,
        text=text,
        created_at=shop.now(),
    )
    shop.comments[comment.comment_id] = comment
    return comment.comment_id


async def comments_query(call: Call) -> etree._Element:
    found = [one for one in call.shop.comments.values() if _matches(one, call.request)]
    page, comments = cut(call.request, found, most=1000)
    reply = reply_to("client_order_comments_query")
    add_counts(reply, page)
    for one in comments:
        node = add(reply, "client_order_comment")
        add(node, "rate", one.rate)
        add(node, "order_fnac_id", one.order_id)
        add(node, "client_order_comment_id", one.comment_id)
        add(node, "client_name", one.author, cdata=True)
        add(node, "comment", one.text, cdata=True)
        add(node, "reply", one.reply, cdata=True)
        for name in ANSWERS:
            add(node, name, str(one.rate >= 3).lower())
        add(node, "created_at", one.created_at.isoformat())
    return reply


def _matches(one: Comment, request: etree._Element) -> bool:
    wanted = {"client_order_comment_id": one.comment_id, "order_fnac_id": one.order_id}
    if any(child_text(request, name) not in ("", value) for name, value in wanted.items()):
        return False
    rates = children(request, "rate")
    if not all(COMPARE[r.get("mode") or "Equals"](one.rate, int(r.get("value") or 0)) for r in rates):
        return False
    return all(is_between(date, one.created_at) for date in children(request, "date"))


async def comments_update(call: Call) -> etree._Element:
    reply = reply_to("client_order_comments_update")
    for node in children(call.request, "comment"):
        given = str(node.get("id"))
        comment = call.shop.comments.get(given.upper())
        answer = add(reply, "comment", attributes={"status": "OK" if comment else "ERROR", "id": given})
        if comment is None:
            add_error(answer, "ERR_128", "Comment not found.")
            reply.set("status", "ERROR")
        else:
            comment.reply = child_text(node, "comment_reply")
            call.shop.comments[comment.comment_id] = comment
    return reply
