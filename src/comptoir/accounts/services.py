"""Adding people and keys."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from django.contrib.auth.password_validation import validate_password
from django.db.models import Q

from comptoir.accounts.models import ApiKey, User
from comptoir.accounts.roles import Role
from comptoir.core import clock
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


def create_api_key(
    *, name: str, role: Role, actor: User | None = None, expires_at: datetime | None = None
) -> tuple[ApiKey, str]:
    """The key and its secret text, which is shown once and never again."""
    prefix, secret = secrets.token_hex(4), secrets.token_urlsafe(32)
    key = ApiKey.objects.create(
        name=name, prefix=prefix, hashed=_hash(secret), role=role, created_by=actor, expires_at=expires_at
    )
    record_change(
        actor=str(actor or "comptoir"), action="api_key.created", subject_kind="api_key", subject=prefix
    )
    return key, f"ck_{prefix}_{secret}"


def find_api_key(text: str) -> ApiKey | None:
    """The living key behind `text`, compared in constant time; None otherwise."""
    kind, _, rest = text.partition("_")
    prefix, _, secret = rest.partition("_")
    now = clock.now()
    key = ApiKey.objects.filter(
        Q(expires_at=None) | Q(expires_at__gt=now), prefix=prefix, revoked_at=None
    ).first()
    if kind != "ck" or key is None or not hmac.compare_digest(key.hashed, _hash(secret)):
        return None
    if key.last_used_at is None or now - key.last_used_at > timedelta(minutes=1):
        ApiKey.objects.filter(pk=key.pk).update(last_used_at=now)
    return key


def _hash(secret: str) -> str:
    # 256 random bits need no slow hash: nothing can be guessed.
    return hashlib.sha256(secret.encode()).hexdigest()
