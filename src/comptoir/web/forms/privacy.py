"""For how long each channel's buyers are kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext

from comptoir.channels.models import Channel
from comptoir.orders.privacy import KEPT_DAYS
from comptoir.web.forms.base import HubForm


@dataclass(frozen=True)
class Term:
    channel: Channel
    days: int
    allowed: int | None
    """The most that the channel's own terms allow; None: they say nothing."""


class RetentionForm(HubForm):
    """One number for each channel."""

    def __init__(self, terms: Sequence[Term], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.terms = terms
        for term in terms:
            most = term.allowed or KEPT_DAYS
            self.fields[term.channel.key] = forms.IntegerField(
                label=term.channel.name, initial=term.days, min_value=0, max_value=most,
                help_text=gettext("At most %(n)d days: the channel's own terms.") % {"n": most} if term.allowed else "",
                widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
            )  # fmt: skip
        self.dress()
