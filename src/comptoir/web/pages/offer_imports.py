"""Offers from a file: what it would change, line by line; then kept in one act, or dropped."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from comptoir.accounts.roles import Permission
from comptoir.flows.import_offers import tell_channels
from comptoir.flows.jobs import enqueue_flow
from comptoir.offers.imports import NotReady, confirm, drop, receive_file
from comptoir.offers.models import OfferImport, OfferImportLine
from comptoir.offers.offer_files import TEXTS, UnreadableFile
from comptoir.web.access import person, requires
from comptoir.web.csv_export import stream_csv
from comptoir.web.forms.offers import OfferFileForm
from comptoir.web.paging import Key, page_of
from comptoir.web.queries.offer_imports import error_columns, show_lines
from comptoir.web.rendering import go, render_part

State = OfferImport.State
BY_LINE = Key(("number", "id"), descending=False)


@requires(Permission.CHANGE_OFFERS)
def imports(request: HttpRequest) -> HttpResponse:
    form = OfferFileForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            file = receive_file(upload.name, upload.read(), actor=str(person(request)),
                                only=person(request).narrowed_to)  # fmt: skip
        except UnreadableFile as error:
            form.add_error("file", _(str(error)))
        else:
            _hurry(file, str(person(request)))
            return go(request, reverse("offer-import", args=[file.pk]))
    context = {"form": form, "last": _mine(request).order_by("-id")[:10]}
    return render(request, "comptoir/offers/import.html", context, status=422 if form.errors else 200)


@requires(Permission.CHANGE_OFFERS)
def one(request: HttpRequest, import_id: int) -> HttpResponse:
    """The preview. While a worker is at it, the page asks again from time to time."""
    file = get_object_or_404(_mine(request), pk=import_id)
    lines = file.lines.exclude(outcome=OfferImportLine.Outcome.SAME)
    if outcome := request.GET.get("outcome"):
        lines = file.lines.filter(outcome=outcome)
    page = page_of(lines, BY_LINE, request)
    done, total = file.progress or (0, 0)
    busy = file.state in (State.READING, State.APPLYING)
    context = {"done": done, "total": total, "file": file, "busy": busy, "page": page, "lines": show_lines(page.rows),
               "why": _words(file), "outcome": outcome}  # fmt: skip
    return render_part(request, "comptoir/offers/import_one.html", "comptoir/offers/_import.html", context)


@requires(Permission.CHANGE_OFFERS)
@require_POST
def keep(request: HttpRequest, import_id: int) -> HttpResponse:
    get_object_or_404(_mine(request), pk=import_id)
    try:
        file = confirm(import_id, actor=str(person(request)), let_pass=request.POST.get("let_pass") == "1")
    except NotReady:
        messages.warning(request, _("This file is not waiting for that any more."))
        return go(request, reverse("offer-import", args=[import_id]))
    _hurry(file, str(person(request)))
    if file.state == State.APPLIED:
        tell_channels(file)
        words = ngettext("%(n)d offer is noted.", "%(n)d offers are noted.", file.applied) % {
            "n": file.applied
        }
        messages.success(request, f"{words} {_('The channels are told at the next publication.')}")
    return go(request, reverse("offer-import", args=[import_id]))


@requires(Permission.CHANGE_OFFERS)
@require_POST
def drop_it(request: HttpRequest, import_id: int) -> HttpResponse:
    get_object_or_404(_mine(request), pk=import_id)
    try:
        drop(import_id, actor=str(person(request)))
        messages.success(request, _("Dropped: nothing of it was kept."))
    except NotReady:
        messages.warning(request, _("This file is not waiting for that any more."))
    return go(request, reverse("offers-import"))


@requires(Permission.CHANGE_OFFERS)
def errors(request: HttpRequest, import_id: int) -> HttpResponseBase:
    """The lines that were not kept, with their cells and why: to be mended and given again."""
    file = get_object_or_404(_mine(request), pk=import_id)
    left = [OfferImportLine.Outcome.ERROR, OfferImportLine.Outcome.TOO_FAR]
    return stream_csv(
        "errors.csv", file.lines.filter(outcome__in=left).order_by("number", "id"), error_columns(file)
    )


def _hurry(file: OfferImport, actor: str) -> None:
    if file.state in (State.READING, State.APPLYING):
        enqueue_flow("import_offers", trigger="hand", actor=actor)


def _mine(request: HttpRequest) -> QuerySet[OfferImport]:
    """Who is narrowed to some channels sees the files that were read for those."""
    only = person(request).narrowed_to
    return OfferImport.objects.filter(only=list(only)) if only else OfferImport.objects.all()


def _words(file: OfferImport) -> str:
    return _(TEXTS[file.message]) if file.message in TEXTS else file.message
