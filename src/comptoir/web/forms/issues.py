"""The word with which a person closes an issue."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from comptoir.web.forms.base import HubForm


class CloseForm(HubForm):
    resolution = forms.CharField(
        label=_("How was it settled?"), max_length=300, help_text=_("The next person will read it.")
    )
