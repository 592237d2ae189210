"""Secrets at rest: sealed with Fernet (AES-128-CBC and HMAC-SHA256), keys rotated by MultiFernet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, cast

import msgspec
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

_NO_KEY: Final = "No sealing key of this installation opens this value."


class CannotUnseal(Exception):  # noqa: N818
    """The sealing key that closed this value is not among the keys of this installation."""


def seal(value: dict[str, Any]) -> bytes:
    return _box(settings.SEALING_KEYS).encrypt(msgspec.json.encode(value))


def unseal(sealed: bytes) -> dict[str, Any]:
    return cast(dict[str, Any], msgspec.json.decode(_opened(bytes(sealed))))


def reseal(sealed: bytes) -> bytes:
    """Close again with the newest key, as the installation has it now."""
    box = _box(settings.READ_SEALING_KEYS())
    try:
        return box.rotate(sealed)
    except InvalidToken as error:
        raise CannotUnseal(_NO_KEY) from error


def _opened(sealed: bytes) -> bytes:
    try:
        return _box(settings.SEALING_KEYS).decrypt(sealed)
    except InvalidToken:
        # Perhaps the key was changed while this program runs.
        try:
            return _box(settings.READ_SEALING_KEYS()).decrypt(sealed)
        except InvalidToken as error:
            raise CannotUnseal(_NO_KEY) from error


def _box(keys: Sequence[str]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])
