"""A rule of quantity, as a person writes it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comptoir.inventory.models import QuantityRule
from comptoir.inventory.rules import LARGEST, Draft
from comptoir.web.forms.scopes import ScopeForm

REFUSALS = {
    "value": _("A share is 100 percent at the most, demand kept back 1,000 percent."),
    "scope": _("An article or a family, not both."),
    "validity": _("It would end before it begins."),
}
_WHEN = "%Y-%m-%dT%H:%M"


class RuleForm(ScopeForm):
    field_order = ("kind", "value", "sku", "family", "channel", "valid_from", "valid_until", "note")
    kind = forms.ChoiceField(label=_("What the rule does"), choices=QuantityRule.Kind.choices)
    value = forms.IntegerField(
        label=_("Units, or percent"), min_value=0, max_value=LARGEST,
        help_text=_("Percent for a share of the stock and for what is kept back by demand; units for all others."),
    )  # fmt: skip
    valid_from = forms.DateTimeField(
        label=_("From"), required=False, input_formats=[_WHEN, f"{_WHEN}:%S"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_WHEN),
        help_text=_("Empty: from now on."),
    )  # fmt: skip
    valid_until = forms.DateTimeField(
        label=_("Until"), required=False, input_formats=[_WHEN, f"{_WHEN}:%S"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_WHEN),
        help_text=_("Empty: until somebody removes it."),
    )  # fmt: skip
    note = forms.CharField(label=_("Note"), max_length=120, required=False)

    def __init__(
        self, rule: QuantityRule | None, *args: Any, channels: Sequence[str] = (), **kwargs: Any
    ) -> None:
        """`channels`: the only ones that exist for the writer; empty: every one."""
        if rule is not None:
            kwargs["initial"] = _initial(rule)
        super().__init__(*args, channels=channels, **kwargs)

    def draft(self) -> Draft:
        given = dict(self.cleaned_data)
        return Draft(product=given.pop("sku"), **given)

    def refuse(self, code: str) -> None:
        field = {"value": "value", "scope": "family", "validity": "valid_until"}.get(code)
        self.add_error(field, REFUSALS[code])


def _initial(rule: QuantityRule) -> dict[str, Any]:
    return {
        "kind": rule.kind, "value": rule.value, "sku": "" if rule.product is None else rule.product.sku,
        "family": rule.family, "channel": rule.channel_id, "valid_from": _local(rule.valid_from),
        "valid_until": _local(rule.valid_until), "note": rule.note,
    }  # fmt: skip


def _local(at: datetime | None) -> datetime | None:
    return None if at is None else timezone.localtime(at)
