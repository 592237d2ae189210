"""The log of who looked at buyers' data: in the audit, which nobody can change, one row per order looked at."""

from __future__ import annotations

from collections.abc import Iterable

from comptoir.journal.audit import new_change, record_change
from comptoir.journal.models import Change

SEEN = "buyer.seen"


def note_looks(references: Iterable[str], *, actor: str, where: str) -> None:
    """`where`: page, api or packing_slip. The network address comes with the request."""
    Change.objects.bulk_create(
        new_change(actor=actor, action=SEEN, subject_kind="order", subject=one, after={"where": where})
        for one in references
    )


def note_export(*, actor: str, query: str) -> None:
    """A file of many orders, of any length: one row, with the filters that chose them."""
    record_change(
        actor=actor,
        action=SEEN,
        subject_kind="export",
        subject="orders",
        after={"where": "export", "filters": query},
    )
