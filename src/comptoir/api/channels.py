"""Channels: read. Their settings are secrets and never leave."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema

from comptoir.accounts.roles import Permission
from comptoir.api.access import Key, seen_by
from comptoir.api.reading import answer_json, answer_page, one
from comptoir.api.texts import Cursor, Fields, Limit
from comptoir.channels.models import Channel

router = Router(tags=["channels"])


class ChannelOut(Schema):
    key: str
    name: str
    kind: str
    role: str
    currency: str
    state: str
    state_reason: str
    state_changed_at: datetime | None
    auto_accept: bool
    stock_buffer: int
    stock_limit: int | None
    publishes: bool
    created_at: datetime


class ChannelPageOut(Schema):
    channels: list[ChannelOut]
    next_cursor: str | None


COLUMNS = {name: name for name in ChannelOut.model_fields}


@router.get("", response=ChannelPageOut, auth=Key(Permission.SEE), summary="Channels")
def list_channels(
    request: HttpRequest, cursor: Cursor = "", fields: Fields = "", limit: Limit = 50
) -> HttpResponse:
    found = seen_by(request, Channel.objects.all(), "key")
    return answer_page(
        "channels", found, COLUMNS, by="id", kind=int, cursor=cursor, limit=limit, fields=fields
    )


@router.get("/{key}", response=ChannelOut, auth=Key(Permission.SEE), summary="One channel")
def get_channel(request: HttpRequest, key: str) -> HttpResponse:
    return answer_json(one(seen_by(request, Channel.objects.filter(key=key), "key"), COLUMNS))
