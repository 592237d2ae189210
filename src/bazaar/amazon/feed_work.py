"""What a feed does when its turn comes, by its type, and the report that tells it."""

from __future__ import annotations

from typing import Any

import msgspec

from bazaar.amazon.account import Account
from bazaar.amazon.documents import content_of
from bazaar.amazon.exchange import Refused
from bazaar.amazon.invoice_feed import take_invoice
from bazaar.amazon.listing_calls import Patch, effect_of_patches
from bazaar.amazon.listings import apply, check
from bazaar.amazon.order_feeds import cancel_items, refund_items
from bazaar.amazon.records import Effect, Feed, Issue, Work

LISTINGS = "JSON_LISTINGS_FEED"
_MOST_MESSAGES = 25_000
_TABLES = {
    "POST_FLAT_FILE_ORDER_ACKNOWLEDGEMENT_DATA": cancel_items,
    "POST_FLAT_FILE_PAYMENT_ADJUSTMENT_DATA": refund_items,
}


class Message(msgspec.Struct, rename="camel"):
    message_id: int
    sku: str
    operation_type: str
    product_type: str = ""
    attributes: dict[str, list[dict[str, Any]]] = {}
    patches: list[Patch] = []


class Document(msgspec.Struct):
    messages: list[msgspec.Raw]


def message_count(account: Account, feed: Feed) -> int:
    """Roughly: what decides how long it takes."""
    body = content_of(account.documents[feed.document_id])
    return body.count(b'"messageId"') if feed.feed_type == LISTINGS else body.count(b"\n")


def process(account: Account, feed: Feed) -> tuple[Work, bytes]:
    """Its last status and its report; b"" when Amazon makes none."""
    document = account.documents[feed.document_id]
    body = content_of(document)
    document.body = None  # its work is done: the memory is given back
    account.documents[feed.document_id] = document
    if feed.feed_type == LISTINGS:
        return _process_listings(account, feed, body)
    if feed.feed_type in _TABLES:
        return "DONE", _TABLES[feed.feed_type](account, body)
    if feed.feed_type == "UPLOAD_VAT_INVOICE":
        return "DONE", take_invoice(account, feed, body)
    return "FATAL", b""


def _process_listings(account: Account, feed: Feed, body: bytes) -> tuple[Work, bytes]:
    try:
        raws = msgspec.json.decode(body, type=Document).messages
    except msgspec.DecodeError:
        return "FATAL", b""
    if not 1 <= len(raws) <= _MOST_MESSAGES:
        return "FATAL", b""
    failing = account.world.fault(account.key, "partial_failure")
    unlucky = account.rng("chaos").randrange(len(raws)) if failing else -1
    if account.world.fault(account.key, "duplicated_import"):
        for raw in raws:
            _take(account, feed, raw, unlucky=False)
    issues: list[dict[str, Any]] = []
    refused = 0
    for place, raw in enumerate(raws):
        found = _take(account, feed, raw, unlucky=place == unlucky)
        issues += found
        refused += bool(found)
    return "DONE", _report(account, feed, issues, len(raws), refused)


def _take(account: Account, feed: Feed, raw: msgspec.Raw, *, unlucky: bool) -> list[dict[str, Any]]:
    """Do one message; its issues when it is refused."""
    try:
        message = msgspec.json.decode(raw, type=Message)
        effect = _effect(feed, message)
    except (msgspec.DecodeError, Refused) as error:
        number = msgspec.json.decode(raw).get("messageId", 0)
        return [_issue(number, "", Issue(code="BAD_REQUEST", message=str(error)))]
    issues = check(account, effect, account.listings.get(effect.sku))
    if unlucky:
        issues = [Issue(code="SIM005", message="An internal error occurred. Submit this message again.")]
    if issues:
        return [_issue(message.message_id, message.sku, issue) for issue in issues]
    apply(account, effect)
    return []


def _effect(feed: Feed, message: Message) -> Effect:
    place = feed.places[0]
    if message.operation_type == "PATCH":
        return effect_of_patches(message.sku, place, message.patches)
    if message.operation_type == "DELETE":
        return Effect(sku=message.sku, place=place, operation="DELETE")
    # PARTIAL_UPDATE changes the attributes that it names, as patches do.
    whole = message.operation_type == "UPDATE"
    return Effect(
        sku=message.sku,
        place=place,
        operation="UPDATE" if whole else "PATCH",
        attributes=message.attributes,
    )


def _issue(number: int, sku: str, issue: Issue) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "messageId": number,
        "code": issue.code,
        "severity": issue.severity,
        "message": issue.message,
    }
    if sku:
        shown["sku"] = sku
    return shown | ({"attributeName": issue.attribute} if issue.attribute else {})


def _report(account: Account, feed: Feed, issues: list[dict[str, Any]], count: int, refused: int) -> bytes:
    return msgspec.json.encode(
        {
            "header": {"sellerId": account.settings.seller_id, "version": "2.0", "feedId": feed.feed_id},
            "issues": issues,
            "summary": {
                "errors": len(issues),
                "warnings": 0,
                "messagesProcessed": count,
                "messagesAccepted": count - refused,
                "messagesInvalid": refused,
            },
        }
    )
