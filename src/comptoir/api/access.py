"""Who may call: an API key in `Authorization: Bearer ck_…`, with its scopes among its role's permissions."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from ninja.security import HttpBearer

from comptoir.accounts.models import ApiKey
from comptoir.accounts.roles import Permission
from comptoir.api.problems import Problem

M = TypeVar("M", bound=Model)


class Key(HttpBearer):
    """`auth=Key(Permission.SEE)`: a test fails where an endpoint has none."""

    def __init__(self, permission: Permission) -> None:
        super().__init__()
        self.permission = permission

    def authenticate(self, request: HttpRequest, token: str) -> ApiKey | None:
        key: ApiKey | None = getattr(request, "api_key", None)  # found by `middleware`, once per call
        if key is not None and not key.may(self.permission):
            raise Problem(403, "forbidden", f"This key lacks the permission {self.permission.value}.")
        return key


def caller(request: HttpRequest) -> ApiKey:
    """The key that `Key` let in."""
    key = getattr(request, "auth", None)
    if not isinstance(key, ApiKey):
        raise TypeError("only for endpoints behind `Key`")
    return key


def seen_by(request: HttpRequest, rows: QuerySet[M], path: str) -> QuerySet[M]:
    """Only what lies on the channels of the key; `path` leads from a row to its channel's key."""
    channels = caller(request).channels
    return rows.filter(**{f"{path}__in": channels}) if channels else rows


def require_channel(request: HttpRequest, channel: str) -> None:
    """As if it did not exist: a key that is narrowed to some channels learns nothing of the others."""
    if not caller(request).sees(channel):
        raise Problem(404, "not_found", "Nothing has this name.")


def require_every_channel(request: HttpRequest) -> None:
    """For what belongs to no channel, such as the stock that all of them sell from."""
    if caller(request).channels:
        raise Problem(403, "forbidden", "This key is narrowed to some channels; this concerns all of them.")
