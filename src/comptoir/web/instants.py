"""Instants in addresses and fields: « now » is none, the past is ISO 8601."""

from __future__ import annotations

from datetime import UTC, datetime

from django.utils import timezone

from comptoir.core import clock


def read_instant(text: str) -> datetime | None:
    """None for an empty text and for what is not past yet; without an offset it is the merchant's own clock's.
    Raises ValueError."""
    if not text.strip():
        return None
    at = datetime.fromisoformat(text.strip().replace(" ", "+"))  # a « + » that a browser took for a space
    try:
        at = (timezone.make_aware(at) if timezone.is_naive(at) else at).astimezone(UTC)
    except OverflowError as error:
        raise ValueError(text) from error
    return at if at < clock.now() else None


def at_field(at: datetime | None) -> str:
    """The value of a field of the type datetime-local."""
    return "" if at is None else timezone.localtime(at).strftime("%Y-%m-%dT%H:%M:%S")
