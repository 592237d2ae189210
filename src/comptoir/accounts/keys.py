"""Keys of the internal API: made, rotated with an overlap, revoked, found again by their secret."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from comptoir.accounts.models import ApiKey, User
from comptoir.accounts.roles import Role
from comptoir.core import clock
from comptoir.journal.audit import record_change

OVERLAP = timedelta(days=7)
"""How long a rotated key goes on working beside the one that follows it."""
USE_NOTED_EVERY = timedelta(minutes=1)


class KeyIsDead(ValueError):  # noqa: N818
    """It was revoked, or its time is over."""


def create_api_key(
    *,
    name: str,
    role: Role,
    actor: User | None = None,
    expires_at: datetime | None = None,
    scopes: Sequence[str] = (),
    channels: Sequence[str] = (),
    calls_per_minute: int = 600,
    replaces: ApiKey | None = None,
) -> tuple[ApiKey, str]:
    """The key and its secret text, which is shown once and never again."""
    prefix, secret = secrets.token_hex(4), secrets.token_urlsafe(32)
    key = ApiKey.objects.create(
        name=name, prefix=prefix, hashed=hash_secret(secret), role=role, created_by=actor, expires_at=expires_at,
        scopes=sorted(scopes), channels=sorted(channels), calls_per_minute=calls_per_minute, replaces=replaces,
    )  # fmt: skip
    record_change(
        actor=str(actor or "comptoir"), action="api_key.created", subject_kind="api_key", subject=prefix,
        after={"name": name, "role": role, "scopes": sorted(scopes), "channels": sorted(channels)},
    )  # fmt: skip
    return key, f"ck_{prefix}_{secret}"


@transaction.atomic
def rotate_api_key(key: ApiKey, *, actor: User, overlap: timedelta = OVERLAP) -> tuple[ApiKey, str]:
    """A new key with the same rights; the old one works until the overlap ends. Raises KeyIsDead."""
    now = clock.now()
    if not key.lives(now):
        raise KeyIsDead(key.prefix)
    lasts = None if key.expires_at is None else key.expires_at - key.created_at
    made = create_api_key(
        name=key.name, role=Role(key.role), actor=actor, scopes=key.scopes, channels=key.channels,
        calls_per_minute=key.calls_per_minute, expires_at=None if lasts is None else now + lasts, replaces=key,
    )  # fmt: skip
    end = now + overlap
    key.expires_at = end if key.expires_at is None else min(key.expires_at, end)
    key.save(update_fields=["expires_at"])
    record_change(actor=str(actor), action="api_key.rotated", subject_kind="api_key", subject=key.prefix,
                  after={"followed_by": made[0].prefix, "until": key.expires_at.isoformat()})  # fmt: skip
    return made


def revoke_api_key(key: ApiKey, *, actor: str) -> None:
    """At once, whatever overlap was promised."""
    if ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=clock.now()):
        record_change(actor=actor, action="api_key.revoked", subject_kind="api_key", subject=key.prefix)


def find_api_key(text: str, *, address: str | None = None) -> ApiKey | None:
    """The living key behind `text`, compared in constant time; None otherwise."""
    kind, _, rest = text.partition("_")
    prefix, _, secret = rest.partition("_")
    if kind != "ck" or "\x00" in prefix:
        return None
    now = clock.now()
    key = ApiKey.objects.filter(
        Q(expires_at=None) | Q(expires_at__gt=now), prefix=prefix, revoked_at=None
    ).first()
    if key is None or not hmac.compare_digest(key.hashed, hash_secret(secret)):
        return None
    if key.last_used_at is None or now - key.last_used_at > USE_NOTED_EVERY:
        ApiKey.objects.filter(pk=key.pk).update(last_used_at=now, last_used_from=address)
    return key


def hash_secret(secret: str) -> str:
    # 256 random bits need no slow hash: nothing can be guessed.
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
