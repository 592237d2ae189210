"""The pages of the ERP, side by side."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext

from comptoir.sdk.i18n import N_

TABS = (
    ("erp", N_("Reconciliation")),
    ("credit-notes", N_("Credit notes")),
    ("purchases", N_("Orders to suppliers")),
    ("accounting", N_("Accounting")),
)


@dataclass(frozen=True)
class Tab:
    url: str
    label: str
    current: bool


def tabs(request: HttpRequest) -> list[Tab]:
    found = [(reverse(name), label) for name, label in TABS]
    here = max((url for url, _ in found if request.path.startswith(url)), key=len, default="")
    return [Tab(url, gettext(label), url == here) for url, label in found]
