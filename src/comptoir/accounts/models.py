from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from comptoir.accounts.roles import HOUSE_WIDE, Permission, Role, role_allows


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str, **fields: Any) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person of the merchant's team, known by e-mail, with one role."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=150, blank=True)
    role = models.CharField(max_length=30, choices=Role, default=Role.READ_ONLY)
    language = models.CharField(max_length=5, default="fr")
    channels = models.JSONField(default=list, blank=True)
    """Keys of the channels that this person sees and acts on; empty: every one. See `narrowed_to`."""
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def narrowed_to(self) -> list[str]:
        """Keys of the only channels that exist for this person; empty: every one.

        An administrator is never narrowed: who gives channels could give them to themselves.
        """
        return [] if self.role == Role.ADMINISTRATOR else list(self.channels)

    def may(self, permission: Permission) -> bool:
        if permission in HOUSE_WIDE and self.narrowed_to:
            return False
        return self.is_active and role_allows(self.role, permission)

    def sees(self, channel: str) -> bool:
        return not self.narrowed_to or channel in self.narrowed_to

    def may_on(self, permission: Permission, channel: str) -> bool:
        """The same, for an act on one channel."""
        return self.may(permission) and self.sees(channel)


class ApiKey(models.Model):
    """A key of the internal API: only its hash is kept, its first characters name it."""

    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=16, unique=True)
    hashed = models.CharField(max_length=64)
    role = models.CharField(max_length=30, choices=Role, default=Role.INTEGRATOR)
    scopes = models.JSONField(default=list, blank=True)
    """Permissions among those of the role; empty: all of them."""
    channels = models.JSONField(default=list, blank=True)
    """Keys of the channels that it sees and acts on; empty: every one."""
    calls_per_minute = models.PositiveIntegerField(default=600)
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)
    last_used_from = models.GenericIPAddressField(null=True)
    revoked_at = models.DateTimeField(null=True)
    replaces = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="replacements"
    )
    """The key that this one was made to follow; both live until the older one expires."""

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    def may(self, permission: Permission) -> bool:
        return role_allows(self.role, permission) and (not self.scopes or permission.value in self.scopes)

    def sees(self, channel: str) -> bool:
        return not self.channels or channel in self.channels

    def lives(self, now: datetime) -> bool:
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > now)


class KeptAnswer(models.Model):
    """What a write with an Idempotency-Key was answered: the same key and body get the same answer."""

    key = models.ForeignKey(ApiKey, on_delete=models.CASCADE, db_index=False)
    name = models.CharField(max_length=200)
    """The caller's Idempotency-Key."""
    fingerprint = models.BinaryField()
    """Of method, address and body."""
    status = models.IntegerField(null=True)
    content_type = models.CharField(max_length=80, blank=True)
    body = models.BinaryField(default=b"")
    at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "api_keptanswer"
        constraints = [models.UniqueConstraint(fields=["key", "name"], name="api_answer_once")]


class Invitation(models.Model):
    """A place in the team, offered by a link: only the hash of its secret is kept, and it opens once."""

    email = models.EmailField()
    name = models.CharField(max_length=150, blank=True)
    role = models.CharField(max_length=30, choices=Role, default=Role.READ_ONLY)
    channels = models.JSONField(default=list, blank=True)
    hashed = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.email

    def is_open(self, now: datetime) -> bool:
        return self.accepted_at is None and self.revoked_at is None and self.expires_at > now
