"""Accounting entries: a period on screen and as a file, the accounts that they are written to."""

from __future__ import annotations

from datetime import date, timedelta

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
from comptoir.finance.accounts import BadAccounts, house_map, save_map
from comptoir.finance.journal_deliveries import journal_lines, send_entries_again
from comptoir.finance.models import AccountingEntry, AccountingRow, AccountMap
from comptoir.flows.connect import UnknownConnector, write_journal
from comptoir.sdk.connector import Role
from comptoir.sdk.errors import RejectedRecord
from comptoir.sdk.money import to_cents
from comptoir.web.access import person, requires, seen_by
from comptoir.web.csv_export import Column
from comptoir.web.erp_tabs import tabs
from comptoir.web.forms.accounting import AccountsForm
from comptoir.web.paging import Key, page_of
from comptoir.web.rendering import go
from comptoir.web.tables import export_table

NEWEST_FIRST = Key(("entry_date", "id"), descending=True)
MOST_FEC_ENTRIES = 50_000


@requires(Permission.SEE)
def accounting(request: HttpRequest) -> HttpResponse:
    first, last = _period(request)
    context = {
        "tabs": tabs(request), "page": page_of(_entries(request), NEWEST_FIRST, request), "first": first, "last": last,
        "house": house_map(),
        "channels": seen_by(person(request), Channel.objects.filter(role=Role.MARKETPLACE), "key"),
    }  # fmt: skip
    return render(request, "comptoir/erp/accounting.html", context)


@requires(Permission.SEE)
def export_rows(request: HttpRequest, form: str) -> HttpResponseBase:
    rows = AccountingRow.objects.filter(entry__in=_entries(request)).select_related("entry__channel")
    return export_table(
        form, "journal", rows.order_by("entry__journal", "entry__number", "place"), _columns()
    )


@requires(Permission.SEE)
def export_fec(request: HttpRequest) -> HttpResponse:
    """The 18 columns of a FEC, checked before they leave: a journal for the accountant, not the legal file."""
    first, last = _period(request)
    entries = _entries(request)
    try:
        if entries.count() > MOST_FEC_ENTRIES:
            raise ValueError(_("a shorter period, please"))
        content = write_journal("fec", journal_lines(entries))
    except (RejectedRecord, UnknownConnector, ValueError) as error:
        messages.error(request, _("The file cannot be written: %(why)s") % {"why": error})
        return go(request, f"{reverse('accounting')}?{request.GET.urlencode()}")
    answer = HttpResponse(content, content_type="text/plain; charset=iso-8859-15")
    answer["Content-Disposition"] = f'attachment; filename="journal-{first:%Y%m%d}-{last:%Y%m%d}.txt"'
    return answer


@requires(Permission.MANAGE_CHANNELS)
def accounts(request: HttpRequest, key: str = "") -> HttpResponse:
    """Of the house, or of one channel."""
    channel = get_object_or_404(Channel, key=key, role=Role.MARKETPLACE) if key else None
    kept = AccountMap.objects.filter(channel=channel).first()
    form = AccountsForm(request.POST or None, kept=kept, own=channel is not None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            save_map(
                channel, journal=given["journal"], accounts=form.accounts(), commission_vat=given["commission_vat"],
                since=given.get("since"), actor=str(person(request)),
                **({"default_vat": given["default_vat"]} if "default_vat" in given else {}),
            )  # fmt: skip
            messages.success(request, _("Saved."))
            return go(request, reverse("accounting"))
        except BadAccounts as error:
            form.add_error(None, _("No account or journal is called %(name)s.") % {"name": error})
    title = _("Accounts of %(channel)s") % {"channel": channel.name} if channel else _("Accounts")
    context = {"form": form, "title": title, "submit": _("Save"), "back": reverse("accounting")}
    return render(request, "comptoir/form_page.html", context, status=422 if form.errors else 200)


@requires(Permission.RUN_FLOWS)
@require_POST
def send_again(request: HttpRequest, entry_id: int) -> HttpResponse:
    entry = get_object_or_404(
        seen_by(person(request), AccountingEntry.objects.all(), "channel__key"), pk=entry_id
    )
    if send_entries_again([entry.pk], actor=str(person(request))):
        messages.success(request, _("It goes to the ERP at its next turn."))
    return go(request, reverse("accounting"))


def _period(request: HttpRequest) -> tuple[date, date]:
    """The month so far, where none is asked for. 404 for what is no day."""
    today = timezone.localdate(clock.now())
    try:
        first = date.fromisoformat(request.GET.get("from") or today.replace(day=1).isoformat())
        last = date.fromisoformat(request.GET.get("to") or today.isoformat())
    except ValueError as error:
        raise Http404(str(error)) from error
    return first, min(last, first + timedelta(days=366))


def _entries(request: HttpRequest) -> QuerySet[AccountingEntry]:
    first, last = _period(request)
    found = AccountingEntry.objects.filter(entry_date__range=(first, last)).select_related("channel")
    found = seen_by(person(request), found.prefetch_related("rows"), "channel__key")
    channel = request.GET.get("channel", "")
    return found.filter(channel__key=channel) if channel else found


def _columns() -> list[Column[AccountingRow]]:
    return [
        (gettext("Journal"), lambda row: row.entry.journal),
        (gettext("Entry"), lambda row: row.entry.number),
        (gettext("Date"), lambda row: row.entry.entry_date.isoformat()),
        (gettext("Channel"), lambda row: row.entry.channel.name),
        (gettext("Account"), lambda row: row.account),
        (gettext("Account's name"), lambda row: row.account_label),
        (gettext("Auxiliary"), lambda row: row.auxiliary),
        (gettext("Piece"), lambda row: row.entry.piece),
        (gettext("Label"), lambda row: row.label),
        (gettext("Debit"), lambda row: to_cents(row.debit)),
        (gettext("Credit"), lambda row: to_cents(row.credit)),
    ]
