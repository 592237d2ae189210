"""Places in a list, opaque to who calls: the last row's sort value and id."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime
from typing import Any

from django.db.models import Q

from comptoir.api.problems import Problem

SEPARATOR = "\x1f"


def after(field: str, cursor: str, kind: type) -> Q:
    """Rows beyond that place, written so that the index on (field, id) bounds the scan."""
    value, number = _read(cursor, kind)
    if field == "id":
        return Q(id__gt=number)
    return Q(**{f"{field}__gte": value}) & (Q(**{f"{field}__gt": value}) | Q(id__gt=number))


def write(value: Any, number: int) -> str:
    text = value.isoformat() if isinstance(value, datetime) else str(value)
    return urlsafe_b64encode(f"{text}{SEPARATOR}{number}".encode()).decode().rstrip("=")


def _read(cursor: str, kind: type) -> tuple[Any, int]:
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        text, _, number = urlsafe_b64decode(padded).decode().rpartition(SEPARATOR)
        value: Any = text
        if kind is datetime:
            value = datetime.fromisoformat(text)
            if value.tzinfo is None:
                raise ValueError("an instant without its zone")
        if "\x00" in text or not 0 <= int(number) < 2**63:
            raise ValueError("no place of a list")
        return value, int(number)
    except ValueError as error:
        raise Problem(400, "bad_cursor", "This cursor was not given by this API.") from error
