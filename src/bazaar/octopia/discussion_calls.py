"""Discussions between buyers and the seller, six months back at most."""

from __future__ import annotations

from datetime import timedelta

import msgspec
from starlette.responses import Response

from bazaar.octopia.account import Account
from bazaar.octopia.exchange import Call, Operation, Refused, answer, bad
from bazaar.octopia.money import JSON, stamp
from bazaar.octopia.order_records import Discussion, Message, Order
from bazaar.octopia.paging import numbered_page

WINDOW = timedelta(days=183)
SHORTEST, LONGEST = 13, 5000


class Receiver(msgspec.Struct, rename="camel"):
    user_id: str
    user_type: str


class MessageIn(msgspec.Struct, rename="camel"):
    discussion_id: str
    body: str
    sales_channel: str = ""
    receivers: list[Receiver] = []


class PatchItem(msgspec.Struct):
    path: str
    value: bool
    op: str = ""
    opt: str = ""  # one client sends the key so


async def list_discussions(call: Call) -> Response:
    since = max(call.instant("updatedAtMin") or call.now - WINDOW, call.now - WINDOW)
    found = [
        one for one in call.account.discussions.values() if one.updated_at >= since and _matches(call, one)
    ]
    found.sort(key=lambda one: (one.updated_at, one.discussion_id))
    last = 1 if call.text("includeMessages") else 0
    return numbered_page(
        call, found, lambda one: JSON.encode(_fields(one, one.messages[-last:] if last else ()))
    )


async def count_discussions(call: Call) -> Response:
    return answer({"count": sum(_matches(call, one) for one in call.account.discussions.values())})


async def get_discussion(call: Call) -> Response:
    discussion = _discussion(call, call.path("discussion_id"))
    return answer(_fields(discussion, discussion.messages))


async def patch_discussion(call: Call) -> Response:
    discussion = _discussion(call, call.path("discussion_id"))
    for item in await call.body(list[PatchItem]):
        if item.path != "/isOpen":
            raise bad("path", f"The value '{item.path}' is not valid.")
        discussion.is_open = item.value
    _keep(call.account, discussion)
    return Response(status_code=204)


async def send_message(call: Call) -> Response:
    given = await call.body(MessageIn)
    if not SHORTEST <= len(given.body) <= LONGEST:
        raise bad("body", f"From {SHORTEST} to {LONGEST} characters.")
    discussion = _discussion(call, given.discussion_id)
    if not discussion.is_open:
        raise bad("discussionId", "The discussion is closed.")
    _write(call.account, discussion, given.body, call.account.seller_id, "Seller")
    return Response(status_code=201)


def customer_writes(account: Account, order: Order, subject: str, body: str) -> str:
    """A buyer opens a discussion about his order; returns its id."""
    now = account.now()
    discussion = Discussion(
        discussion_id=f"D{len(account.discussions) + 1:06d}",
        order_id=order.order_id,
        sales_channel_id=order.sales_channel_id,
        customer=f"C-{order.reference}",
        subject=subject,
        created_at=now,
        updated_at=now,
    )
    _write(account, discussion, body, discussion.customer, "Customer")
    return discussion.discussion_id


def _write(account: Account, discussion: Discussion, body: str, user_id: str, user_type: str) -> None:
    number = len(discussion.messages) + 1
    message = Message(
        message_id=f"{discussion.discussion_id}-{number}",
        body=body,
        created_at=account.now(),
        user_id=user_id,
        user_type=user_type,
    )
    discussion.messages = (*discussion.messages, message)
    _keep(account, discussion)


def _keep(account: Account, discussion: Discussion) -> None:
    discussion.updated_at = account.now()
    account.discussions[discussion.discussion_id] = discussion


def _discussion(call: Call, discussion_id: str) -> Discussion:
    found = call.account.discussions.get(discussion_id)
    if found is None:
        raise Refused(404, f"The discussion {discussion_id} does not exist.")
    return found


def _matches(call: Call, one: Discussion) -> bool:
    wanted = {
        "salesChannel": one.sales_channel_id,
        "orderSellerId": one.order_id,
        "isOpen": str(one.is_open).lower(),
        "processStatus": _status(one),
    }
    return all(call.text(name) in ("", value) for name, value in wanted.items())


def _status(one: Discussion) -> str:
    return "ToTreat" if one.is_open and one.messages[-1].user_type != "Seller" else "Treated"


def _fields(one: Discussion, messages: tuple[Message, ...]) -> dict[str, object]:
    return {
        "discussionId": one.discussion_id,
        "isOpen": one.is_open,
        "typologyCode": "Order",
        "subTypologyCode": "orderNotShipped",
        "graduation": one.graduation,
        "processStatus": _status(one),
        "orderSellerId": one.order_id,
        "salesChannel": one.sales_channel_id,
        "customerId": one.customer,
        "subject": one.subject,
        "createdAt": stamp(one.created_at),
        "updatedAt": stamp(one.updated_at),
        "messages": [
            {
                "messageId": message.message_id,
                "body": message.body,
                "createdAt": stamp(message.created_at),
                "hasRead": message.user_type == "Seller",
                "sender": {"userId": message.user_id, "userType": message.user_type},
            }
            for message in messages
        ],
    }


def operations() -> list[Operation]:
    return [
        Operation("GET", "/discussions", list_discussions),
        Operation("GET", "/discussions/count", count_discussions),
        Operation("GET", "/discussions/{discussion_id}", get_discussion),
        Operation("PATCH", "/discussions/{discussion_id}", patch_discussion),
        Operation("POST", "/messages", send_message),
    ]
