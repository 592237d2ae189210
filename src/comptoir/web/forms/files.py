"""A file of counts or of products."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from comptoir.flows.models import TableFile
from comptoir.web.forms.base import HubForm


class TableFileForm(HubForm):
    kind = forms.ChoiceField(
        label=_("What it holds"), choices=TableFile.Kind.choices,
        help_text=_("Counts: SKU, warehouse, on hand, incoming. Products: SKU, title, brand, family, list price, VAT "
                    "rate, weight, active. In French or in English, in any order; an empty cell changes nothing."),
    )  # fmt: skip
    file = forms.FileField(
        label=_("CSV file or workbook"),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt,.xlsx"}),
    )
