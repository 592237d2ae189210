"""Notifications: what they mean for the hub. They only say where to look: duplicates and disorder are
harmless, and polling alone finds everything a little later.

Casing differs from type to type (the notification schemas): names are compared without it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from comptoir.sdk.errors import RejectedRecord
from comptoir.sdk.notices import Notice, Subject
from comptoir.sdk.records import Record

# By type: what changed, and which field names it.
_SUBJECTS: Final[Mapping[str, tuple[Subject, str]]] = {
    "ORDER_CHANGE": ("order", "amazonorderid"),
    "ANY_OFFER_CHANGED": ("article", "asin"),
    "LISTINGS_ITEM_ISSUES_CHANGE": ("listing", "sku"),
    "LISTINGS_ITEM_STATUS_CHANGE": ("listing", "sku"),
    "FEED_PROCESSING_FINISHED": ("submission", "feedid"),
    "REPORT_PROCESSING_FINISHED": ("report", "reportid"),
}
# Amazon sends the listings' own news to EventBridge alone; a rule there may put them into the queue.
QUEUE_TYPES = ("ORDER_CHANGE", "ANY_OFFER_CHANGED", "FEED_PROCESSING_FINISHED", "REPORT_PROCESSING_FINISHED")
NEW_SECRET = "APPLICATION_OAUTH_CLIENT_NEW_SECRET"  # noqa: S105 - the name of a type


class NewSecret(Record, frozen=True, kw_only=True):
    """What `rotation.py` asked for. Its field names are not verified."""

    client_id: str
    client_secret: str
    at: datetime

    def __repr__(self) -> str:
        return f"NewSecret({self.client_id})"


def parse_notice(body: bytes) -> Notice | NewSecret | None:
    """None for a type that is of no use to us; RejectedRecord for what cannot be read."""
    try:
        told = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise RejectedRecord(f"the notification cannot be read: {error}") from error
    if not isinstance(told, dict):
        raise RejectedRecord("the notification is not an object")
    found = _lowered(told)
    if "notificationtype" not in found and isinstance(found.get("detail"), dict):
        found = found["detail"]  # as EventBridge wraps it
    kind = str(found.get("notificationtype", ""))
    at = _instant(str(found.get("eventtime", "")))
    if kind == NEW_SECRET:
        return _new_secret(found, at)
    if kind not in _SUBJECTS:
        return None
    subject, field = _SUBJECTS[kind]
    name = _search(found.get("payload"), field)
    metadata = found.get("notificationmetadata")
    if not name or not isinstance(metadata, dict):
        raise RejectedRecord(f"the notification {kind} names nothing")
    notice_id = str(metadata.get("notificationid", ""))
    return Notice(kind=kind, notice_id=notice_id, at=at, subject=subject, name=name)


def _new_secret(found: Mapping[str, Any], at: datetime) -> NewSecret:
    client_id = _search(found.get("payload"), "clientid")
    secret = _search(found.get("payload"), "newclientsecret")
    if not client_id or not secret:
        raise RejectedRecord(f"the notification {NEW_SECRET} has no secret")
    return NewSecret(client_id=client_id, client_secret=secret, at=at)


def _lowered(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(name).lower(): _lowered(inner) for name, inner in value.items()}
    return [_lowered(inner) for inner in value] if isinstance(value, list) else value


def _search(value: Any, field: str) -> str:
    """The first value under that name, however deep."""
    if not isinstance(value, dict):
        return ""
    if isinstance(value.get(field), str):
        return str(value[field])
    return next((found for inner in value.values() if (found := _search(inner, field))), "")


def _instant(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise RejectedRecord(f"the notification has no instant: {text!r}") from error
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
