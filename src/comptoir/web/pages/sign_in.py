"""Sign in, sign out."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.utils.translation import gettext_lazy as _

from comptoir.web.access import public


class SignInForm(AuthenticationForm):
    """Addresses are kept in small letters, and typed as they come."""

    error_messages = {  # noqa: RUF012 - as it is in Django
        "invalid_login": _("This address and this password do not go together."),
        "inactive": _("This account is closed."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["username"]
        field.label, field.widget = _("E-mail address"), forms.EmailInput(
            attrs={"autofocus": True, "autocomplete": "username", "class": "form-control"}
        )  # fmt: skip
        self.fields["password"].label = _("Password")
        self.fields["password"].widget.attrs["class"] = "form-control"

    def clean_username(self) -> str:
        return str(self.cleaned_data["username"]).strip().lower()


class _SignIn(LoginView):
    template_name = "comptoir/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True


sign_in = public(_SignIn.as_view())
sign_out = public(LogoutView.as_view())
