"""Discussions with buyers: `GET /discussions` (six months back at most), `POST /messages`.

A message has 13 to 5,000 signs. There is no idempotency key: the discussion is read first, and a text that
is already the last one of ours there is not sent again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta

import msgspec

from comptoir.connectors.octopia.client import OctopiaClient
from comptoir.connectors.octopia.order_payloads import Id, Payload, text
from comptoir.connectors.octopia.order_reading import instant
from comptoir.connectors.octopia.orders import as_utc
from comptoir.connectors.octopia.paging import numbered_pages
from comptoir.connectors.octopia.verdicts import done, verdict_each
from comptoir.sdk.conversations import Author, Conversation, ConversationPage, Message, Reply
from comptoir.sdk.errors import OutcomeUnknown, RejectedRecord
from comptoir.sdk.records import Rejected, Verdict

_WINDOW = timedelta(days=180)
_SHORTEST, _LONGEST = 13, 5000
_AUTHORS: dict[str, Author] = {"Customer": "buyer", "GrcOperator": "channel", "Seller": "us"}


class SenderPayload(Payload, frozen=True):
    user_id: Id = None
    user_type: str | None = None


class MessagePayload(Payload, frozen=True):
    message_id: Id = None
    body: str | None = None
    created_at: datetime | None = None
    has_read: bool | None = None
    sender: SenderPayload | None = None


class DiscussionPayload(Payload, frozen=True):
    discussion_id: Id = None
    is_open: bool | None = None
    graduation: str | None = None
    process_status: str | None = None
    order_seller_id: Id = None
    sales_channel: str | None = None
    subject: str | None = None
    customer_id: Id = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    messages: list[MessagePayload | None] | None = None


class ConversationDesk:
    def __init__(self, client: OctopiaClient, sales_channel_id: str, clock: Callable[[], datetime]) -> None:
        self._client = client
        self._channel = sales_channel_id
        self._clock = clock

    def pages(self, since: datetime) -> Iterator[ConversationPage]:
        """Each discussion is read by itself: the list holds one of its messages at most."""
        earliest = max(since, self._clock() - _WINDOW)
        asked = {
            "salesChannel": self._channel,
            "updatedAtMin": instant(earliest),
            "sort": "updatedAt",
        }
        for page in numbered_pages(self._client, "listDiscussions", "/discussions", asked):
            yield self._page(page)

    def send(self, replies: Sequence[Reply]) -> Iterator[Verdict]:
        return verdict_each(replies, lambda reply: reply.reference, self._send)

    def _page(self, page: Sequence[msgspec.Raw]) -> ConversationPage:
        found: list[Conversation] = []
        refused: list[Rejected] = []
        for raw in page:
            try:
                found.append(parse_discussion(self._whole(raw)))
            except RejectedRecord as error:
                refused.append(Rejected(external_id=error.record_id, message=error.message, raw=bytes(raw)))
        return ConversationPage(conversations=tuple(found), rejected=tuple(refused))

    def _whole(self, raw: msgspec.Raw) -> msgspec.Raw:
        discussion_id = text(decode_discussion(raw).discussion_id)
        return self._read(discussion_id) if discussion_id else raw

    def _read(self, discussion_id: str) -> msgspec.Raw:
        answer = self._client.find("getDiscussion", f"/discussions/{discussion_id}")
        if answer is None:
            raise RejectedRecord("Octopia does not know this discussion.", record_id=discussion_id)
        return answer.json(msgspec.Raw)

    def _send(self, reply: Reply) -> Verdict:
        body = reply.body.strip()
        if not _SHORTEST <= len(body) <= _LONGEST:
            words = f"A message has {_SHORTEST} to {_LONGEST} signs."
            raise RejectedRecord(words, record_id=reply.reference)
        discussion = decode_discussion(self._read(reply.conversation_id))
        if _is_there(discussion, body):
            return done(reply.reference, "Already sent.")
        try:
            self._client.write("sendMessage", "POST", "/messages", self._build(discussion, body))
        except OutcomeUnknown:
            if _is_there(decode_discussion(self._read(reply.conversation_id)), body):
                return done(reply.reference, "The answer was lost; the discussion was read back.")
            raise
        return done(reply.reference)

    def _build(self, discussion: DiscussionPayload, body: str) -> dict[str, object]:
        return {
            "discussionId": text(discussion.discussion_id),
            "salesChannel": text(discussion.sales_channel) or self._channel,
            "body": body,
            "receivers": [{"userId": text(discussion.customer_id), "userType": "Customer"}],
        }


def decode_discussion(raw: msgspec.Raw) -> DiscussionPayload:
    try:
        return msgspec.json.decode(raw, type=DiscussionPayload, strict=False)
    except msgspec.DecodeError as error:
        raise RejectedRecord(f"This discussion cannot be read: {error}.") from error


def parse_discussion(raw: msgspec.Raw) -> Conversation:
    payload = decode_discussion(raw)
    discussion_id = text(payload.discussion_id)
    updated = payload.updated_at or payload.created_at
    if not discussion_id or updated is None:
        raise RejectedRecord("This discussion has no id or no date.", record_id=discussion_id)
    return Conversation(
        external_id=discussion_id,
        subject=text(payload.subject),
        updated_at=as_utc(updated),
        messages=tuple(_parse_message(one) for one in payload.messages or [] if one is not None),
        order_id=text(payload.order_seller_id),
        open=payload.is_open is not False,
        kind=text(payload.graduation),
        needs_answer=payload.process_status == "ToTreat",
        raw=bytes(raw),
    )


def _parse_message(one: MessagePayload) -> Message:
    """Who wrote under a word that we do not know is taken for the channel: a person looks at it."""
    sender = one.sender or SenderPayload()
    return Message(
        external_id=text(one.message_id),
        author=_AUTHORS.get(text(sender.user_type), "channel"),
        author_id=text(sender.user_id),
        body=text(one.body),
        written_at=as_utc(one.created_at) if one.created_at else None,
        read=one.has_read is not False,
    )


def _is_there(discussion: DiscussionPayload, body: str) -> bool:
    """Is this text our last word there? An older one like it was another answer."""
    known = [one for one in discussion.messages or [] if one is not None]
    known.sort(key=lambda one: as_utc(one.created_at) if one.created_at else datetime.min.replace(tzinfo=UTC))
    ours = [one for one in known if one.sender and one.sender.user_type == "Seller"]
    return bool(ours) and text(ours[-1].body) == body
