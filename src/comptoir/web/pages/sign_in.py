"""Sign in, sign out."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from allauth.usersessions.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from comptoir.accounts.roles import Permission
from comptoir.web.access import person, public, requires
from comptoir.web.rendering import go


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
    extra_context = {"single_sign_on": lambda: settings.SOCIALACCOUNT_PROVIDERS}  # noqa: RUF012 - as it is in Django

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """The password is right: allauth asks for the second factor, where there is one, and signs in."""
        user, way = form.get_user(), self.get_success_url()
        record_authentication(self.request, user, method="password", email=user.get_username())
        answer: HttpResponse = perform_login(self.request, user, email_verification="none", redirect_url=way)
        return answer


def leave_by_a_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Where it would lead elsewhere at once, a page does: forms may lead to our own addresses alone.

    Chromium holds `form-action` against redirects too, so that the button would do nothing.
    """

    @wraps(view)
    def leave(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        answer = view(request, *args, **kwargs)
        address = answer.headers.get("Location", "")
        if not address.startswith(("https://", "http://")):
            return answer
        return render(request, "comptoir/leave.html", {"address": address})

    return leave


@requires(Permission.SEE)
@require_POST
def end_session(request: HttpRequest, session_id: int) -> HttpResponse:
    """One of one's own, elsewhere; this very one is ended by signing out."""
    session = get_object_or_404(UserSession, pk=session_id, user=person(request))
    if not session.is_current():
        get_adapter().end_sessions([session])
        messages.success(request, _("Signed out there."))
    return go(request, reverse("usersessions_list"))


sign_in = public(_SignIn.as_view())
sign_out = public(LogoutView.as_view())
