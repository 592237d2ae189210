"""Tables from a file: seen first, then applied, and taken back with one button. Counts and products here; rules of
quantity have addresses of their own, for those who may change offers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from comptoir.accounts.roles import Permission
from comptoir.core import sheets
from comptoir.flows.models import TableFile
from comptoir.flows.table_files import FORMS, NotNow, apply_file, drop_file, read_file, table_of, undo_file
from comptoir.offers.file_rules import preview_changes
from comptoir.sdk.i18n import N_
from comptoir.web.access import person, requires
from comptoir.web.forms.files import TableFileForm
from comptoir.web.queries.files import read_preview
from comptoir.web.rendering import go

SHOWN = 50
Kind = TableFile.Kind
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True)
class Desk:
    """Where some kinds of tables are given: the names of its addresses."""

    kinds: tuple[str, ...]
    files: str
    file: str
    apply: str
    undo: str
    drop: str
    lead: str


TABLES = Desk((Kind.STOCK, Kind.PRODUCTS), "table-files", "table-file", "table-apply", "table-undo", "table-drop",
              N_("Counts and products from a file"))  # fmt: skip
RULES = Desk((Kind.RULES,), "rule-files", "rule-file", "rule-file-apply", "rule-file-undo", "rule-file-drop",
             N_("Rules of quantity from a file"))  # fmt: skip


@requires(Permission.CHANGE_STOCK)
def files(request: HttpRequest) -> HttpResponse:
    return _files(request, TABLES)


@requires(Permission.CHANGE_STOCK)
def table_file(request: HttpRequest, file_id: int) -> HttpResponse:
    return _show(request, file_id, TABLES)


@requires(Permission.CHANGE_STOCK)
@require_POST
def apply(request: HttpRequest, file_id: int) -> HttpResponse:
    return _act(request, file_id, TABLES, apply_file, _told_applied)


@requires(Permission.CHANGE_STOCK)
@require_POST
def undo(request: HttpRequest, file_id: int) -> HttpResponse:
    return _act(request, file_id, TABLES, undo_file, _told_undone)


@requires(Permission.CHANGE_STOCK)
@require_POST
def drop(request: HttpRequest, file_id: int) -> HttpResponse:
    return _act(request, file_id, TABLES, _drop, _told_dropped)


@requires(Permission.CHANGE_OFFERS)
def rule_files(request: HttpRequest) -> HttpResponse:
    return _files(request, RULES)


@requires(Permission.CHANGE_OFFERS)
def rule_file(request: HttpRequest, file_id: int) -> HttpResponse:
    return _show(request, file_id, RULES)


@requires(Permission.CHANGE_OFFERS)
@require_POST
def rule_apply(request: HttpRequest, file_id: int) -> HttpResponse:
    return _act(request, file_id, RULES, apply_file, _told_applied)


@requires(Permission.CHANGE_OFFERS)
@require_POST
def rule_undo(request: HttpRequest, file_id: int) -> HttpResponse:
    return _act(request, file_id, RULES, undo_file, _told_undone)


@requires(Permission.CHANGE_OFFERS)
@require_POST
def rule_drop(request: HttpRequest, file_id: int) -> HttpResponse:
    return _act(request, file_id, RULES, _drop, _told_dropped)


@requires(Permission.SEE)
def start(request: HttpRequest, kind: str, form: str) -> HttpResponse:
    """What there is now, in the shape in which it is read again."""
    if kind not in Kind.values or form not in FORMS:
        raise Http404(form)
    if kind in RULES.kinds:
        _for_every_channel(request)
    answer = HttpResponse(table_of(kind, form), content_type=TYPES[form])
    answer["Content-Disposition"] = f'attachment; filename="{kind}.{form}"'
    return answer


def _files(request: HttpRequest, desk: Desk) -> HttpResponse:
    _for_every_channel(request)
    form = TableFileForm(
        desk.kinds, request.POST or None, request.FILES or None,
        initial={"kind": request.GET.get("kind") or desk.kinds[0]},
    )  # fmt: skip
    if form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            content = sheets.read_upload(upload)
            given = read_file(form.cleaned_data["kind"], upload.name, content, actor=str(person(request)))
            return go(request, reverse(desk.file, args=[given.pk]))
        except sheets.UnreadableFile as error:
            form.add_error("file", _(sheets.TEXTS[str(error)]))
    context = {
        "form": form, "files": _given(desk).defer("content", "changes", "faults")[:SHOWN], "desk": desk,
        "starts": [(kind, Kind(kind).label) for kind in desk.kinds],
    }  # fmt: skip
    return render(request, "comptoir/stock/files.html", context, status=422 if form.errors else 200)


def _show(request: HttpRequest, file_id: int, desk: Desk) -> HttpResponse:
    _for_every_channel(request)
    file = get_object_or_404(_given(desk), pk=file_id)
    quantities = None
    if file.kind == Kind.RULES and file.state == TableFile.State.READ:
        quantities = preview_changes(file.changes)
    context = {"file": file, "preview": read_preview(file), "desk": desk, "quantities": quantities}
    return render(request, "comptoir/stock/file.html", context)


def _given(desk: Desk) -> QuerySet[TableFile]:
    return TableFile.objects.filter(kind__in=desk.kinds).exclude(state=TableFile.State.READY)


def _for_every_channel(request: HttpRequest) -> None:
    """Not for who is narrowed to some: a file names any."""
    if person(request).narrowed_to:
        raise Http404


def _act(
    request: HttpRequest,
    file_id: int,
    desk: Desk,
    act: Callable[..., TableFile],
    words: Callable[[TableFile], str],
) -> HttpResponse:
    _for_every_channel(request)
    get_object_or_404(_given(desk), pk=file_id)
    try:
        messages.success(request, words(act(file_id, actor=str(person(request)))))
    except NotNow:
        messages.error(request, _("Somebody was quicker: look at it again."))
    return go(request, reverse(desk.file, args=[file_id]))


def _drop(file_id: int, *, actor: str) -> TableFile:
    return drop_file(file_id)


def _told_undone(file: TableFile) -> str:
    if file.kind == Kind.RULES:
        return _("Taken back, but for rules that somebody changed since.")
    return _("Taken back: what moved since stays counted.")


def _told_dropped(file: TableFile) -> str:
    return _("Dropped: nothing was changed.")


def _told_applied(file: TableFile) -> str:
    return ngettext("%(n)d line is applied.", "%(n)d lines are applied.", file.applied) % {"n": file.applied}
