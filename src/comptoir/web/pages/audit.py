"""Who did what, before and after."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext

from comptoir.accounts.roles import Permission
from comptoir.journal.models import Change
from comptoir.web.access import requires
from comptoir.web.audit_words import ACTIONS
from comptoir.web.csv_export import Column
from comptoir.web.paging import page_of
from comptoir.web.queries.audit import NEWEST_FIRST, AuditFilters, differences, find_changes
from comptoir.web.rendering import go, render_part
from comptoir.web.tables import TooLong, export_table, too_long


@requires(Permission.MANAGE_USERS)
def changes(request: HttpRequest) -> HttpResponse:
    filters = AuditFilters.read(request.GET)
    page = page_of(find_changes(filters), NEWEST_FIRST, request)
    rows = [(change, list(differences(change))) for change in page.rows]
    context = {"filters": filters, "page": page, "rows": rows, "actions": ACTIONS}
    return render_part(request, "comptoir/audit/list.html", "comptoir/audit/_rows.html", context)


@requires(Permission.MANAGE_USERS)
def export_changes(request: HttpRequest, form: str) -> HttpResponseBase:
    found = find_changes(AuditFilters.read(request.GET)).order_by("-id")
    try:
        return export_table(form, "audit", found, _columns())
    except TooLong:
        messages.warning(request, too_long())
        return go(request, f"{reverse('audit')}?{request.GET.urlencode()}")


def _columns() -> list[Column[Change]]:
    return [
        (gettext("When"), lambda c: c.at),
        (gettext("Who"), lambda c: c.actor),
        (gettext("From where"), lambda c: c.address),
        (gettext("Action"), lambda c: gettext(ACTIONS[c.action]) if c.action in ACTIONS else c.action),
        (gettext("Code"), lambda c: c.action),
        (gettext("Kind"), lambda c: c.subject_kind),
        (gettext("Subject"), lambda c: c.subject),
        (gettext("Before"), lambda c: "; ".join(f"{d.name}: {d.before}" for d in differences(c))),
        (gettext("After"), lambda c: "; ".join(f"{d.name}: {d.after}" for d in differences(c))),
    ]
