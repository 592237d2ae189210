"""Who did what, and from where."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from comptoir.core import clock
from comptoir.journal.models import Change


@dataclass(frozen=True)
class Origin:
    """Where a request came from: its address, and the prefix of its API key."""

    address: str | None = None
    key: str = ""


_NOWHERE = Origin()
_origin: ContextVar[Origin] = ContextVar("origin", default=_NOWHERE)


@contextmanager
def coming_from(origin: Origin) -> Iterator[None]:
    """What is noted inside says that it came from there."""
    token = _origin.set(origin)
    try:
        yield
    finally:
        _origin.reset(token)


def new_change(
    *,
    actor: str,
    action: str,
    subject_kind: str,
    subject: str,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    address: str | None = None,
) -> Change:
    """Not written yet: for who writes many at once."""
    origin = _origin.get()
    return Change(
        at=clock.now(),
        actor=actor,
        action=action,
        subject_kind=subject_kind,
        subject=subject,
        before=before or {},
        after=after or {},
        address=address or origin.address,
        key=origin.key,
    )


def record_change(
    *,
    actor: str,
    action: str,
    subject_kind: str,
    subject: str,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    address: str | None = None,
) -> None:
    change = new_change(actor=actor, action=action, subject_kind=subject_kind, subject=subject, before=before,
                        after=after, address=address)  # fmt: skip
    change.save(force_insert=True)
