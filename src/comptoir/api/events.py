"""The feed: everything that happened, in the order in which it was noticed, by cursor."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema

from comptoir.accounts.roles import Permission
from comptoir.api.access import Key, seen_by
from comptoir.api.reading import answer_json
from comptoir.api.texts import Filter, Limit
from comptoir.events.models import Event

router = Router(tags=["events"])
After = Annotated[int, Query(ge=0, le=2**63 - 1, description="`next_cursor` of the call before; 0 to start.")]


class EventOut(Schema):
    id: int
    at: datetime
    kind: str
    """Such as order.decided, shipment.recorded, issue.opened, run.failed, offer.wanted."""
    channel: str
    subject_kind: str
    subject: str
    data: dict[str, Any]


class EventPageOut(Schema):
    events: list[EventOut]
    next_cursor: int
    """Give it back as `cursor`, now or later: it is there at the end too, where new events will follow."""
    more: bool


NAMES = tuple(EventOut.model_fields)


@router.get("", response=EventPageOut, auth=Key(Permission.SEE), summary="What happened, by cursor")
def list_events(
    request: HttpRequest, cursor: After = 0, kind: Filter = "", limit: Limit = 50
) -> HttpResponse:
    """`kind` is a beginning: order. gives every event of orders. Events are kept for thirty days."""
    found = seen_by(request, Event.objects.filter(id__gt=cursor), "channel")
    if kind:
        found = found.filter(kind__startswith=kind)
    rows = list(found.order_by("id").values(*NAMES)[: limit + 1])
    more, rows = len(rows) > limit, rows[:limit]
    return answer_json({"events": rows, "next_cursor": rows[-1]["id"] if rows else cursor, "more": more})
