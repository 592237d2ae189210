"""Notifications: what they mean for the hub. They only say where to look: duplicates and disorder are
harmless, and polling alone finds everything a little later.

Casing differs from type to type (the notification schemas): names are compared without it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final, Literal

import msgspec

from comptoir.sdk.errors import RejectedRecord
from comptoir.sdk.records import Record

Subject = Literal["order", "article", "listing", "feed", "report"]
# By type: what changed, and which field names it.
_SUBJECTS: Final[Mapping[str, tuple[Subject, str]]] = {
    "ORDER_CHANGE": ("order", "amazonorderid"),
    "ANY_OFFER_CHANGED": ("article", "asin"),
    "LISTINGS_ITEM_ISSUES_CHANGE": ("listing", "sku"),
    "LISTINGS_ITEM_STATUS_CHANGE": ("listing", "sku"),
    "FEED_PROCESSING_FINISHED": ("feed", "feedid"),
    "REPORT_PROCESSING_FINISHED": ("report", "reportid"),
}
TYPES = tuple(_SUBJECTS)


class Notice(Record, frozen=True, kw_only=True):
    kind: str
    notification_id: str
    """Amazon delivers at least once: the same id again is the same news."""
    at: datetime
    subject: Subject
    name: str
    """The order's, article's, listing's, feed's or report's own id."""


def parse_notice(body: bytes) -> Notice | None:
    """None for a type that is of no use to us; RejectedRecord for what cannot be read."""
    try:
        found = _lowered(msgspec.json.decode(body))
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise RejectedRecord(f"the notification cannot be read: {error}") from error
    if not isinstance(found, dict):
        raise RejectedRecord("the notification is not an object")
    kind = str(found.get("notificationtype", ""))
    if kind not in _SUBJECTS:
        return None
    subject, field = _SUBJECTS[kind]
    name = _search(found.get("payload"), field)
    metadata = found.get("notificationmetadata")
    if not name or not isinstance(metadata, dict):
        raise RejectedRecord(f"the notification {kind} names nothing")
    return Notice(
        kind=kind,
        notification_id=str(metadata.get("notificationid", "")),
        at=_instant(str(found.get("eventtime", ""))),
        subject=subject,
        name=name,
    )


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
