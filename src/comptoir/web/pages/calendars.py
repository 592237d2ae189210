"""The calendar of the house or of a warehouse: what it makes of some days of work, and its closed periods."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from comptoir.accounts.roles import Permission
from comptoir.flows.jobs import enqueue_flow
from comptoir.inventory.calendars import (
    BadCalendar,
    as_working_days,
    calendar_of,
    coming_closed_days,
    draft_days,
    keep_calendar,
    keep_closure,
    lost_holidays,
    remove_calendar,
    remove_closure,
)
from comptoir.inventory.models import ClosedPeriod, Warehouse, WorkCalendar
from comptoir.web.access import person, requires
from comptoir.web.forms.lead_times import CalendarForm, ClosureForm
from comptoir.web.lead_times import closed_words, examples
from comptoir.web.rendering import go


@requires(Permission.CHANGE_OFFERS)
def calendar(request: HttpRequest, warehouse_id: int | None = None) -> HttpResponse:
    """« See what changes » shows what would be told; « Keep » keeps."""
    warehouse, kept = _of(request, warehouse_id)
    form = CalendarForm(kept, request.POST or None)
    then = None
    if form.is_valid():
        try:
            if "keep" in request.POST:
                keep_calendar(form.draft(), warehouse=warehouse, actor=str(person(request)))
                return _applied(
                    request, warehouse, _("The calendar is kept. What offers tell is computed again.")
                )
            then = examples(draft_days(form.draft(), kept))
        except BadCalendar as error:
            form.refuse(error.code)
    return _show(request, warehouse, kept, form, ClosureForm(), then)


@requires(Permission.CHANGE_OFFERS)
@require_POST
def close(request: HttpRequest, warehouse_id: int | None = None) -> HttpResponse:
    warehouse, kept = _of(request, warehouse_id)
    if kept is None:
        raise Http404(warehouse_id)
    form = ClosureForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            keep_closure(kept, given["name"], given["first"], given["last"], actor=str(person(request)))
            return _applied(
                request, warehouse, _("The closed period is kept. What offers tell is computed again.")
            )
        except BadCalendar as error:
            form.refuse(error.code)
    return _show(request, warehouse, kept, CalendarForm(kept), form, None)


@requires(Permission.CHANGE_OFFERS)
@require_POST
def reopen(request: HttpRequest, closure_id: int) -> HttpResponse:
    period = get_object_or_404(ClosedPeriod.objects.select_related("calendar__warehouse"), pk=closure_id)
    warehouse, _kept = _of(request, period.calendar.warehouse_id)
    remove_closure(closure_id, actor=str(person(request)))
    return _applied(
        request, warehouse, _("The closed period is removed. What offers tell is computed again.")
    )


@requires(Permission.CHANGE_OFFERS)
@require_POST
def remove(request: HttpRequest, warehouse_id: int | None = None) -> HttpResponse:
    warehouse, kept = _of(request, warehouse_id)
    if kept is None:
        raise Http404(warehouse_id)
    remove_calendar(kept, actor=str(person(request)))
    return _applied(request, warehouse, _("The calendar is removed."))


def _of(request: HttpRequest, warehouse_id: int | None) -> tuple[Warehouse | None, WorkCalendar | None]:
    """A calendar concerns every channel: it is not for who is narrowed to some."""
    if person(request).narrowed_to:
        raise Http404(warehouse_id)
    warehouse = None if warehouse_id is None else get_object_or_404(Warehouse, pk=warehouse_id)
    return warehouse, calendar_of(warehouse)


def _show(
    request: HttpRequest, warehouse: Warehouse | None, kept: WorkCalendar | None, form: CalendarForm,
    closure_form: ClosureForm, then: object,
) -> HttpResponse:  # fmt: skip
    days = None if kept is None else as_working_days(kept, get_language() or "")
    context = {
        "warehouse": warehouse, "calendar": kept, "form": form, "closure_form": closure_form, "now": examples(days),
        "then": then, "closures": [] if kept is None else kept.closures.all(),
        "lost": "" if kept is None else lost_holidays(kept),
        "closed": [] if days is None else [(one.day, closed_words(one)) for one in coming_closed_days(days)],
    }  # fmt: skip
    failed = (form.is_bound and form.errors) or closure_form.errors
    return render(request, "comptoir/offers/calendar.html", context, status=422 if failed else 200)


def _applied(request: HttpRequest, warehouse: Warehouse | None, words: str) -> HttpResponse:
    enqueue_flow("apply_lead_times", trigger="hand", actor=str(person(request)))
    enqueue_flow("activate_offers", trigger="hand", actor=str(person(request)))
    messages.success(request, words)
    address = reverse("calendar") if warehouse is None else reverse("calendar-warehouse", args=[warehouse.pk])
    return go(request, address)
