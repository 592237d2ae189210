"""The board of flows, their runs and what they said to the other side."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from comptoir.accounts.roles import Permission
from comptoir.channels.models import Channel
from comptoir.flows.jobs import enqueue_flow
from comptoir.flows.models import Turn
from comptoir.flows.read_again import CannotReadAgain, can_read_again, read_again
from comptoir.flows.registry import flows as known_flows
from comptoir.flows.turns import set_paused
from comptoir.journal.models import Exchange, Run
from comptoir.web.access import person, requires, seen_by
from comptoir.web.notices import tell_undoable
from comptoir.web.paging import Key, page_of
from comptoir.web.queries.completeness import read_calendars
from comptoir.web.queries.exchanges import compare
from comptoir.web.queries.flows import completeness, read_board, turn_of
from comptoir.web.queries.timeline import timeline
from comptoir.web.rendering import back, go, render_part

NEWEST_FIRST = Key(("started_at", "id"), descending=True)


@requires(Permission.SEE)
def flows(request: HttpRequest) -> HttpResponse:
    return render_part(
        request,
        "comptoir/flows/board.html",
        "comptoir/flows/_board.html",
        {"columns": read_board(person(request).narrowed_to)},
    )


@requires(Permission.RUN_FLOWS)
@require_POST
def run_turn(request: HttpRequest, turn_id: int) -> HttpResponse:
    turn = get_object_or_404(_turns(request), pk=turn_id, flow__in=known_flows())
    if enqueue_flow(turn.flow, turn.channel, trigger="hand", actor=str(person(request))) is None:
        messages.warning(request, _("It waits in the queue already."))
    else:
        messages.success(request, _("In the queue: it runs as soon as a worker is free."))
    return back(request, reverse("flows"))


@requires(Permission.RUN_FLOWS)
@require_POST
def pause_turn(request: HttpRequest, turn_id: int) -> HttpResponse:
    paused = request.POST.get("paused") == "1"
    set_paused(get_object_or_404(_turns(request), pk=turn_id), paused, actor=str(person(request)))
    words = _("Paused: it only runs by hand.") if paused else _("Runs by itself again.")
    tell_undoable(request, words, reverse("turn-pause", args=[turn_id]), paused="0" if paused else "1")
    return back(request, reverse("flows"))


@requires(Permission.SEE)
def runs(request: HttpRequest) -> HttpResponse:
    names = {"flow": request.GET.get("flow"), "channel": request.GET.get("channel"),
             "outcome": request.GET.get("outcome")}  # fmt: skip
    found = seen_by(person(request), Run.objects.all(), "channel")
    found = found.filter(**{name: value for name, value in names.items() if value})
    context: dict[str, Any] = {"page": page_of(found, NEWEST_FIRST, request), "chosen": names, "flows": known_flows(),
                               "channels": seen_by(person(request), Channel.objects.all(), "key"),
                               "outcomes": Run.Outcome.choices}  # fmt: skip
    return render_part(request, "comptoir/flows/runs.html", "comptoir/flows/_runs.html", context)


@requires(Permission.SEE)
def run(request: HttpRequest, run_id: int) -> HttpResponse:
    found = get_object_or_404(seen_by(person(request), Run.objects.all(), "channel"), pk=run_id)
    exchanges = list(found.exchanges.order_by("id"))
    context = {
        "run": found,
        "exchanges": exchanges,
        "timeline": timeline(found, exchanges),
        "turn": turn_of(found),
    }
    return render(request, "comptoir/flows/run.html", context)


@requires(Permission.SEE)
def exchange(request: HttpRequest, exchange_id: int) -> HttpResponse:
    seen = seen_by(person(request), Exchange.objects.select_related("run"), "channel")
    found = get_object_or_404(seen, pk=exchange_id)
    context: dict[str, Any] = {
        "exchange": found, "turn": turn_of(found.run), "rereads": can_read_again(found)
    }  # fmt: skip
    if (before := request.GET.get("before", "")).isdecimal() and len(before) < 19:
        same = seen.filter(pk=before, channel=found.channel, operation=found.operation, url=found.url).first()
        context["compared"] = compare(same, found) if same else None
    return render(request, "comptoir/flows/exchange.html", context)


@requires(Permission.RUN_FLOWS)
@require_POST
def ask_again(request: HttpRequest, exchange_id: int) -> HttpResponse:
    """A reading alone: the same address, and what is answered now beside what was answered then."""
    before = get_object_or_404(seen_by(person(request), Exchange.objects.all(), "channel"), pk=exchange_id)
    here = reverse("exchange", args=[before.pk])
    try:
        now = read_again(before, actor=str(person(request)))
    except CannotReadAgain:
        messages.warning(request, _("This exchange cannot be repeated to the letter."))
        return go(request, here)
    if now is None:
        messages.warning(
            request, _("Nothing was asked: our own limit of calls, or the settings, said no. Runs say why.")
        )
        return go(request, here)
    return go(request, f"{reverse('exchange', args=[now.pk])}?before={before.pk}")


@requires(Permission.SEE)
def days(request: HttpRequest) -> HttpResponse:
    channels = person(request).narrowed_to
    context = {"days": completeness(channels=channels), "calendars": read_calendars(channels)}
    return render(request, "comptoir/flows/completeness.html", context)


def _turns(request: HttpRequest) -> QuerySet[Turn]:
    return seen_by(person(request), Turn.objects.all(), "channel")
