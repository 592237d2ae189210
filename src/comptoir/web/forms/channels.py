"""Forms of a channel: the one generated from its connector's settings, its name, its rules."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from comptoir.channels.models import Channel
from comptoir.flows.registry import flows
from comptoir.flows.schedule import interval
from comptoir.sdk.connector import ConnectorType, Role
from comptoir.sdk.settings import MASK, ConnectorSettings, SettingField, SettingsError
from comptoir.web.forms.base import HubForm

RESERVED_KEYS = frozenset({"connect"})
SHORTEST_INTERVAL_S = 10


class ConnectorForm(HubForm):
    """Generated from `connector.settings.fields()`. Kept secrets are never shown: empty keeps them."""

    def __init__(
        self, connector: ConnectorType, *args: Any, kept: ConnectorSettings | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.connector = connector
        self.kept = kept.dump() if kept else {}
        self.settings: ConnectorSettings | None = None
        shown = kept.masked() if kept else {}
        for declared in connector.settings.fields():
            field = _form_field(declared, shown.get(declared.name, declared.default))
            self.fields[declared.name] = field
        self.dress()
        self.advanced = {f.name for f in connector.settings.fields() if f.setting.advanced}

    def usual_fields(self) -> list[forms.BoundField]:
        return [bound for bound in self if bound.name not in self.advanced]

    def advanced_fields(self) -> list[forms.BoundField]:
        return [bound for bound in self if bound.name in self.advanced]

    @property
    def advanced_has_errors(self) -> bool:
        return any(name in self.advanced for name in self.errors)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        secrets = self.connector.settings.secret_names()
        kept = {name: self.kept.get(name, "") for name in secrets if not cleaned.get(name)}
        try:
            self.settings = self.connector.settings.load(cleaned | kept)
        except SettingsError as error:
            for name, words in error.errors.items():
                self.add_error(name if name in self.fields else None, gettext(words))
        return cleaned


def _form_field(declared: SettingField, value: object) -> forms.Field:
    setting = declared.setting
    common: dict[str, Any] = {
        "label": gettext(setting.label), "help_text": gettext(setting.help) if setting.help else "",
        "required": False,
    }  # fmt: skip
    if declared.kind == "boolean":
        return forms.BooleanField(**common, initial=value)
    if declared.kind == "choice":
        return forms.ChoiceField(
            **common, initial=value, choices=[(c, gettext(t)) for c, t in setting.choices]
        )
    attributes = {"placeholder": setting.placeholder, "autocomplete": "off"}
    if setting.secret:
        attributes |= {"placeholder": MASK if value else "", "autocomplete": "new-password"}
        return forms.CharField(**common, widget=forms.PasswordInput(attrs=attributes))
    return forms.CharField(**common, initial=value, widget=forms.TextInput(attrs=attributes))


class NameForm(HubForm):
    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("As your team calls it."))
    key = forms.SlugField(
        label=_("Key"), max_length=60, help_text=_("Short, for ever: it names the channel in the journal."),
        validators=[RegexValidator(r"^[a-z0-9-]+$", _("Small letters, digits and dashes."))],
    )  # fmt: skip

    def clean_key(self) -> str:
        key = str(self.cleaned_data["key"])
        if key in RESERVED_KEYS:
            raise forms.ValidationError(_("This key is kept for a page of Comptoir: choose another one."))
        return key


class RulesForm(HubForm):
    """The fields of Channel that a merchant rules; of an ERP, only its name."""

    name = forms.CharField(label=_("Name"), max_length=120)
    auto_accept = forms.BooleanField(
        label=_("Accept orders by itself when every unit is in stock"), required=False
    )
    price_drop_tolerance = forms.DecimalField(
        label=_("Price fall left to the rule, in percent"), min_value=0, max_value=100, decimal_places=2,
        localize=True, help_text=_("An order sold further under its offer waits for a person."),
    )  # fmt: skip
    price_step_up = forms.DecimalField(
        label=_("Most that a price may rise in one go, in percent"), min_value=0, max_value=9999, decimal_places=2,
        localize=True, required=False, help_text=_("A price that moves further waits for a person. Empty: no limit."),
    )  # fmt: skip
    price_step_down = forms.DecimalField(
        label=_("Most that a price may fall in one go, in percent"), min_value=0, max_value=100, decimal_places=2,
        localize=True, required=False,
    )  # fmt: skip
    price_step_amount = forms.DecimalField(
        label=_("Most that a price may move in one go, as an amount"), min_value=Decimal("0.01"), max_digits=12,
        decimal_places=2, localize=True, required=False, help_text=_("Up or down. Empty: the percentages alone."),
    )  # fmt: skip
    prices_without_tax = forms.BooleanField(
        label=_("This channel takes prices without tax"), required=False,
        help_text=_("Yours stay with tax here; each leaves without the VAT of its article, rounded to the cent."),
    )  # fmt: skip
    foreign_price = forms.ChoiceField(
        label=_("A price that somebody else wrote on the channel"), choices=Channel.ForeignPrice.choices,
        help_text=_("Found by the daily reading. A quantity is always ours: it protects from overselling."),
    )  # fmt: skip
    lead_time_count = forms.ChoiceField(
        label=_("Days that the channel counts in a preparation time"), choices=Channel.LeadTimeCount.choices,
        help_text=_("An order of a Friday there shows it. Every day of the calendar is the prudent choice."),
    )  # fmt: skip
    stock_buffer = forms.IntegerField(
        label=_("Units kept back"), min_value=0, max_value=1_000_000,
        help_text=_("Taken off what is available before it is shown on this channel."),
    )  # fmt: skip
    stock_limit = forms.IntegerField(
        label=_("Most units shown"), min_value=0, max_value=1_000_000, required=False,
        help_text=_("Empty: as many as there are."),
    )  # fmt: skip
    publishes = forms.BooleanField(
        label=_("Publish offers on this channel"),
        required=False,
        help_text=_("Off: this channel shows no stock."),
    )

    def __init__(self, channel: Channel, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {name: getattr(channel, name) for name in self.base_fields}
        super().__init__(*args, **kwargs)
        if channel.role != Role.MARKETPLACE:
            for name in set(self.fields) - {"name"}:
                del self.fields[name]


class IntervalForm(HubForm):
    """How often each flow of the channel runs, in seconds; empty is the flow's own rhythm."""

    def __init__(self, channel: Channel, names: list[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.channel = channel
        for name in names:
            flow = flows()[name]
            usual = int(flow.every / timedelta(seconds=1))
            self.fields[name] = forms.IntegerField(
                label=gettext(flow.label), required=False, min_value=SHORTEST_INTERVAL_S, max_value=7 * 86_400,
                initial=channel.intervals.get(name), widget=forms.NumberInput(
                    attrs={"placeholder": usual, "class": "form-control"}),
                help_text=gettext("Now every %(n)s seconds.") % {
                    "n": int(interval(flow, channel).total_seconds())},
            )  # fmt: skip

    def intervals(self) -> dict[str, int]:
        return {name: value for name, value in self.cleaned_data.items() if value}
