"""A rule of quantity, as a person writes it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comptoir.catalog.models import Product
from comptoir.channels.models import Channel
from comptoir.inventory.models import QuantityRule
from comptoir.inventory.rules import LARGEST, Draft
from comptoir.sdk.connector import Role
from comptoir.web.forms.base import HubForm

REFUSALS = {
    "value": _("A share is 100 percent at the most, demand kept back 1,000 percent."),
    "scope": _("An article or a family, not both."),
    "validity": _("It would end before it begins."),
}
_WHEN = "%Y-%m-%dT%H:%M"


class RuleForm(HubForm):
    kind = forms.ChoiceField(label=_("What the rule does"), choices=QuantityRule.Kind.choices)
    value = forms.IntegerField(
        label=_("Units, or percent"), min_value=0, max_value=LARGEST,
        help_text=_("Percent for a share of the stock and for what is kept back by demand; units for all others."),
    )  # fmt: skip
    sku = forms.CharField(
        label=_("Article (SKU)"), max_length=80, required=False,
        help_text=_("Neither an article nor a family: the rule is for every article."),
    )  # fmt: skip
    family = forms.CharField(label=_("Family"), max_length=120, required=False)
    channel = forms.ModelChoiceField(
        Channel.objects.none(), label=_("Channel"), required=False, empty_label=_("Every channel")
    )
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
        super().__init__(*args, **kwargs)
        choice = self.fields["channel"]
        if not isinstance(choice, forms.ModelChoiceField):
            raise TypeError(choice)
        markets = Channel.objects.filter(role=Role.MARKETPLACE).order_by("name")
        choice.queryset = markets.filter(key__in=channels) if channels else markets
        if channels:
            choice.required, choice.empty_label = True, None

    def clean_sku(self) -> Product | None:
        sku = self.cleaned_data["sku"].strip()
        product = Product.objects.filter(sku=sku).first() if sku else None
        if sku and product is None:
            raise forms.ValidationError(_("No product has the SKU %(sku)s."), params={"sku": sku})
        return product

    def clean_family(self) -> str:
        family: str = self.cleaned_data["family"].strip()
        if family and not Product.objects.filter(family=family).exists():
            raise forms.ValidationError(
                _("No article is of the family %(family)s."), params={"family": family}
            )
        return family

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
