"""The pages of one's own account: django-allauth's views, each behind a permission like every other view."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from allauth.account import urls as account
from allauth.mfa import urls as second_factors
from allauth.socialaccount import urls as social
from allauth.socialaccount.providers.openid_connect import urls as oidc
from allauth.usersessions import urls as sessions
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from comptoir.accounts.roles import Permission
from comptoir.web.access import public, requires
from comptoir.web.pages import sign_in

Pattern = URLPattern | URLResolver
OURS = {"account_reauthenticate", "account_change_password", "account_inactive"}
"""What we take of allauth's account pages: there is no registration, and addresses are changed by nobody."""
ENTRANCES = {"mfa_authenticate", "mfa_login_webauthn", "account_inactive", "socialaccount_login_cancelled",
             "socialaccount_login_error", "openid_connect_login", "openid_connect_callback"}  # fmt: skip
LEAVING = "openid_connect_login"
NOT_OURS = {"socialaccount_signup"}


def _guarded(patterns: Sequence[Pattern], keep: Callable[[str], bool]) -> list[Pattern]:
    kept: list[Pattern] = []
    for one in patterns:
        if isinstance(one, URLResolver):
            inner = _guarded(one.url_patterns, keep)
            kept += [URLResolver(one.pattern, inner)] if inner else []
        elif keep(one.name or ""):
            guard = public if one.name in ENTRANCES else requires(Permission.SEE)
            view = sign_in.leave_by_a_page(one.callback) if one.name == LEAVING else one.callback
            kept.append(URLPattern(one.pattern, guard(view), one.default_args, one.name))
    return kept


urlpatterns: list[Pattern] = [
    path(
        "login/",
        public(RedirectView.as_view(pattern_name="sign-in", query_string=True)),
        name="account_login",
    ),
    path("logout/", sign_in.sign_out, name="account_logout"),
    *_guarded(account.urlpatterns, OURS.__contains__),
    path("2fa/", include(_guarded(second_factors.urlpatterns, bool))),
    path("sessions/<int:session_id>/end", sign_in.end_session, name="session-end"),
    path("sessions/", include(_guarded(sessions.urlpatterns, bool))),
    path(
        "sso/", include(_guarded([*oidc.urlpatterns, *social.urlpatterns], lambda name: name not in NOT_OURS))
    ),
]
