"""What django-allauth asks us: who may come in, and how its secrets are kept."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from comptoir.accounts.models import User
from comptoir.accounts.roles import Role
from comptoir.core.sealing import seal, unseal


class AccountRules(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody comes in uninvited."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class SecondFactorRules(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets of authenticator apps and recovery codes are sealed like every other secret."""

    def encrypt(self, text: str) -> str:
        return seal({"text": text}).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return str(unseal(encrypted_text.encode())["text"])


class SingleSignOnRules(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Who the provider vouches for comes in as the person of the same verified address, when there is one."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        if sociallogin.is_existing:
            return
        verified = [one.email.lower() for one in sociallogin.email_addresses if one.verified]
        user = User.objects.filter(email__in=verified, is_active=True).first()
        if user is None:
            messages.error(request, _("Nobody here has this address. Ask an administrator to invite you."))
            raise ImmediateHttpResponse(redirect("sign-in"))
        sociallogin.connect(request, user)


def has_second_factor(user: User) -> bool:
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return bool(Authenticator.objects.filter(user=user, type__in=kinds).exists())


def must_enrol(user: User) -> bool:
    """An administrator without a second factor; the demo leaves it to each."""
    wanted = settings.SECOND_FACTOR == "administrators" and user.role == Role.ADMINISTRATOR
    return wanted and not has_second_factor(user)


def people_with_second_factor() -> set[int]:
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return set(Authenticator.objects.filter(type__in=kinds).values_list("user_id", flat=True))
