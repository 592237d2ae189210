"""messages_update, client_order_comments_update: answering buyers, one verdict per reply."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from lxml import etree

from comptoir.connectors.fnac import replies, xml
from comptoir.connectors.fnac.client import FnacClient
from comptoir.connectors.fnac.fields import text
from comptoir.sdk.aftersales import MessageReply, ReviewReply
from comptoir.sdk.errors import OutcomeUnknown, RejectedRecord
from comptoir.sdk.records import Outcome, Verdict

REVIEW_REPLY_MAX: Final = 255
"""`ClientOrderCommentsUpdateService.xsd`, string255."""


class AfterSaleWriter:
    """One reply per request: a refused one disturbs no other, and none is sent twice for another's sake."""

    def __init__(self, client: FnacClient) -> None:
        self._client = client

    def reply_to_messages(self, given: Sequence[MessageReply]) -> Iterator[Verdict]:
        for one in given:
            yield self._send(build_message_reply(one), "message", one.message_id)

    def reply_to_reviews(self, given: Sequence[ReviewReply]) -> Iterator[Verdict]:
        for one in given:
            if len(one.body) > REVIEW_REPLY_MAX:
                words = f"A reply to a review has at most {REVIEW_REPLY_MAX} characters."
                yield Verdict(key=one.review_id, outcome=Outcome.REJECTED, code="too_long", message=words)
            else:
                yield self._send(build_review_reply(one), "comment", one.review_id)

    def _send(self, request: etree._Element, item: str, key: str) -> Verdict:
        try:
            reply = self._client.write(request, items=item)
        except OutcomeUnknown as error:
            return Verdict(key=key, outcome=Outcome.UNKNOWN, code=error.code, message=error.message)
        except RejectedRecord as error:
            return Verdict(key=key, outcome=Outcome.REJECTED, code=error.code, message=error.message)
        return _verdict([xml.to_dict(node) for node in reply.root if xml.local_name(node) == item], key)


def _verdict(nodes: Sequence[Mapping[str, Any]], key: str) -> Verdict:
    node = next((node for node in nodes if text(node, "@id") == key), None)
    if node is None:
        words = "The answer does not speak of it."
        return Verdict(key=key, outcome=Outcome.UNKNOWN, message=words)
    condemned = replies.severe(replies.errors_of(node))
    if not condemned and not replies.failed(text(node, "@status")):
        return Verdict(key=key, outcome=Outcome.DONE)
    code, words = (condemned[0].code, condemned[0].message) if condemned else ("", text(node, "@status"))
    return Verdict(key=key, outcome=Outcome.REJECTED, code=code, message=words)


def build_message_reply(reply: MessageReply) -> etree._Element:
    request = xml.document("messages_update")
    message = xml.add(request, "message", attributes={"id": reply.message_id, "action": "reply"})
    xml.add(message, "message_to", "CLIENT")
    xml.add(message, "message_subject", "order_information")
    xml.add(message, "message_description", reply.body)
    xml.add(message, "message_type", "ORDER")
    return request


def build_review_reply(reply: ReviewReply) -> etree._Element:
    request = xml.document("client_order_comments_update")
    xml.add(xml.add(request, "comment", attributes={"id": reply.review_id}), "comment_reply", reply.body)
    return request
