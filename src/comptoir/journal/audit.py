"""Who did what."""

from __future__ import annotations

from typing import Any

from comptoir.core import clock
from comptoir.journal.models import Change


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
    Change.objects.create(
        at=clock.now(),
        actor=actor,
        action=action,
        subject_kind=subject_kind,
        subject=subject,
        before=before or {},
        after=after or {},
        address=address,
    )
