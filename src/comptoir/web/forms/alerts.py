"""Alerts as a person sets them: addresses, and a number for each rule in minutes, days or pieces."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.validators import validate_email
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from comptoir.flows.alert_choices import Choices
from comptoir.flows.alert_rules import RULES
from comptoir.web.forms.base import HubForm

MINUTES, DAYS, PIECES = (60, _("minutes")), (86_400, _("days")), (1, _("pieces"))
UNITS = {"lag": MINUTES, "suspended": MINUTES, "queue": MINUTES, "key_expiry": DAYS}
HELP = {
    "lag": _("A flow that has not succeeded for longer."),
    "suspended": _("A channel that has been suspended for longer; 0: at once."),
    "silence": _("An hour without an order, where at least so many come on other days."),
    "issues": _("So many new issues of one channel within an hour."),
    "late_orders": _("So many orders of one channel that have passed their day to leave."),
    "key_expiry": _("A key or a secret that ends within so many days."),
    "queue": _("A job that has waited for longer: no worker may be alive."),
}


class AlertForm(HubForm):
    emails = forms.CharField(
        label=_("Told by e-mail"), required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One address a line. Empty: nobody is told by e-mail."),
    )  # fmt: skip

    def __init__(self, choices: Choices, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, initial={"emails": "\n".join(choices.emails)}, **kwargs)
        for rule in RULES:
            size, unit = UNITS.get(rule.key, PIECES)
            now = choices.thresholds.get(rule.key, rule.threshold)
            self.fields[rule.key] = forms.FloatField(
                label=format_lazy("{} ({})", gettext(rule.label), unit), min_value=0, required=False,
                initial=None if now is None else round(now / size, 2), localize=True, help_text=HELP[rule.key],
            )  # fmt: skip
        self.dress()

    def clean_emails(self) -> list[str]:
        given = list(dict.fromkeys(filter(None, re.split(r"[\s,;]+", self.cleaned_data["emails"]))))
        for one in given:
            validate_email(one)
        return given

    def choices(self) -> Choices:
        given = self.cleaned_data
        thresholds = {
            rule.key: None if given[rule.key] is None else given[rule.key] * UNITS.get(rule.key, PIECES)[0]
            for rule in RULES
        }
        return Choices(given["emails"], thresholds)
