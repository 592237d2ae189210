"""Rules of quantity: all of them, one written or removed after a look at what it changes."""

from __future__ import annotations

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from comptoir.accounts.models import User
from comptoir.accounts.roles import Permission
from comptoir.inventory.models import QuantityRule
from comptoir.inventory.rules import BadRule, Draft, NoSuchRule
from comptoir.offers.rules import RulePreview, keep_rule, preview_removal, preview_rule, remove_rule
from comptoir.web.access import person, requires
from comptoir.web.csv_export import Column
from comptoir.web.forms.quantity_rules import RuleForm
from comptoir.web.paging import page_of
from comptoir.web.queries.quantity_rules import BY_SCOPE, find_rules
from comptoir.web.rendering import go
from comptoir.web.tables import export_table

SALT = "quantity-rule"


@requires(Permission.SEE)
def rules(request: HttpRequest) -> HttpResponse:
    """`q`: the beginning of a SKU, a part of a family, of a channel's name or of a note."""
    text = request.GET.get("q", "").strip()
    page = page_of(find_rules(person(request), text), BY_SCOPE, request)
    for rule in page.rows:
        rule.writes = _may_write(person(request), rule)  # type: ignore[attr-defined]
    return render(request, "comptoir/stock/rules.html", {"page": page, "text": text})


@requires(Permission.CHANGE_OFFERS)
def write(request: HttpRequest, number: int | None = None) -> HttpResponse:
    """First what it would change; kept when the very same is sent again with the word for it."""
    rule = None if number is None else _rule(request, number)
    form = RuleForm(rule, request.POST or None, channels=person(request).narrowed_to)
    preview = None
    if form.is_valid():
        try:
            if _was_seen(request, form.draft()):
                keep_rule(form.draft(), number=number, actor=str(person(request)))
                messages.success(
                    request, _("The rule is kept, and what every offer should show is computed again.")
                )
                return go(request, reverse("quantity-rules"))
            preview = preview_rule(form.draft(), number=number, sees=person(request).sees)
        except BadRule as error:
            form.refuse(error.code)
    context = {"form": form, "rule": rule, "preview": preview, "seen": _seal(form.draft()) if preview else ""}
    status = 422 if form.is_bound and preview is None else 200
    return render(request, "comptoir/stock/rule.html", context, status=status)


@requires(Permission.CHANGE_OFFERS)
def remove(request: HttpRequest, number: int) -> HttpResponse:
    rule = _rule(request, number)
    try:
        if request.method == "POST":
            remove_rule(number, actor=str(person(request)))
            messages.success(
                request, _("The rule is removed, and what every offer should show is computed again.")
            )
            return go(request, reverse("quantity-rules"))
        preview: RulePreview = preview_removal(number, sees=person(request).sees)
    except NoSuchRule as error:
        raise Http404 from error
    return render(request, "comptoir/stock/rule_remove.html", {"rule": rule, "preview": preview})


@requires(Permission.SEE)
def export_rules(request: HttpRequest, form: str) -> HttpResponseBase:
    found = find_rules(person(request), request.GET.get("q", "").strip()).order_by("number")
    return export_table(form, "rules", found, _columns())


def _columns() -> list[Column[QuantityRule]]:
    return [
        (_("Rule"), lambda r: r.number), (_("Version"), lambda r: r.version),
        (_("What the rule does"), lambda r: r.kind), (_("Units, or percent"), lambda r: r.value),
        ("SKU", lambda r: "" if r.product is None else r.product.sku), (_("Family"), lambda r: r.family),
        (_("Channel"), lambda r: "" if r.channel is None else r.channel.key),
        (_("From"), lambda r: r.valid_from), (_("Until"), lambda r: r.valid_until), (_("Note"), lambda r: r.note),
    ]  # fmt: skip


def _rule(request: HttpRequest, number: int) -> QuantityRule:
    found = (
        QuantityRule.objects.filter(number=number, ended_at=None).select_related("product", "channel").first()
    )
    if found is None or not _may_write(person(request), found):
        raise Http404(number)
    return found


def _sees(user: User, rule: QuantityRule) -> bool:
    return rule.channel is None or user.sees(rule.channel.key)


def _may_write(user: User, rule: QuantityRule) -> bool:
    """A rule for every channel is not for who is narrowed to some."""
    return _sees(user, rule) and (rule.channel is not None or not user.narrowed_to)


def _was_seen(request: HttpRequest, draft: Draft) -> bool:
    return "keep" in request.POST and request.POST.get("seen", "") == _seal(draft)


def _seal(draft: Draft) -> str:
    """Says of a form that this very rule was previewed: what is kept is what was seen."""
    told = [
        draft.kind, draft.value, draft.product and draft.product.pk, draft.family,
        draft.channel and draft.channel.pk, str(draft.valid_from), str(draft.valid_until), draft.note,
    ]  # fmt: skip
    return signing.Signer(salt=SALT).sign_object(told)
