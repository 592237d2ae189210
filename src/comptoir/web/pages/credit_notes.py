"""Credit notes of the ERP: the rule of each channel, and what a person decides."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from comptoir.accounts.roles import Permission
from comptoir.channels.models import Channel
from comptoir.finance.credit_notes import AlreadyDecided, decide_credit_note, is_open, set_rule
from comptoir.finance.models import CreditNoteRule, ErpDocument
from comptoir.flows.connect import UnknownConnector, capabilities
from comptoir.sdk.connector import Role
from comptoir.web.access import person, requires, seen_by
from comptoir.web.erp_tabs import tabs
from comptoir.web.paging import Key, page_of
from comptoir.web.rendering import back, go

NEWEST_FIRST = Key(("document_date", "id"), descending=True)
DECISIONS = ("refund", "already", "decline")


@dataclass(frozen=True)
class Rule:
    channel: Channel
    automatic: bool
    refunds: bool
    """Does the channel take a refund from here?"""


@requires(Permission.SEE)
def credit_notes(request: HttpRequest) -> HttpResponse:
    user, state = person(request), request.GET.get("state", "")
    found = ErpDocument.objects.filter(kind=ErpDocument.Kind.CREDIT_NOTE).exclude(refunding="")
    found = seen_by(user, found.select_related("order__channel", "refund"), "order__channel__key")
    if state and state in ErpDocument.Refunding.values:
        found = found.filter(refunding=state)
    channels = seen_by(user, Channel.objects.filter(role=Role.MARKETPLACE), "key")
    page = page_of(found, NEWEST_FIRST, request)
    for document in page.rows:
        document.can_decide = is_open(document)  # type: ignore[attr-defined]
    context = {
        "page": page, "chosen": state, "tabs": tabs(request),
        "states": [choice for choice in ErpDocument.Refunding.choices if choice[0]],
        "rules": [_rule(channel) for channel in channels],
    }  # fmt: skip
    return render(request, "comptoir/erp/credit_notes.html", context)


@requires(Permission.WORK_ORDERS)
@require_POST
def decide(request: HttpRequest, document_id: int) -> HttpResponse:
    seen = seen_by(person(request), ErpDocument.objects.all(), "order__channel__key")
    document, decision = get_object_or_404(seen, pk=document_id), request.POST.get("decision", "")
    if decision not in DECISIONS:
        return HttpResponse(status=400)
    try:
        decide_credit_note(document.pk, decision, actor=str(person(request)))
        messages.success(request, _("Noted: %(number)s.") % {"number": document.number})
    except AlreadyDecided:
        messages.error(request, _("This credit note is settled already."))
    return back(request, reverse("credit-notes"))


@requires(Permission.MANAGE_CHANNELS)
@require_POST
def rule(request: HttpRequest, key: str) -> HttpResponse:
    channel = get_object_or_404(seen_by(person(request), Channel.objects.all(), "key"), key=key)
    set_rule(channel.pk, automatic=request.POST.get("automatic") == "1", actor=str(person(request)))
    return go(request, reverse("credit-notes"))


def _rule(channel: Channel) -> Rule:
    kept = CreditNoteRule.objects.filter(channel=channel).first()
    try:
        refunds = "RefundTarget" in capabilities(channel)
    except UnknownConnector:
        refunds = False
    return Rule(channel, bool(kept and kept.automatic), refunds)
