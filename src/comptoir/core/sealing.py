"""Secrets at rest: sealed with Fernet (AES-128-CBC and HMAC-SHA256), keys rotated by MultiFernet."""

from __future__ import annotations

from typing import Any, cast

import msgspec
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class CannotUnseal(Exception):  # noqa: N818
    """The sealing key that closed this value is not among the keys of this installation."""


def seal(value: dict[str, Any]) -> bytes:
    return _box().encrypt(msgspec.json.encode(value))


def unseal(sealed: bytes) -> dict[str, Any]:
    try:
        return cast(dict[str, Any], msgspec.json.decode(_box().decrypt(bytes(sealed))))
    except InvalidToken as error:
        raise CannotUnseal("No sealing key of this installation opens this value.") from error


def reseal(sealed: bytes) -> bytes:
    """Close again with the newest key."""
    return _box().rotate(bytes(sealed))


def _box() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.SEALING_KEYS])
