"""Threads of messages about orders: M11 list, M10 one, M12 answer, OR43 open one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

import msgspec
from starlette.datastructures import FormData, UploadFile
from starlette.responses import Response

from bazaar.mirakl.exchange import Call, Operation, RefusedError, answer, decode
from bazaar.mirakl.money import stamp, stamp_or_null
from bazaar.mirakl.order_json import JSON
from bazaar.mirakl.order_records import Order
from bazaar.mirakl.orders_read import find_order
from bazaar.mirakl.paging import seek_page
from bazaar.mirakl.records import Message, Thread
from bazaar.mirakl.reference import reason_label
from bazaar.mirakl.shop import Shop

ENTITY_TYPES = frozenset({"MMP_ORDER", "MMP_OFFER", "MPS_ORDER", "MPS_SERVICE", "SELLER_OPERATOR"})
Body = Annotated[str, msgspec.Meta(min_length=3, max_length=50_000)]
MOST_MESSAGES, MOST_ATTACHMENTS, SHOWN_MESSAGES = 1000, 50, 100


class Participant(msgspec.Struct):
    type: Literal["OPERATOR", "SHOP", "CUSTOMER"]
    id: str | None = None


class Topic(msgspec.Struct):
    type: Literal["FREE_TEXT", "REASON_CODE"]
    value: str


class MessageInput(msgspec.Struct):
    body: Body
    to: Annotated[list[Participant], msgspec.Meta(min_length=1)]
    topic: Topic | None = None


class ThreadInput(msgspec.Struct):
    body: Body
    topic: Topic
    to: list[str]


async def m11(call: Call) -> Response:
    return seek_page(call, _search, lambda one: one.id, lambda one: _encode(call, one), default=50)


def _encode(call: Call, thread: Thread) -> bytes:
    fields = thread_fields(call.shop, thread)
    if call.flag("with_messages") is not True:
        del fields["messages"]
    return JSON.encode(fields)


def _search(call: Call) -> Sequence[Thread]:
    kind, ids = call.choice("entity_type", ENTITY_TYPES), set(call.csv("entity_id"))
    if ids and kind is None:
        raise RefusedError(400, "entity_type is required with entity_id", field="entity_type")
    since = call.instant("updated_since")
    found = [
        one
        for one in call.shop.threads.values()
        if kind in {None, "MMP_ORDER"}
        and (not ids or one.order_id in ids)
        and (since is None or one.updated_at >= since)
    ]
    return sorted(found, key=lambda one: one.updated_at, reverse=True)


async def m10(call: Call) -> Response:
    return answer(thread_fields(call.shop, _find(call)))


def _find(call: Call) -> Thread:
    thread = call.shop.threads.get(call.path("thread_id"))
    if thread is None:
        raise RefusedError(404, f"Thread with id '{call.path('thread_id')}' not found")
    return thread


async def m12(call: Call) -> Response:
    thread = _find(call)
    form = await call.request.form()
    sent = decode(_part(form, "message_input"), MessageInput)
    if len(thread.messages) >= MOST_MESSAGES:
        raise RefusedError(400, f"A thread has at most {MOST_MESSAGES} messages")
    if sent.topic is not None:
        thread.topic_type, thread.topic = sent.topic.type, sent.topic.value
    message = await _message(call, form, sent.body, tuple(one.type for one in sent.to))
    _append(call.shop, thread, message)
    return answer({"message_id": message.id, "thread_id": thread.id}, 201)


async def or43(call: Call) -> Response:
    order = find_order(call)
    form = await call.request.form()
    sent = decode(_part(form, "thread_input"), ThreadInput)
    unknown = [one for one in sent.to if one not in {"CUSTOMER", "OPERATOR"}]
    if unknown or not sent.to:
        raise RefusedError(400, "to must name CUSTOMER or OPERATOR", field="to")
    if sent.topic.type == "REASON_CODE" and reason_label(sent.topic.value, "ORDER_MESSAGING") is None:
        raise RefusedError(400, f"The reason code '{sent.topic.value}' is invalid", field="topic.value")
    thread = _new_thread(call.shop, order, sent.topic.type, sent.topic.value)
    message = await _message(call, form, sent.body, tuple(sent.to))
    _append(call.shop, thread, message)
    return answer({"message_id": message.id, "thread_id": thread.id}, 201)


def _part(form: FormData, name: str) -> bytes:
    """The JSON part; clients send it as a field or as a file. Raises RefusedError when there is none."""
    part = form.get(name)
    if part is None:
        raise RefusedError(400, f"{name} is required", field=name)
    return part.encode() if isinstance(part, str) else part.file.read()


async def _message(call: Call, form: FormData, body: str, to: tuple[str, ...]) -> Message:
    files = [part for part in form.getlist("files") if isinstance(part, UploadFile)]
    if len(files) > MOST_ATTACHMENTS:
        raise RefusedError(400, f"At most {MOST_ATTACHMENTS} attachments", field="files")
    contents = [(part.filename or "file", await part.read()) for part in files]
    attachments = tuple((call.shop.new_uuid(), name, len(content)) for name, content in contents)
    return Message(
        id=call.shop.new_uuid(), at=call.now, body=body, sender="SHOP_USER", to=to, attachments=attachments
    )


def customer_writes(shop: Shop, order: Order, topic: str, body: str) -> str:
    """A buyer opens a thread on an order; returns its id."""
    thread = _new_thread(shop, order, "FREE_TEXT", topic)
    _append(
        shop,
        thread,
        Message(id=shop.new_uuid(), at=shop.now(), body=body, sender="CUSTOMER_USER", to=("SHOP",)),
    )
    order.has_customer_message = True
    shop.touch(order)
    return thread.id


def _new_thread(shop: Shop, order: Order, topic_type: str, topic: str) -> Thread:
    now = shop.now()
    return Thread(
        id=shop.new_uuid(),
        order_id=order.order_id,
        topic_type=topic_type,
        topic=topic,
        created_at=now,
        updated_at=now,
        messages=(),
    )


def _append(shop: Shop, thread: Thread, message: Message) -> None:
    thread.messages = (*thread.messages, message)
    thread.updated_at = message.at
    shop.threads[thread.id] = thread


def thread_fields(shop: Shop, thread: Thread) -> dict[str, object]:
    participants = [
        {"display_name": shop.settings.shop_name, "id": str(shop.settings.shop_id), "type": "SHOP"},
        {"display_name": "Customer", "id": f"C-{thread.order_id}", "type": "CUSTOMER"},
        {"display_name": "Operator", "id": None, "type": "OPERATOR"},
    ]
    last = thread.messages[-1]
    needed = last.at if last.sender == "CUSTOMER_USER" else None
    return {
        "authorized_participants": participants,
        "current_participants": participants[:2],
        "customer_organization": None,
        "date_created": stamp(thread.created_at),
        "date_updated": stamp(thread.updated_at),
        "entities": [{"id": thread.order_id, "label": thread.order_id, "type": "MMP_ORDER"}],
        "id": thread.id,
        "messages": [_message_fields(shop, one) for one in thread.messages[-SHOWN_MESSAGES:]],
        "metadata": {
            "last_message_date": stamp(last.at),
            "last_sender": _sender(shop, last),
            "shop_reply_needed_since": stamp_or_null(needed),
            "total_count": len(thread.messages),
        },
        "no_store_reply_needed": [],
        "topic": {"type": thread.topic_type, "value": thread.topic},
    }


def _message_fields(shop: Shop, one: Message) -> dict[str, object]:
    return {
        "attachments": [{"id": key, "name": name, "size": size} for key, name, size in one.attachments],
        "body": one.body,
        "date_created": stamp(one.at),
        "from": _sender(shop, one),
        "id": one.id,
        "to": [{"display_name": to.title(), "id": None, "type": to} for to in one.to],
    }


def _sender(shop: Shop, one: Message) -> dict[str, object]:
    if one.sender == "CUSTOMER_USER":
        return {"display_name": "Customer", "organization_details": None, "type": "CUSTOMER_USER"}
    name = shop.settings.shop_name
    organization = {"display_name": name, "id": str(shop.settings.shop_id), "type": "SHOP"}
    return {"display_name": name, "organization_details": organization, "type": "SHOP_USER"}


def operations() -> list[Operation]:
    threads = "/api/inbox/threads"
    return [
        Operation("M11", "GET", threads, m11, "errors"),
        Operation("M10", "GET", f"{threads}/{{thread_id}}", m10, "errors"),
        Operation("M12", "POST", f"{threads}/{{thread_id}}/message", m12, "errors"),
        Operation("OR43", "POST", "/api/orders/{order_id}/threads", or43, "errors"),
    ]
