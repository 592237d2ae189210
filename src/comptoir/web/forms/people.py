"""People, their invitations, API keys and webhooks: what an administrator types."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.functional import lazystr
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from comptoir.accounts.roles import Permission, Role
from comptoir.channels.models import Channel
from comptoir.web.forms.base import HubForm

LIFETIMES = [("30", _("30 days")), ("90", _("90 days")), ("365", _("One year")), ("", _("No end"))]


class OnChannels(HubForm):
    channels = forms.MultipleChoiceField(
        label=_("Only on these channels"), required=False, help_text=_("None chosen: on every channel."),
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["channels"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = list(Channel.objects.values_list("key", "name"))
        self.order_fields([*(name for name in self.fields if name != "channels"), "channels"])


class OfAPerson(OnChannels):
    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("role") == Role.ADMINISTRATOR and given.get("channels"):
            self.add_error(
                "channels", gettext("An administrator is on every channel: choose none, or another role.")
            )
        return given


class InviteForm(OfAPerson):
    email = forms.EmailField(label=_("E-mail address"))
    name = forms.CharField(label=_("Name"), max_length=150, required=False)
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.READ_ONLY)


class PersonForm(OfAPerson):
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    is_active = forms.BooleanField(label=_("May sign in"), required=False)


class JoinForm(HubForm):
    name = forms.CharField(label=_("Your name"), max_length=150)
    password = forms.CharField(
        label=_("Password"),
        help_text=_("Twelve characters at least; a sentence is a good one."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class KeyForm(OnChannels):
    name = forms.CharField(label=_("Name"), max_length=100, help_text=_("Which system will use it."))
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.INTEGRATOR)
    scopes = forms.MultipleChoiceField(
        label=_("Only these rights"), required=False, help_text=_("None chosen: all those of the role."),
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    days = forms.ChoiceField(label=_("Lasts"), choices=LIFETIMES, initial="365", required=False)
    calls_per_minute = forms.IntegerField(
        label=_("Calls per minute"), min_value=1, max_value=60_000, initial=600
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["scopes"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(one.value, gettext(one.label)) for one in Permission]


class WebhookForm(OnChannels):
    name = forms.CharField(label=_("Name"), max_length=100)
    url = forms.CharField(label=_("Address"), max_length=500, widget=forms.URLInput())
    kinds = forms.CharField(
        label=_("Kinds of events"), required=False, max_length=500,
        help_text=lazystr(_("Their beginnings, separated by spaces, such as: order. issue.opened. Empty: all.")),
    )  # fmt: skip

    def clean_kinds(self) -> list[str]:
        return sorted(set(self.cleaned_data["kinds"].replace(",", " ").split()))
