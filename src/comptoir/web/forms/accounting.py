"""The accounts that entries are written to."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from comptoir.finance.accounts import COMMISSION_VAT, MAX_JOURNAL, RATES, ROLES
from comptoir.finance.models import AccountMap
from comptoir.web.forms.base import HubForm


class AccountsForm(HubForm):
    """Of the house, or of one channel (`own`): there an empty field takes the house's."""

    journal = forms.CharField(label=_("Journal"), max_length=MAX_JOURNAL)
    since = forms.DateField(
        label=_("Write entries from this day on"), required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Empty: nothing is written. Days before stay as your books have them."),
    )  # fmt: skip
    default_vat = forms.TypedChoiceField(
        label=_("VAT of articles without a rate"), coerce=lambda text: next(r for r in RATES if str(r) == text),
        choices=[(str(rate), f"{rate} %") for rate in RATES],
    )  # fmt: skip
    commission_vat = forms.ChoiceField(label=_("VAT of commissions and fees"))

    def __init__(self, *args: Any, kept: AccountMap | None, own: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(name, gettext(label)) for name, label in COMMISSION_VAT.items()]
        self.fields["commission_vat"] = forms.ChoiceField(
            label=_("VAT of commissions and fees"), choices=choices
        )
        for role, (number, label) in ROLES.items():
            shown = forms.TextInput(attrs={"placeholder": number})
            self.fields[f"account_{role}"] = forms.CharField(
                label=gettext(label), max_length=13, required=False, widget=shown
            )
            self.initial[f"account_{role}"] = kept.accounts.get(role, "") if kept else ""
        if own:
            del self.fields["since"], self.fields["default_vat"]
            self.fields["journal"].required = False
        self.initial.update(_known(kept, own=own))
        self.dress()

    def accounts(self) -> dict[str, str]:
        return {role: str(self.cleaned_data[f"account_{role}"]) for role in ROLES}


def _known(kept: AccountMap | None, *, own: bool) -> dict[str, Any]:
    if kept is None:
        return {"journal": "" if own else "VTMP", "commission_vat": "domestic", "default_vat": str(RATES[0])}
    vat = next((str(rate) for rate in RATES if rate == kept.default_vat), str(RATES[0]))
    since = kept.since.isoformat() if kept.since else ""
    return {
        "journal": kept.journal,
        "commission_vat": kept.commission_vat,
        "default_vat": vat,
        "since": since,
    }
