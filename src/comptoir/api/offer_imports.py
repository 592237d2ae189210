"""Files of offers: up to 100,000 lines in one call, looked at before they are kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

import msgspec
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from ninja import Router, Schema

from comptoir.accounts.roles import Permission
from comptoir.api.access import Key, caller, seen_by
from comptoir.api.problems import Problem
from comptoir.api.reading import Row, answer_json, answer_page, one
from comptoir.api.texts import Body, Cursor, Fields, Filter, Id, Limit
from comptoir.flows.import_offers import tell_channels
from comptoir.flows.jobs import enqueue_flow
from comptoir.offers.imports import NotReady, confirm, drop, receive_file
from comptoir.offers.models import Offer, OfferImport, OfferImportLine
from comptoir.offers.offer_files import UnreadableFile

router = Router(tags=["offers"])
State = OfferImport.State
FORMS = {"text/csv": "csv", "application/json": "json", "application/x-ndjson": "ndjson",
         "application/jsonl": "ndjson", "application/ndjson": "ndjson",
         "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx"}  # fmt: skip


class ImportOut(Schema):
    id: int
    state: str
    name: str
    actor: str
    created_at: datetime
    closed_at: datetime | None
    lines_total: int | None
    """About, before they are read; null: they cannot be counted."""
    lines_read: int
    lines_kept: int
    """While it is being kept: of `changes` and `too_far`, how many were gone through."""
    changes: int
    unchanged: int
    too_far: int
    errors: int
    applied: int
    act_id: int | None
    message: str


class ImportLineOut(Schema):
    number: int
    offer_id: int | None
    sku: str
    channel: str
    price_before: Decimal | None
    price: Decimal | None
    floor_before: Decimal | None
    floor: Decimal | None
    paused: bool | None
    lead_time: int | None
    outcome: str
    error: str
    detail: dict[str, Any]


class ImportLinePageOut(Schema):
    lines: list[ImportLineOut]
    next_cursor: str | None


class ApplyIn(Body):
    let_pass: bool = False
    """Let those pass too that move further than their channel allows in one go."""


IMPORT = {name: name for name in ImportOut.model_fields}
LINES = {name: name for name in ImportLineOut.model_fields}
EXPORT = {"sku": "sku", "channel": "channel__key", "price": "desired_price", "floor": "floor_price", "state": "state",
          "lead_time": "lead_time_days"}  # fmt: skip
DOCUMENTED = {
    "requestBody": {
        "required": True,
        "content": {form: {"schema": {"type": "string", "format": "binary"}} for form in FORMS},
    }
}

NDJSON = {"application/x-ndjson": {"schema": {"type": "string"}}}
LINES_OUT = {"responses": {200: {"description": "OK", "content": NDJSON}}}


@router.post(
    "/imports", response={201: ImportOut}, auth=Key(Permission.CHANGE_OFFERS), openapi_extra=DOCUMENTED,
    summary="Give a file of offers: CSV, a workbook, JSON or NDJSON. Nothing is kept yet",
)  # fmt: skip
def give_import(request: HttpRequest, name: Filter = "") -> HttpResponse:
    form = FORMS.get(request.content_type or "")
    if form is None:
        raise Problem(422, "invalid", f"The Content-Type is one of {', '.join(FORMS)}.")
    key = caller(request)
    try:
        file = receive_file(
            f"{name or 'api'}.{form}", request.body, actor=str(key), only=key.channels, by_api=True
        )
    except UnreadableFile as error:
        raise Problem(422, "invalid", str(error)) from error
    _hurry(file, str(key))
    return answer_json(_read(request, file.pk), 201)


@router.get(
    "/imports/{import_id}",
    response=ImportOut,
    auth=Key(Permission.CHANGE_OFFERS),
    summary="One file of offers",
)
def get_import(request: HttpRequest, import_id: Id) -> HttpResponse:
    return answer_json(_read(request, import_id))


@router.get(
    "/imports/{import_id}/lines", response=ImportLinePageOut, auth=Key(Permission.CHANGE_OFFERS),
    summary="What each line asks, or why it is refused",
)  # fmt: skip
def list_lines(
    request: HttpRequest, import_id: Id, outcome: Literal["", "changes", "same", "too_far", "error"] = "",
    cursor: Cursor = "", fields: Fields = "", limit: Limit = 50,
) -> HttpResponse:  # fmt: skip
    _read(request, import_id)
    found = OfferImportLine.objects.filter(file_id=import_id)
    if outcome:
        found = found.filter(outcome=outcome)
    return answer_page("lines", found, LINES, by="id", kind=int, cursor=cursor, limit=limit, fields=fields)


@router.post(
    "/imports/{import_id}/apply", response=ImportOut, auth=Key(Permission.CHANGE_OFFERS), summary="Keep it"
)
def apply_import(request: HttpRequest, import_id: Id, wanted: ApplyIn) -> HttpResponse:
    _read(request, import_id)
    try:
        file = confirm(import_id, actor=str(caller(request)), let_pass=wanted.let_pass)
    except NotReady as error:
        raise Problem(409, "not_in_this_state", f"It is {error}, not read and waiting.") from error
    _hurry(file, str(caller(request)))
    if file.state == State.APPLIED:
        tell_channels(file)
    return answer_json(_read(request, import_id))


@router.post(
    "/imports/{import_id}/drop",
    response=ImportOut,
    auth=Key(Permission.CHANGE_OFFERS),
    summary="Keep nothing of it",
)
def drop_import(request: HttpRequest, import_id: Id) -> HttpResponse:
    _read(request, import_id)
    try:
        drop(import_id, actor=str(caller(request)))
    except NotReady as error:
        raise Problem(409, "not_in_this_state", f"It is {error}.") from error
    return answer_json(_read(request, import_id))


@router.get(
    "/export.ndjson", auth=Key(Permission.SEE), summary="Every offer, one a line, in the shape that an import takes",
    openapi_extra=LINES_OUT,
)  # fmt: skip
def export_offers(request: HttpRequest, channel: Filter = "") -> HttpResponseBase:
    found = seen_by(request, Offer.objects.filter(network=Offer.Network.SELLER), "channel__key")
    if channel:
        found = found.filter(channel__key=channel)
    rows = found.order_by("id").values_list(*EXPORT.values()).iterator(chunk_size=2000)
    return StreamingHttpResponse(_lines(rows), content_type="application/x-ndjson")


def _lines(rows: Iterator[tuple[Any, ...]]) -> Iterator[bytes]:
    encoder = msgspec.json.Encoder(decimal_format="string")
    for row in rows:
        told = dict(zip(EXPORT, row, strict=True))
        told["state"] = "paused" if told["state"] == Offer.State.PAUSED else "active"
        yield encoder.encode(told) + b"\n"


def _hurry(file: OfferImport, actor: str) -> None:
    if file.state in (State.READING, State.APPLYING):
        enqueue_flow("import_offers", trigger="hand", actor=actor)


def _read(request: HttpRequest, import_id: int) -> Row:
    """Of a key of some channels: the files that were read for those."""
    found: QuerySet[OfferImport] = OfferImport.objects.filter(pk=import_id)
    if only := caller(request).channels:
        found = found.filter(only=list(only))
    return one(found, IMPORT)
