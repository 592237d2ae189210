"""Places in a list, opaque to who calls: the last row's instant and id."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet

from comptoir.api.problems import Problem

M = TypeVar("M", bound=Model)


def page_after(rows: QuerySet[M], field: str, cursor: str, limit: int) -> tuple[Sequence[M], str | None]:
    """Oldest change first: who polls with the last cursor misses nothing that changed since."""
    found = rows.order_by(field, "id")
    if cursor:
        at, number = _read(cursor)
        later: dict[str, Any] = {f"{field}__gt": at}
        found = found.filter(Q(**{f"{field}__gte": at}) & (Q(**later) | Q(id__gt=number)))
    kept = list(found[: limit + 1])
    more, kept = len(kept) > limit, kept[:limit]
    return kept, _write(getattr(kept[-1], field), kept[-1].pk) if more else None


def _write(at: datetime, number: int) -> str:
    return urlsafe_b64encode(f"{at.isoformat()}~{number}".encode()).decode().rstrip("=")


def _read(cursor: str) -> tuple[datetime, int]:
    try:
        at, _, number = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().partition("~")
        instant = datetime.fromisoformat(at)
        if instant.tzinfo is None:
            raise ValueError("an instant without its zone")
        return instant, int(number)
    except ValueError as error:
        raise Problem(400, "bad_cursor", "This cursor was not given by this API.") from error
