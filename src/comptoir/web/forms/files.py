"""A file of counts, of products or of rules."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from comptoir.flows.models import TableFile
from comptoir.web.forms.base import HubForm


class TableFileForm(HubForm):
    kind = forms.ChoiceField(
        label=_("What it holds"),
        help_text=_("Counts: SKU, warehouse, on hand, incoming. Products: SKU, title, brand, family, list price, VAT "
                    "rate, weight, active. In French or in English, in any order; an empty cell changes nothing."),
    )  # fmt: skip
    file = forms.FileField(
        label=_("CSV file or workbook"),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt,.xlsx"}),
    )

    def __init__(self, kinds: Sequence[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = self.fields["kind"]
        if not isinstance(kind, forms.ChoiceField):
            raise TypeError(kind)
        kind.choices = [(one, TableFile.Kind(one).label) for one in kinds]
        if TableFile.Kind.RULES in kinds:
            kind.help_text = _(
                "Rule (its number; none: a new one), what it does, units or percent, SKU, family, channel, from, "
                "until, note, remove. In French or in English, in any order; what the file does not name stays."
            )
