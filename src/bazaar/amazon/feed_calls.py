"""Feeds 2021-06-30: documents, feeds, and Amazon's one worker that takes them one after the other."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import msgspec
from starlette.responses import Response

from bazaar.amazon import documents
from bazaar.amazon.account import Account
from bazaar.amazon.exchange import Call, Operation, Refused, answer, bad_input, nothing, stamp
from bazaar.amazon.feed_work import message_count, process
from bazaar.amazon.notices import feed_finished
from bazaar.amazon.paging import next_token, resume
from bazaar.amazon.records import Feed

_ROOT = "/feeds/2021-06-30"
_STATUSES = frozenset("CANCELLED DONE FATAL IN_PROGRESS IN_QUEUE".split())
_KEPT = timedelta(days=90)
_LATE_S = 900.0


class _NewDocument(msgspec.Struct, rename="camel"):
    content_type: str


class _NewFeed(msgspec.Struct, rename="camel"):
    feed_type: str
    marketplace_ids: list[str]
    input_feed_document_id: str
    feed_options: dict[str, str] = {}


async def create_document(call: Call) -> Response:
    asked = await call.body(_NewDocument)
    document = documents.new_upload(call, asked.content_type)
    return answer(
        {"feedDocumentId": document.document_id, "url": documents.address(call, document)}, status=201
    )


async def create_feed(call: Call) -> Response:
    asked = await call.body(_NewFeed)
    call.check_places(asked.marketplace_ids)
    account = call.account
    document = account.documents.get(asked.input_feed_document_id)
    if not asked.marketplace_ids or document is None or document.body is None:
        raise bad_input("Invalid input", "inputFeedDocumentId or marketplaceIds")
    feed = Feed(
        feed_id=str(account.number("feeds", 50_000_000_000)),
        feed_type=asked.feed_type,
        places=tuple(asked.marketplace_ids),
        document_id=asked.input_feed_document_id,
        created_at=call.now,
        options=asked.feed_options,
    )
    account.feeds[feed.feed_id] = feed
    _plan(account, feed)
    return answer({"feedId": feed.feed_id}, status=202)


async def get_feed(call: Call) -> Response:
    return answer(_feed_json(_known(call)))


async def get_feeds(call: Call) -> Response:
    start = resume(call)
    types = set(call.csv("feedTypes", most=10))
    if not types:
        raise bad_input("'feedTypes' or 'nextToken' is required.")
    statuses = call.choices("processingStatuses", _STATUSES)
    since = call.instant("createdSince") or call.now - _KEPT
    until = call.instant("createdUntil") or call.now
    size = call.number("pageSize", 10, 1, 100)
    found = [
        feed
        for feed in reversed(list(call.account.feeds.values()))
        if feed.feed_type in types
        and since <= feed.created_at <= until
        and (not statuses or feed.status in statuses)
    ]
    more = next_token(call, start + size) if start + size < len(found) else {}
    return answer({"feeds": [_feed_json(feed) for feed in found[start : start + size]], **more})


async def cancel_feed(call: Call) -> Response:
    feed = _known(call)
    if feed.status != "IN_QUEUE":
        raise bad_input("Only a feed in queue can be cancelled.")
    feed.status, feed.ended_at = "CANCELLED", call.now
    call.account.feeds[feed.feed_id] = feed
    return nothing(200)


async def get_document(call: Call) -> Response:
    document = call.account.documents.get(call.path("feedDocumentId"))
    if document is None or document.body is None:
        raise Refused(404, "NotFound", "The feed document was not found.")
    return answer({"feedDocumentId": document.document_id, **documents.link(call, document)})


def begin(account: Account, feed_id: str) -> None:
    feed = account.feeds[feed_id]
    if feed.status == "IN_QUEUE":
        feed.status, feed.started_at = "IN_PROGRESS", account.now()
        account.feeds[feed_id] = feed


def end(account: Account, feed_id: str) -> None:
    feed = account.feeds[feed_id]
    if feed.status != "IN_PROGRESS":
        return
    feed.status, report = process(account, feed)
    feed.ended_at = account.now()
    if report:
        feed.result_id = documents.store(account, report, "application/json; charset=UTF-8")
    account.feeds[feed_id] = feed
    feed_finished(account, feed)


def _plan(account: Account, feed: Feed) -> None:
    """It begins once it has queued and every feed before it has ended."""
    settings = account.settings
    free = datetime.fromtimestamp(account.counters.get("feeds_busy_until", 0), tz=account.now().tzinfo)
    start = max(account.world.now() + timedelta(seconds=settings.feed_queue_s), free)
    seconds = settings.feed_s + settings.feed_message_s * message_count(account, feed)
    if account.world.fault(account.key, "late_import"):
        seconds += _LATE_S
    finish = start + timedelta(seconds=seconds)
    account.counters["feeds_busy_until"] = int(finish.timestamp())
    account.world.set_timer(start, account.key, "feed_begins", feed_id=feed.feed_id)
    account.world.set_timer(finish, account.key, "feed_ends", feed_id=feed.feed_id)


def _known(call: Call) -> Feed:
    feed = call.account.feeds.get(call.path("feedId"))
    if feed is None:
        raise Refused(404, "NotFound", f"The feed {call.path('feedId')} was not found.")
    return feed


def _feed_json(feed: Feed) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "feedId": feed.feed_id,
        "feedType": feed.feed_type,
        "marketplaceIds": list(feed.places),
        "createdTime": stamp(feed.created_at),
        "processingStatus": feed.status,
    }
    if feed.started_at:
        shown["processingStartTime"] = stamp(feed.started_at)
    if feed.ended_at:
        shown["processingEndTime"] = stamp(feed.ended_at)
    return shown | ({"resultFeedDocumentId": feed.result_id} if feed.result_id else {})


OPERATIONS = (
    Operation("createFeedDocument", "POST", f"{_ROOT}/documents", create_document),
    Operation("getFeedDocument", "GET", f"{_ROOT}/documents/{{feedDocumentId}}", get_document),
    Operation("createFeed", "POST", f"{_ROOT}/feeds", create_feed),
    Operation("getFeeds", "GET", f"{_ROOT}/feeds", get_feeds),
    Operation("getFeed", "GET", f"{_ROOT}/feeds/{{feedId}}", get_feed),
    Operation("cancelFeed", "DELETE", f"{_ROOT}/feeds/{{feedId}}", cancel_feed),
)
