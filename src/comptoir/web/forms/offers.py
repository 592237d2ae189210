"""Going back to an instant or before one act; a file of offers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from comptoir.catalog.models import Product
from comptoir.channels.models import Channel
from comptoir.core import clock
from comptoir.offers.models import ActivationRule
from comptoir.offers.roll_back import Target
from comptoir.web.forms.base import HubForm

CEILING = 2000


class RollBackForm(HubForm):
    """What it means is a Target; the hidden fields come from where a person pressed « go back »."""

    at = forms.DateTimeField(
        label=_("As it was at"), required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local", "step": 1}, format="%Y-%m-%dT%H:%M:%S"),
        input_formats=["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M"],
        help_text=_("In your time zone. Prices, floors, pauses and lead times wanted at that moment."),
    )  # fmt: skip
    channel = forms.ModelChoiceField(
        Channel.objects.none(), label=_("Channel"), to_field_name="key", required=False, empty_label=_("Every channel")
    )  # fmt: skip
    act = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    offer = forms.CharField(required=False, widget=forms.HiddenInput, max_length=40_000)

    def __init__(self, channels: QuerySet[Channel], *args: Any, only: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.only = only
        field = self.fields["channel"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = channels

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        at = values.get("at")
        if not self.errors and at is None and not values.get("act"):
            self.add_error("at", _("Give the moment to go back to."))
        if at is not None and at > clock.now():
            self.add_error("at", _("This moment is still to come."))
        ids = [text for text in (values.get("offer") or "").split(",") if text]
        if len(ids) > CEILING or not all(
            text.isascii() and text.isdigit() and len(text) < 19 for text in ids
        ):
            self.add_error(None, _("These offers cannot be read."))
        values["ids"] = [int(text) for text in ids if text.isdigit()]
        return values

    def target(self) -> Target:
        values = self.cleaned_data
        channel = values["channel"].key if values.get("channel") else ""
        at, act = values.get("at"), values.get("act")
        if act and at is None:
            return Target(before_act=act, of_act=None if values["ids"] else act, offers=values["ids"],
                          channel=channel, only=self.only)  # fmt: skip
        return Target(at=at, channel=channel, offers=values["ids"], only=self.only)


class OfferFileForm(HubForm):
    file = forms.FileField(
        label=_("CSV file, workbook or JSON"),
        help_text=_(
            "Columns: SKU, channel, price, floor, state (active, paused), lead time. Without a channel, every channel "
            "that offers the article. An empty cell leaves as it is."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt,.xlsx,.json,.ndjson"}),
    )


class ActivationForm(HubForm):
    action = forms.ChoiceField(label=_("Rule"), choices=ActivationRule.Action.choices)
    channel = forms.ModelChoiceField(
        Channel.objects.none(), label=_("Channel"), to_field_name="key", required=False
    )
    family = forms.CharField(
        label=_("Family"),
        max_length=120,
        required=False,
        help_text=_("Empty: every family, or the article below."),
    )
    sku = forms.CharField(label=_("Article (SKU)"), max_length=80, required=False)

    def __init__(self, channels: QuerySet[Channel], *args: Any, everywhere: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["channel"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = channels
        # Who is narrowed to some channels rules for one of them.
        field.required = not everywhere
        field.empty_label = _("Every channel") if everywhere else None

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        values["product"] = None
        if sku := (values.get("sku") or "").strip():
            values["product"] = Product.objects.filter(sku=sku).first()
            if values["product"] is None:
                self.add_error("sku", _("No product has this SKU."))
            elif values.get("family"):
                self.add_error("family", _("Either a family or an article."))
        family = (values.get("family") or "").strip()
        if family and not Product.objects.filter(family=family).exists():
            self.add_error("family", _("No article is of this family."))
        values["family"] = family
        return values
