"""Hub and ERP compared: days, gaps, what changed after the ERP had it, and what can be done about each."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from comptoir.accounts.roles import Permission
from comptoir.channels.models import Channel
from comptoir.core import clock
from comptoir.finance.models import ErpDay, ErpGap
from comptoir.finance.reconciliation import CannotSendAgain, send_missing_again
from comptoir.flows.connect import UnknownConnector, capabilities
from comptoir.flows.jobs import enqueue_flow
from comptoir.journal.models import Issue
from comptoir.orders.erp_gaps import KINDS
from comptoir.orders.models import Order
from comptoir.sdk.connector import Role
from comptoir.sdk.i18n import N_
from comptoir.sdk.money import to_cents
from comptoir.web.access import person, requires, seen_by
from comptoir.web.csv_export import Column
from comptoir.web.erp_tabs import tabs
from comptoir.web.paging import Key, page_of
from comptoir.web.rendering import go
from comptoir.web.tables import export_table

NEWEST_FIRST = Key(("found_at", "id"), descending=True)
DAYS_SHOWN = 14
DIVERGENCES_SHOWN = 25
TO_DO = {
    "missing": N_("Look for it in the ERP; when it is not there, send it again."),
    "stranger": N_(
        "Somebody made it in the ERP by hand, or with our prefix: give it another reference there."
    ),
    "amount": N_("Compare the lines, and correct the document in the ERP."),
    "doubled": N_("Cancel one of the two documents in the ERP."),
    "stuck": N_("Run the export again: it looks before it makes anything."),
}


@requires(Permission.SEE)
def erp(request: HttpRequest) -> HttpResponse:
    kind = request.GET.get("kind", "")
    page = page_of(_gaps(request), NEWEST_FIRST, request)
    for gap in page.rows:
        gap.words, gap.to_do = gettext(KINDS[gap.kind]), gettext(TO_DO[gap.kind])  # type: ignore[attr-defined]
    divergences, since = _divergences(request), timezone.localdate(clock.now()) - timedelta(days=DAYS_SHOWN)
    context = {
        "tabs": tabs(request), "page": page, "kinds": [(name, gettext(words)) for name, words in KINDS.items()],
        "chosen": kind, "erps": _erps(), "days": list(_days(request).filter(day__gt=since)), "days_shown": DAYS_SHOWN,
        "divergences": divergences[:DIVERGENCES_SHOWN], "more": len(divergences) > DIVERGENCES_SHOWN,
    }  # fmt: skip
    return render(request, "comptoir/erp/reconciliation.html", context)


@requires(Permission.SEE)
def export_gaps(request: HttpRequest, form: str) -> HttpResponseBase:
    return export_table(
        form, "erp-gaps", _gaps(request).order_by("-day", "reference", "kind"), _gap_columns()
    )


@requires(Permission.SEE)
def export_days(request: HttpRequest, form: str) -> HttpResponseBase:
    days = _days(request)
    return export_table(form, "erp-days", days.order_by("-day", "channel"), _day_columns())


@requires(Permission.RUN_FLOWS)
@require_POST
def compare_again(request: HttpRequest, key: str) -> HttpResponse:
    channel = get_object_or_404(Channel, key=key, role=Role.ERP)
    if not person(request).sees(key):
        raise Http404(key)
    enqueue_flow("reconcile_erp", channel.key, trigger="hand", actor=str(person(request)))
    messages.success(request, _("In the queue: it runs as soon as a worker is free."))
    return go(request, reverse("erp"))


@requires(Permission.RUN_FLOWS)
@require_POST
def send_again(request: HttpRequest, gap_id: int) -> HttpResponse:
    gap = get_object_or_404(_gaps(request), pk=gap_id)
    try:
        order = send_missing_again(gap.pk, actor=str(person(request)))
        messages.success(request, _("%(order)s goes to the ERP again.") % {"order": order.reference})
    except CannotSendAgain as error:
        messages.error(request, _("It cannot be sent again: %(why)s") % {"why": error})
    return go(request, reverse("erp"))


def _gaps(request: HttpRequest) -> QuerySet[ErpGap]:
    found = seen_by(person(request), ErpGap.objects.select_related("order", "erp"), "channel")
    kind = request.GET.get("kind", "")
    return found.filter(kind=kind) if kind in KINDS else found


def _days(request: HttpRequest) -> QuerySet[ErpDay]:
    return seen_by(person(request), ErpDay.objects.select_related("erp"), "channel")


def _erps() -> list[dict[str, Any]]:
    """Each ERP: does it show its books?"""
    found = []
    for channel in Channel.objects.filter(role=Role.ERP):
        try:
            compares = "BookedOrderSource" in capabilities(channel)
        except UnknownConnector:
            compares = False
        found.append({"channel": channel, "compares": compares})
    return found


def _divergences(request: HttpRequest) -> list[Issue]:
    """Orders that changed after the ERP had them, each with its order where it is known; one more than is shown."""
    found = Issue.objects.filter(state="open", reason=Issue.Reason.DIVERGENCE, subject_kind="order")
    issues = list(
        seen_by(person(request), found, "channel").order_by("-last_seen_at")[: DIVERGENCES_SHOWN + 1]
    )
    orders = {
        (order.channel.key, order.external_id): order
        for order in Order.objects.filter(
            channel__key__in={issue.channel for issue in issues},
            external_id__in=[issue.subject for issue in issues],
        ).select_related("channel")
    }
    for issue in issues:
        issue.order = orders.get((issue.channel, issue.subject))  # type: ignore[attr-defined]
    return issues


def _gap_columns() -> list[Column[ErpGap]]:
    return [
        (gettext("ERP"), lambda g: g.erp.name),
        (gettext("Kind"), lambda g: gettext(KINDS[g.kind])),
        (gettext("Reference"), lambda g: g.reference),
        (gettext("Channel"), lambda g: g.channel),
        (gettext("Channel's identifier"), lambda g: g.order.external_id if g.order else ""),
        (gettext("Day"), lambda g: g.day.isoformat() if g.day else ""),
        (gettext("In the hub"), lambda g: None if g.here_amount is None else to_cents(g.here_amount)),
        (gettext("In the ERP"), lambda g: None if g.there_amount is None else to_cents(g.there_amount)),
        (gettext("Documents"), lambda g: ", ".join(g.documents)),
        (gettext("Found on"), lambda g: g.found_at),
    ]


def _day_columns() -> list[Column[ErpDay]]:
    return [
        (gettext("ERP"), lambda d: d.erp.name),
        (gettext("Day"), lambda d: d.day.isoformat()),
        (gettext("Channel"), lambda d: d.channel),
        (gettext("Orders in the hub"), lambda d: d.here_count),
        (gettext("Amount in the hub"), lambda d: to_cents(d.here_amount)),
        (gettext("Documents in the ERP"), lambda d: d.there_count),
        (gettext("Amount in the ERP"), lambda d: to_cents(d.there_amount)),
        (gettext("Gaps"), lambda d: d.gaps),
        (gettext("Compared on"), lambda d: d.checked_at),
    ]
