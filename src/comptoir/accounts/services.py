"""Adding people."""

from __future__ import annotations

from django.contrib.auth.password_validation import validate_password

from comptoir.accounts.models import User
from comptoir.accounts.roles import Role
from comptoir.journal.audit import record_change


class EmailTaken(ValueError):  # noqa: N818
    """Somebody already signs in with this address."""


def create_user(*, email: str, password: str, role: Role, name: str = "", actor: str = "comptoir") -> User:
    """Raises EmailTaken, or django's ValidationError when the password is too weak."""
    if User.objects.filter(email__iexact=email).exists():
        raise EmailTaken(email)
    validate_password(password)
    user = User.objects.create_user(email, password, role=role, name=name)
    record_change(
        actor=actor, action="user.created", subject_kind="user", subject=user.email, after={"role": role}
    )
    return user
