"""Calendars of the house and of its warehouses: working days, cut-off, holidays, closed periods."""

from __future__ import annotations

from datetime import date, time
from typing import Annotated, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field

from comptoir.accounts.roles import Permission
from comptoir.api.access import Key, caller
from comptoir.api.problems import Problem
from comptoir.api.reading import Row, answer_json
from comptoir.api.texts import Body, Id, Name, Word
from comptoir.api.transactions import whole
from comptoir.flows.jobs import enqueue_flow
from comptoir.inventory.calendars import (
    BadCalendar,
    CalendarDraft,
    NoSuchClosure,
    as_working_days,
    calendar_of,
    coming_closed_days,
    keep_calendar,
    keep_closure,
    remove_closure,
)
from comptoir.inventory.models import Warehouse, WorkCalendar

router = Router(tags=["calendars"])
HOUSE = "house"
"""The name of the house's own calendar; the others are called by the code of their warehouse."""
Weekday = Annotated[int, Field(ge=0, le=6, description="0 is Monday.")]


class ClosureOut(Schema):
    id: int
    name: str
    first: date
    last: date


class ComingOut(Schema):
    day: date
    why: str
    name: str


class CalendarOut(Schema):
    calendar: str
    weekdays: list[int]
    cutoff: time | None
    country: str
    region: str
    in_closure: str
    closures: list[ClosureOut]
    coming: list[ComingOut]
    """Holidays and closed periods of the next four months."""


class CalendarsOut(Schema):
    calendars: list[CalendarOut]


class CalendarIn(Body):
    weekdays: Annotated[list[Weekday], Field(min_length=1, max_length=7)]
    cutoff: Annotated[time | None, Field(description="In the merchant's zone.")] = None
    country: Word = ""
    region: Word = ""
    in_closure: Literal["lengthen", "pause"] = "lengthen"


class ClosureIn(Body):
    name: Name
    first: date
    last: date


@router.get("", response=CalendarsOut, auth=Key(Permission.SEE), summary="Calendars")
def list_calendars(request: HttpRequest) -> HttpResponse:
    found = WorkCalendar.objects.select_related("warehouse").prefetch_related("closures").order_by("id")
    return answer_json({"calendars": [_told(calendar) for calendar in found]})


@router.put(
    "/{name}", response=CalendarOut, auth=Key(Permission.CHANGE_OFFERS),
    summary="Keep the calendar of the house (`house`) or of a warehouse (its code)",
)  # fmt: skip
@whole
def put_calendar(request: HttpRequest, name: str, calendar: CalendarIn) -> HttpResponse:
    warehouse = _warehouse(request, name)
    draft = CalendarDraft(
        tuple(calendar.weekdays), calendar.cutoff, calendar.country, calendar.region, calendar.in_closure
    )
    try:
        kept = keep_calendar(draft, warehouse=warehouse, actor=str(caller(request)))
    except BadCalendar as error:
        raise _refused(error) from error
    return _applied(kept)


@router.post(
    "/{name}/closures", response=CalendarOut, auth=Key(Permission.CHANGE_OFFERS), summary="Close some days"
)
@whole
def add_closure(request: HttpRequest, name: str, closure: ClosureIn) -> HttpResponse:
    kept = _calendar(request, name)
    try:
        keep_closure(kept, closure.name, closure.first, closure.last, actor=str(caller(request)))
    except BadCalendar as error:
        raise _refused(error) from error
    return _applied(kept)


@router.delete(
    "/{name}/closures/{closure_id}", response=CalendarOut, auth=Key(Permission.CHANGE_OFFERS),
    summary="Open them again",
)  # fmt: skip
@whole
def delete_closure(request: HttpRequest, name: str, closure_id: Id) -> HttpResponse:
    kept = _calendar(request, name)
    try:
        if not kept.closures.filter(pk=closure_id).exists():
            raise NoSuchClosure(closure_id)
        remove_closure(closure_id, actor=str(caller(request)))
    except NoSuchClosure as error:
        raise Problem(404, "not_found", "Nothing has this name.") from error
    return _applied(kept)


def _applied(calendar: WorkCalendar) -> HttpResponse:
    enqueue_flow("apply_lead_times", trigger="api")
    enqueue_flow("activate_offers", trigger="api")
    fresh = WorkCalendar.objects.select_related("warehouse").prefetch_related("closures").get(pk=calendar.pk)
    return answer_json(_told(fresh))


def _warehouse(request: HttpRequest, name: str) -> Warehouse | None:
    if caller(request).channels:
        raise Problem(
            403, "forbidden", "This key is narrowed to some channels; a calendar concerns all of them."
        )
    found = None if name == HOUSE else Warehouse.objects.filter(code=name).first()
    if name != HOUSE and found is None:
        raise Problem(404, "not_found", "Nothing has this name.")
    return found


def _calendar(request: HttpRequest, name: str) -> WorkCalendar:
    found = calendar_of(_warehouse(request, name))
    if found is None:
        raise Problem(404, "not_found", "Nothing has this name.")
    return found


def _refused(error: BadCalendar) -> Problem:
    return Problem(422, "invalid", f"This calendar cannot be: {error}.")


def _told(calendar: WorkCalendar) -> Row:
    return {
        "calendar": HOUSE if calendar.warehouse is None else calendar.warehouse.code,
        "weekdays": list(calendar.weekdays), "cutoff": calendar.cutoff, "country": calendar.country,
        "region": calendar.region, "in_closure": calendar.in_closure,
        "closures": [{"id": one.pk, "name": one.name, "first": one.first_date, "last": one.last_date}
                     for one in calendar.closures.all()],
        "coming": [{"day": one.day, "why": one.why, "name": one.name}
                   for one in coming_closed_days(as_working_days(calendar))],
    }  # fmt: skip
