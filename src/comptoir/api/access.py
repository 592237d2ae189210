"""Who may call: an API key in `Authorization: Bearer ck_…`, with the permissions of its role."""

from __future__ import annotations

from django.http import HttpRequest
from ninja.security import HttpBearer

from comptoir.accounts.models import ApiKey
from comptoir.accounts.roles import Permission, role_allows
from comptoir.accounts.services import find_api_key
from comptoir.api.problems import Problem


class Key(HttpBearer):
    """`auth=Key(Permission.SEE)`: a test fails where an endpoint has none."""

    def __init__(self, permission: Permission) -> None:
        super().__init__()
        self.permission = permission

    def authenticate(self, request: HttpRequest, token: str) -> ApiKey | None:
        key = find_api_key(token)
        if key is not None and not role_allows(key.role, self.permission):
            raise Problem(
                403, "forbidden", f"The role of this key lacks the permission {self.permission.value}."
            )
        return key


def caller(request: HttpRequest) -> ApiKey:
    """The key that `Key` let in."""
    key = getattr(request, "auth", None)
    if not isinstance(key, ApiKey):
        raise TypeError("only for endpoints behind `Key`")
    return key
