"""A place in the team, offered by a link that opens once and not for long."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import timedelta

from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from comptoir.accounts.keys import hash_secret
from comptoir.accounts.models import Invitation, User
from comptoir.accounts.roles import Role
from comptoir.accounts.services import EmailTaken
from comptoir.core import clock
from comptoir.journal.audit import record_change

LASTS = timedelta(days=3)


class InvitationIsOver(ValueError):  # noqa: N818
    """It was used, taken back, or its time is over."""


class LastAdministrator(ValueError):  # noqa: N818
    """Nobody would be left who may manage people."""


@transaction.atomic
def invite(
    *, email: str, role: Role, actor: User, name: str = "", channels: Sequence[str] = ()
) -> tuple[Invitation, str]:
    """The invitation and the secret of its link, which is shown once. Raises EmailTaken.

    An older invitation of the same address is taken back.
    """
    email = email.strip().lower()
    if User.objects.filter(email__iexact=email).exists():
        raise EmailTaken(email)
    now, secret = clock.now(), secrets.token_urlsafe(32)
    Invitation.objects.filter(email=email, accepted_at=None, revoked_at=None).update(revoked_at=now)
    invitation = Invitation.objects.create(
        email=email, name=name, role=role, channels=sorted(channels), hashed=hash_secret(secret), created_by=actor,
        created_at=now, expires_at=now + LASTS,
    )  # fmt: skip
    record_change(actor=str(actor), action="user.invited", subject_kind="user", subject=email,
                  after={"role": role, "channels": sorted(channels)})  # fmt: skip
    return invitation, secret


def find_invitation(secret: str) -> Invitation:
    """Raises InvitationIsOver."""
    found = Invitation.objects.filter(hashed=hash_secret(secret)).first()
    if found is None or not found.is_open(clock.now()):
        raise InvitationIsOver
    return found


@transaction.atomic
def accept_invitation(secret: str, *, password: str, name: str, language: str) -> User:
    """Raises InvitationIsOver, EmailTaken, or django's ValidationError when the password is too weak."""
    invitation = Invitation.objects.select_for_update().get(pk=find_invitation(secret).pk)
    if not invitation.is_open(clock.now()):
        raise InvitationIsOver
    if User.objects.filter(email__iexact=invitation.email).exists():
        raise EmailTaken(invitation.email)
    validate_password(password, User(email=invitation.email, name=name))
    user = User.objects.create_user(
        invitation.email, password, role=invitation.role, name=name, language=language, channels=invitation.channels
    )  # fmt: skip
    invitation.accepted_at = clock.now()
    invitation.save(update_fields=["accepted_at"])
    record_change(actor=user.email, action="user.joined", subject_kind="user", subject=user.email,
                  after={"role": user.role})  # fmt: skip
    return user


def revoke_invitation(invitation: Invitation, *, actor: str) -> None:
    if Invitation.objects.filter(pk=invitation.pk, revoked_at=None, accepted_at=None).update(
        revoked_at=clock.now()
    ):
        record_change(actor=actor, action="user.uninvited", subject_kind="user", subject=invitation.email)


@transaction.atomic
def change_person(user: User, *, role: Role, is_active: bool, channels: Sequence[str], actor: str) -> None:
    """Raises LastAdministrator. Whoever is closed out is signed out at their next click."""
    others = (
        User.objects.select_for_update().filter(role=Role.ADMINISTRATOR, is_active=True).exclude(pk=user.pk)
    )
    if not (role == Role.ADMINISTRATOR and is_active) and not list(others):
        raise LastAdministrator
    before = {"role": user.role, "active": user.is_active, "channels": user.channels}
    user.role, user.is_active, user.channels = role, is_active, sorted(channels)
    user.save(update_fields=["role", "is_active", "channels"])
    record_change(actor=actor, action="user.changed", subject_kind="user", subject=user.email, before=before,
                  after={"role": role, "active": is_active, "channels": user.channels})  # fmt: skip
