"""Counts and products from a file: seen first, then applied, and taken back with one button."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
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
from comptoir.web.access import person, requires
from comptoir.web.forms.files import TableFileForm
from comptoir.web.queries.files import read_preview
from comptoir.web.rendering import go

SHOWN = 50
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@requires(Permission.CHANGE_STOCK)
def files(request: HttpRequest) -> HttpResponse:
    form = TableFileForm(
        request.POST or None, request.FILES or None, initial={"kind": request.GET.get("kind")}
    )
    if form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            content = sheets.read_upload(upload)
            given = read_file(form.cleaned_data["kind"], upload.name, content, actor=str(person(request)))
            return go(request, reverse("table-file", args=[given.pk]))
        except sheets.UnreadableFile as error:
            form.add_error("file", _(sheets.TEXTS[str(error)]))
    kept = TableFile.objects.exclude(state=TableFile.State.READY).defer("content", "changes", "faults")[
        :SHOWN
    ]
    context = {"form": form, "files": kept}
    return render(request, "comptoir/stock/files.html", context, status=422 if form.errors else 200)


@requires(Permission.CHANGE_STOCK)
def table_file(request: HttpRequest, file_id: int) -> HttpResponse:
    file = get_object_or_404(TableFile.objects.exclude(state=TableFile.State.READY), pk=file_id)
    return render(request, "comptoir/stock/file.html", {"file": file, "preview": read_preview(file)})


@requires(Permission.CHANGE_STOCK)
@require_POST
def apply(request: HttpRequest, file_id: int) -> HttpResponse:
    return _act(request, file_id, apply_file, _told_applied)


@requires(Permission.CHANGE_STOCK)
@require_POST
def undo(request: HttpRequest, file_id: int) -> HttpResponse:
    return _act(request, file_id, undo_file, lambda _file: _("Taken back: what moved since stays counted."))


@requires(Permission.CHANGE_STOCK)
@require_POST
def drop(request: HttpRequest, file_id: int) -> HttpResponse:
    return _act(
        request, file_id, lambda pk, actor: drop_file(pk), lambda _file: _("Dropped: nothing was changed.")
    )


@requires(Permission.SEE)
def start(request: HttpRequest, kind: str, form: str) -> HttpResponse:
    """What there is now, in the shape in which it is read again."""
    if kind not in TableFile.Kind.values or form not in FORMS:
        raise Http404(form)
    answer = HttpResponse(table_of(kind, form), content_type=TYPES[form])
    answer["Content-Disposition"] = f'attachment; filename="{kind}.{form}"'
    return answer


def _act(
    request: HttpRequest, file_id: int, act: Callable[..., TableFile], words: Callable[[TableFile], str]
) -> HttpResponse:
    try:
        messages.success(request, words(act(file_id, actor=str(person(request)))))
    except TableFile.DoesNotExist as error:
        raise Http404 from error
    except NotNow:
        messages.error(request, _("Somebody was quicker: look at it again."))
    return go(request, reverse("table-file", args=[file_id]))


def _told_applied(file: TableFile) -> str:
    return ngettext("%(n)d line is applied.", "%(n)d lines are applied.", file.applied) % {"n": file.applied}
