"""Issues: what a person must look at; tried again, closed."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field

from comptoir.accounts.roles import Permission
from comptoir.api.access import Key, caller, seen_by
from comptoir.api.problems import Problem
from comptoir.api.reading import Row, answer_json, answer_page, locked, one, require_match
from comptoir.api.texts import Body, Cursor, Fields, Filter, Id, Limit, Sentence
from comptoir.api.transactions import whole
from comptoir.core.locks import Busy
from comptoir.flows.remedies import CannotRetry, remedy_of, retry_issue
from comptoir.journal.issues import close_issue
from comptoir.journal.models import Issue

router = Router(tags=["issues"])


class IssueOut(Schema):
    id: int
    reason: str
    state: str
    channel: str
    flow: str
    subject_kind: str
    subject: str
    message: str
    action: str
    occurrences: int
    opened_at: datetime
    last_seen_at: datetime
    closed_at: datetime | None
    closed_by: str
    resolution: str


class IssuePageOut(Schema):
    issues: list[IssueOut]
    next_cursor: str | None


class CloseIn(Body):
    resolution: Annotated[Sentence, Field(min_length=1)]
    """What was done, in a few words."""


COLUMNS = {name: name for name in IssueOut.model_fields}


@router.get("", response=IssuePageOut, auth=Key(Permission.SEE), summary="Issues, by when last seen")
def list_issues(
    request: HttpRequest, state: Literal["open", "closed"] = "open", channel: Filter = "", reason: Filter = "",
    cursor: Cursor = "", fields: Fields = "", limit: Limit = 50,
) -> HttpResponse:  # fmt: skip
    wanted = {"channel": channel, "reason": reason}
    found = seen_by(request, Issue.objects.filter(state=state), "channel")
    found = found.filter(**{name: value for name, value in wanted.items() if value})
    return answer_page("issues", found, COLUMNS, by="last_seen_at", cursor=cursor, limit=limit, fields=fields)


@router.get("/{issue_id}", response=IssueOut, auth=Key(Permission.SEE), summary="One issue")
def get_issue(request: HttpRequest, issue_id: Id) -> HttpResponse:
    return answer_json(_read(request, issue_id))


@router.post("/{issue_id}/retry", response=IssueOut, auth=Key(Permission.RUN_FLOWS), summary="Try it again")
def retry(request: HttpRequest, issue_id: Id, answer: Literal["", "other"] = "") -> HttpResponse:
    """`answer=other`: where an issue has two answers, such as whose price it shall be, the second."""
    issue = _seen(request, issue_id).first()
    if issue is None:
        raise Problem(404, "not_found", "Nothing has this name.")
    if issue.state != Issue.State.OPEN:
        raise Problem(409, "not_in_this_state", "It is closed.")
    needs = remedy_of(issue.action).needs
    if not caller(request).may(needs):
        raise Problem(403, "forbidden", f"This one needs the permission {needs}.")
    request.keeps_its_work = True  # type: ignore[attr-defined]
    try:
        retry_issue(issue, actor=str(caller(request)), other=answer == "other")
    except Busy as error:
        raise Problem(409, "busy", "The channel is being read right now: try again in a moment.") from error
    except CannotRetry as error:
        raise Problem(409, "cannot_retry", f"It cannot be tried again: {error}.") from error
    return answer_json(_read(request, issue_id))


@router.post("/{issue_id}/close", response=IssueOut, auth=Key(Permission.RUN_FLOWS), summary="Close it")
@whole
def close(request: HttpRequest, issue_id: Id, wanted: CloseIn) -> HttpResponse:
    issue: Issue = locked(_seen(request, issue_id))
    require_match(request, _read(request, issue_id))
    if issue.state != Issue.State.OPEN:
        raise Problem(409, "not_in_this_state", "It is closed already.")
    close_issue(issue, by=str(caller(request)), resolution=wanted.resolution)
    return answer_json(_read(request, issue_id))


def _seen(request: HttpRequest, issue_id: int) -> QuerySet[Issue]:
    return seen_by(request, Issue.objects.filter(pk=issue_id), "channel")


def _read(request: HttpRequest, issue_id: int) -> Row:
    return one(_seen(request, issue_id), COLUMNS)
