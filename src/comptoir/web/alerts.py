"""What the merchant chose about alerts: who is told, and from what on."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from comptoir.flows.alert_choices import Choices
from comptoir.journal.audit import record_change
from comptoir.web.models import AlertChoice


def read_choices() -> Choices | None:
    kept = AlertChoice.objects.filter(pk=1).first()
    return None if kept is None else Choices(kept.emails, kept.thresholds)


@transaction.atomic
def keep_choices(choices: Choices, *, actor: str) -> None:
    before, after = read_choices(), _told(choices)
    AlertChoice.objects.update_or_create(pk=1, defaults=after)
    record_change(actor=actor, action="alerts.changed", subject_kind="alerts", subject="1",
                  before=_told(before) if before else {}, after=after)  # fmt: skip


def _told(choices: Choices) -> dict[str, Any]:
    return {"emails": list(choices.emails), "thresholds": dict(choices.thresholds)}
