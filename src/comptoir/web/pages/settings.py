"""The house itself: who the merchant is."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from comptoir.accounts.roles import Permission
from comptoir.web.access import person, requires
from comptoir.web.company import change_company, read_company
from comptoir.web.forms.settings import CompanyForm
from comptoir.web.rendering import go


@requires(Permission.MANAGE_USERS)
def company(request: HttpRequest) -> HttpResponse:
    form = CompanyForm(read_company(), request.POST or None)
    if not form.is_valid():
        return render(
            request, "comptoir/settings/company.html", {"form": form}, status=422 if form.is_bound else 200
        )
    change_company(form.cleaned_data, actor=str(person(request)))
    messages.success(request, _("Kept."))
    return go(request, reverse("settings"))
