"""The merchant's own name and mentions."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.forms.models import model_to_dict

from comptoir.journal.audit import record_change
from comptoir.web.models import Company


def read_company() -> Company:
    """As it was given, or the words of a hub where nobody has given it yet."""
    return Company.objects.filter(pk=1).first() or Company(pk=1)


@transaction.atomic
def change_company(values: dict[str, Any], *, actor: str) -> None:
    before = read_company()
    Company.objects.update_or_create(pk=1, defaults=values)
    record_change(actor=actor, action="company.changed", subject_kind="company", subject="1",
                  before=model_to_dict(before, exclude=["id"]), after=values)  # fmt: skip
