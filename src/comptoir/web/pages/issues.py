"""Issues by cause, what is recommended, retry and close."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from comptoir.accounts.roles import Permission
from comptoir.channels.models import Channel
from comptoir.core.locks import Busy
from comptoir.flows.remedies import RETRIED_AT_ONCE, CannotRetry, remedy_of, retry_issue, retry_issues
from comptoir.journal.issues import close_issue
from comptoir.journal.models import Issue
from comptoir.web.access import forbidden, person, requires, seen_by
from comptoir.web.forms.issues import CloseForm
from comptoir.web.paging import Key, page_of
from comptoir.web.queries.flows import open_causes
from comptoir.web.rendering import back, go, render_dialog, render_part

NEWEST_FIRST = Key(("last_seen_at", "id"), descending=True)


@requires(Permission.SEE)
def issues(request: HttpRequest) -> HttpResponse:
    channel, reason = request.GET.get("channel", ""), request.GET.get("reason", "")
    context = {
        "causes": open_causes(channel=channel, reason=reason, channels=person(request).narrowed_to),
        "chosen": {"channel": channel, "reason": reason},
        "channels": seen_by(person(request), Channel.objects.all(), "key"),
        "reasons": Issue.Reason.choices,
    }
    return render_part(request, "comptoir/issues/list.html", "comptoir/issues/_causes.html", context)


@requires(Permission.SEE)
def issue_list(request: HttpRequest) -> HttpResponse:
    """Every issue of one cause, open or closed."""
    names = {name: request.GET.get(name) for name in ("channel", "reason", "action", "state")}
    found = _seen(request).filter(**{name: value for name, value in names.items() if value})
    context = {"page": page_of(found, NEWEST_FIRST, request), "chosen": names}
    return render_part(request, "comptoir/issues/all.html", "comptoir/issues/_all.html", context)


@requires(Permission.RUN_FLOWS)
@require_POST
def retry(request: HttpRequest, issue_id: int) -> HttpResponse:
    issue = get_object_or_404(_seen(request), pk=issue_id, state=Issue.State.OPEN)
    remedy = remedy_of(issue.action)
    if not person(request).may(remedy.needs):
        return forbidden(request, remedy.needs)
    try:
        retry_issue(issue, actor=str(person(request)), other=request.POST.get("answer") == "other")
        done = _("Tried again: the issue closes by itself when it works.")
        messages.success(request, done if not remedy.button else _("It leaves at the next publication."))
    except Busy:
        messages.warning(request, _("The channel is being read right now: try again in a moment."))
    except CannotRetry as error:
        messages.error(request, _("It cannot be tried again: %(why)s") % {"why": error})
    return back(request, reverse("issues"))


@requires(Permission.RUN_FLOWS)
@require_POST
def retry_all(request: HttpRequest) -> HttpResponse:
    """The open issues of one cause, the newest first; a go that is too long leaves the rest, and says so."""
    same = {name: request.POST.get(name, "") for name in ("channel", "reason", "action")}
    found = _seen(request).filter(state=Issue.State.OPEN, **same)
    tried = retry_issues(found[:RETRIED_AT_ONCE], actor=str(person(request)))
    words = ngettext("%(n)d issue was tried again.", "%(n)d issues were tried again.", tried.count)
    messages.success(request, words % {"n": tried.count})
    for why in tried.failures:
        messages.error(request, _("It cannot be tried again: %(why)s") % {"why": why})
    if found.count() > RETRIED_AT_ONCE:
        messages.warning(request, _("%(n)d at most are tried in one go: press again for the rest.") % {
            "n": RETRIED_AT_ONCE})  # fmt: skip
    return back(request, reverse("issues"))


@requires(Permission.RUN_FLOWS)
def close(request: HttpRequest, issue_id: int) -> HttpResponse:
    issue = get_object_or_404(_seen(request), pk=issue_id, state=Issue.State.OPEN)
    form = CloseForm(request.POST or None)
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return render_dialog(
            request, "comptoir/issues/close.html", {"issue": issue, "form": form}, status=status
        )
    close_issue(issue, by=str(person(request)), resolution=form.cleaned_data["resolution"])
    messages.success(request, _("Closed."))
    return go(request, reverse("issues"))


def _seen(request: HttpRequest) -> QuerySet[Issue]:
    return seen_by(person(request), Issue.objects.all(), "channel")
