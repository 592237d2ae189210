"""Flows: see them, start one, follow its runs, retry what failed."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from ninja.responses import Status
from pydantic import Field

from comptoir.accounts.roles import Permission
from comptoir.api.access import Key, caller, require_channel, require_every_channel, seen_by
from comptoir.api.problems import Problem
from comptoir.api.reading import answer_json, answer_page, one
from comptoir.api.texts import Body, Cursor, Fields, Filter, Id, Limit, Word
from comptoir.flows.jobs import enqueue_flow
from comptoir.flows.models import Turn
from comptoir.flows.registry import flows
from comptoir.journal.models import Run

router = Router(tags=["flows"])


class FlowOut(Schema):
    name: str
    label: str
    every_seconds: int
    channels: list[str]


class RunIn(Body):
    channel: Annotated[Word, Field(max_length=60)] = ""
    """The key of a channel; empty for a flow of the house."""


class QueuedOut(Schema):
    flow: str
    channel: str
    queued: bool
    """False when the same turn waits in the queue already."""
    job: int | None


class RunOut(Schema):
    id: int
    flow: str
    channel: str
    trigger: str
    actor: str
    started_at: datetime
    ended_at: datetime | None
    outcome: str
    counts: dict[str, Any]
    error_kind: str
    error: str


class RunPageOut(Schema):
    runs: list[RunOut]
    next_cursor: str | None


COLUMNS = {name: name for name in RunOut.model_fields}


@router.get("/flows", response=list[FlowOut], auth=Key(Permission.SEE), summary="Every flow")
def list_flows(request: HttpRequest) -> list[dict[str, object]]:
    where: dict[str, list[str]] = {}
    for name, channel in _turns(request).order_by("channel").values_list("flow", "channel"):
        where.setdefault(name, []).append(channel)
    return [
        {"name": f.name, "label": f.label, "every_seconds": int(f.every.total_seconds()),
         "channels": where.get(f.name, [])}
        for f in flows().values()
    ]  # fmt: skip


@router.post(
    "/flows/{name}/run", response={202: QueuedOut}, auth=Key(Permission.RUN_FLOWS), summary="Run a flow now"
)
def run(request: HttpRequest, name: str, wanted: RunIn) -> Status[dict[str, object]]:
    return _enqueue(request, name, wanted.channel)


@router.get("/runs", response=RunPageOut, auth=Key(Permission.SEE), summary="Runs, in the order they started")
def list_runs(
    request: HttpRequest, flow: Filter = "", channel: Filter = "", outcome: Filter = "", cursor: Cursor = "",
    fields: Fields = "", limit: Limit = 50,
) -> HttpResponse:  # fmt: skip
    wanted = {"flow": flow, "channel": channel, "outcome": outcome}
    found = seen_by(request, Run.objects.all(), "channel")
    found = found.filter(**{name: value for name, value in wanted.items() if value})
    return answer_page("runs", found, COLUMNS, by="id", kind=int, cursor=cursor, limit=limit, fields=fields)


@router.get("/runs/{run_id}", response=RunOut, auth=Key(Permission.SEE), summary="One run")
def get_run(request: HttpRequest, run_id: Id) -> HttpResponse:
    return answer_json(one(seen_by(request, Run.objects.filter(pk=run_id), "channel"), COLUMNS))


@router.post(
    "/runs/{run_id}/retry", response={202: QueuedOut}, auth=Key(Permission.RUN_FLOWS),
    summary="Run the same flow on the same channel again",
)  # fmt: skip
def retry_run(request: HttpRequest, run_id: Id) -> Status[dict[str, object]]:
    found = one(seen_by(request, Run.objects.filter(pk=run_id), "channel"), COLUMNS)
    if found["outcome"] == Run.Outcome.RUNNING:
        raise Problem(409, "not_in_this_state", "It runs still.")
    return _enqueue(request, found["flow"], found["channel"])


def _enqueue(request: HttpRequest, name: str, channel: str) -> Status[dict[str, object]]:
    if name not in flows():
        raise Problem(404, "unknown_flow", f"No flow is called {name}.")
    if channel:
        require_channel(request, channel)
    else:
        require_every_channel(request)
    if not Turn.objects.filter(flow=name, channel=channel).exists():
        raise Problem(409, "not_there", f"The flow {name} does not run on « {channel} ».")
    job = enqueue_flow(name, channel, trigger="api", actor=str(caller(request)))
    return Status(202, {"flow": name, "channel": channel, "queued": job is not None, "job": job})


def _turns(request: HttpRequest) -> QuerySet[Turn]:
    return seen_by(request, Turn.objects.all(), "channel")
