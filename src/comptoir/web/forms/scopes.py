"""What a rule is for: an article, a family or all of them, on one channel or on every one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from comptoir.catalog.models import Product
from comptoir.channels.models import Channel
from comptoir.sdk.connector import Role
from comptoir.web.forms.base import HubForm


class ScopeForm(HubForm):
    sku = forms.CharField(
        label=_("Article (SKU)"), max_length=80, required=False,
        help_text=_("Neither an article nor a family: the rule is for every article."),
    )  # fmt: skip
    family = forms.CharField(label=_("Family"), max_length=120, required=False)
    channel = forms.ModelChoiceField(
        Channel.objects.none(), label=_("Channel"), required=False, empty_label=_("Every channel")
    )

    def __init__(self, *args: Any, channels: Sequence[str] = (), **kwargs: Any) -> None:
        """`channels`: the only ones that exist for the writer; empty: every one."""
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
