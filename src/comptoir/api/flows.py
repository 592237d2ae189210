"""Flows: see them, start one, follow its run, see what they could not settle."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router
from ninja.responses import Status

from comptoir.accounts.roles import Permission
from comptoir.api.access import Key, caller
from comptoir.api.cursors import page_after
from comptoir.api.problems import Problem
from comptoir.api.schemas import FlowOut, IssuePageOut, QueuedOut, RunIn, RunOut
from comptoir.flows.jobs import enqueue_flow
from comptoir.flows.models import Turn
from comptoir.flows.registry import flows
from comptoir.journal.models import Issue, Run

router = Router(tags=["flows"])


@router.get("/flows", response=list[FlowOut], auth=Key(Permission.SEE), summary="Every flow")
def list_flows(request: HttpRequest) -> list[dict[str, object]]:
    where: dict[str, list[str]] = {}
    for name, channel in Turn.objects.order_by("channel").values_list("flow", "channel"):
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
    if name not in flows():
        raise Problem(404, "unknown_flow", f"No flow is called {name}.")
    if not Turn.objects.filter(flow=name, channel=wanted.channel).exists():
        raise Problem(409, "not_there", f"The flow {name} does not run on « {wanted.channel} ».")
    job = enqueue_flow(name, wanted.channel, trigger="api", actor=str(caller(request)))
    return Status(202, {"flow": name, "channel": wanted.channel, "queued": job is not None, "job": job})


@router.get("/runs/{run_id}", response=RunOut, auth=Key(Permission.SEE), summary="One run")
def get_run(request: HttpRequest, run_id: int) -> Run:
    return get_object_or_404(Run, pk=run_id)


@router.get("/issues", response=IssuePageOut, auth=Key(Permission.SEE), summary="Issues, by when last seen")
def list_issues(
    request: HttpRequest,
    state: str = "open",
    channel: str = "",
    cursor: str = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> dict[str, object]:
    found = Issue.objects.filter(state=state)
    issues, following = page_after(
        found.filter(channel=channel) if channel else found, "last_seen_at", cursor, limit
    )
    return {"issues": issues, "next_cursor": following}
