"""Files: tables of counts, products or rules of quantity, judged, applied, taken back; what there is, as such a file.

A table becomes a row of this list with everything it would change, and nothing is changed before it is applied.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from ninja import File, Form, Query, Router, Schema
from ninja.files import UploadedFile

from comptoir.accounts.roles import Permission
from comptoir.api.access import Key, caller, require_every_channel
from comptoir.api.problems import Problem
from comptoir.api.reading import answer_json, answer_page, require_match
from comptoir.api.texts import Body, Cursor, Fields, Id, Limit
from comptoir.core import sheets
from comptoir.flows.models import TableFile
from comptoir.flows.table_files import (
    NotNow,
    apply_file,
    drop_file,
    export_file,
    read_file,
    told_faults,
    undo_file,
)

router = Router(tags=["files"])
BYTES = "application/octet-stream"
Kind = Literal["stock", "products", "rules"]


class FileOut(Schema):
    id: int
    kind: str
    state: str
    """read, applied, undone, dropped; ready: an export, to download."""
    name: str
    unchanged: int
    applied: int
    actor: str
    created_at: datetime
    closed_at: datetime | None


class FileFaultOut(Schema):
    line: int
    """As a spreadsheet counts."""
    code: str
    why: str


class FileChangeOut(Schema):
    line: int
    sku: str
    warehouse: str = ""
    about: str = ""
    """Of a rule: what it does, of which article, on which channel."""
    rule: int | None = None
    """Its number; None: it is new."""
    before: dict[str, Any] | None
    """None: the article or the rule is new."""
    after: dict[str, Any]


class OneFileOut(FileOut):
    changes: list[FileChangeOut]
    faults: list[FileFaultOut]


class FilePageOut(Schema):
    files: list[FileOut]
    next_cursor: str | None


class ExportIn(Body):
    kind: Kind
    form: Literal["csv", "xlsx"] = "csv"


COLUMNS = {name: name for name in FileOut.model_fields}


@router.get("", response=FilePageOut, auth=Key(Permission.SEE), summary="Files, the oldest first")
def list_files(
    request: HttpRequest, kind: Annotated[Literal["", "stock", "products", "rules"], Query()] = "", cursor: Cursor = "",
    fields: Fields = "", limit: Limit = 50,
) -> HttpResponse:  # fmt: skip
    found = TableFile.objects.filter(**({"kind": kind} if kind else {}))
    return answer_page("files", found, COLUMNS, by="id", kind=int, cursor=cursor, limit=limit, fields=fields)


@router.post(
    "", response={201: OneFileOut}, auth=Key(Permission.CHANGE_STOCK), summary="Give a table: CSV or a workbook"
)  # fmt: skip
def upload_file(
    request: HttpRequest, kind: Annotated[Kind, Form()], file: Annotated[UploadedFile, File()]
) -> HttpResponse:
    """Judged line by line, and nothing is changed: see `changes` and `faults`, then apply it."""
    require_every_channel(request)
    _require(request, kind)
    try:
        kept = read_file(kind, file.name or "table.csv", sheets.read_upload(file), actor=str(caller(request)))
    except sheets.UnreadableFile as error:
        raise Problem(422, "unreadable_file", sheets.TEXTS[str(error)]) from error
    return answer_json(_told(kept), status=201)


@router.post(
    "/exports", response={201: OneFileOut}, auth=Key(Permission.SEE), summary="Make a file of what there is"
)
def make_export(request: HttpRequest, wanted: ExportIn) -> HttpResponse:
    """In the shape in which it is read again. It is kept for 90 days."""
    made = export_file(wanted.kind, wanted.form, actor=str(caller(request)))
    return answer_json(_told(made), status=201)


@router.get("/{file_id}", response=OneFileOut, auth=Key(Permission.SEE), summary="One file, line by line")
def get_file(request: HttpRequest, file_id: Id) -> HttpResponse:
    return answer_json(_told(_one(file_id)))


@router.get(
    "/{file_id}/content", auth=Key(Permission.SEE), summary="Download an export",
    openapi_extra={"responses": {200: {"description": "OK", "content": {
        BYTES: {"schema": {"type": "string", "format": "binary"}}}}}},
)  # fmt: skip
def download_file(request: HttpRequest, file_id: Id) -> HttpResponse:
    file = _one(file_id)
    if file.state != TableFile.State.READY:
        raise Problem(409, "not_in_this_state", "It is no export: there is nothing to download.")
    answer = HttpResponse(bytes(file.content), content_type=BYTES)
    answer["Content-Disposition"] = f'attachment; filename="{file.name}"'
    return answer


@router.post("/{file_id}/apply", response=OneFileOut, auth=Key(Permission.CHANGE_STOCK), summary="Apply it")
def apply(request: HttpRequest, file_id: Id) -> HttpResponse:
    return _act(request, file_id, "apply")


@router.post(
    "/{file_id}/undo", response=OneFileOut, auth=Key(Permission.CHANGE_STOCK), summary="Take it back"
)
def undo(request: HttpRequest, file_id: Id) -> HttpResponse:
    """What it changed is as it was, but for what moved or was changed since."""
    return _act(request, file_id, "undo")


@router.post(
    "/{file_id}/drop", response=OneFileOut, auth=Key(Permission.CHANGE_STOCK), summary="Drop its preview"
)
def drop(request: HttpRequest, file_id: Id) -> HttpResponse:
    return _act(request, file_id, "drop")


def _act(request: HttpRequest, file_id: int, what: str) -> HttpResponse:
    require_every_channel(request)
    actor = str(caller(request))
    try:
        with transaction.atomic():
            given = _one(file_id)
            _require(request, given.kind)
            require_match(request, _told(given))
            if what == "apply":
                file = apply_file(file_id, actor=actor)
            else:
                file = undo_file(file_id, actor=actor) if what == "undo" else drop_file(file_id)
    except NotNow as error:
        raise Problem(409, "not_in_this_state", f"It is {error}.") from error
    return answer_json(_told(file))


def _require(request: HttpRequest, kind: str) -> None:
    """Rules of quantity are for who may change offers."""
    if kind == TableFile.Kind.RULES and not caller(request).may(Permission.CHANGE_OFFERS):
        raise Problem(403, "forbidden", f"This key lacks the permission {Permission.CHANGE_OFFERS.value}.")


def _one(file_id: int) -> TableFile:
    file = TableFile.objects.filter(pk=file_id).first()
    if file is None:
        raise Problem(404, "not_found", "Nothing has this name.")
    return file


def _told(file: TableFile) -> dict[str, Any]:
    faults = zip(file.faults, told_faults(file), strict=True)
    return {name: getattr(file, name) for name in COLUMNS} | {
        "changes": [
            {
                "warehouse": "",
                "about": "",
                **{k: v for k, v in change.items() if k in FileChangeOut.model_fields},
            }
            for change in file.changes
        ],
        "faults": [{"line": line, "code": code, "why": why} for (line, code, _), (_, why) in faults],
    }
