"""What people write about an order, for each other: part of its history, never sent anywhere."""

from __future__ import annotations

from django.db import transaction

from comptoir.orders.history import write_event
from comptoir.orders.models import Order

MAX_NOTE = 2000


class EmptyNote(ValueError):  # noqa: N818
    """There is nothing to write down."""


@transaction.atomic
def add_note(order_id: int, text: str, *, actor: str) -> None:
    """Raises Order.DoesNotExist, EmptyNote."""
    words = text.replace("\x00", "").strip()[:MAX_NOTE]
    if not words:
        raise EmptyNote(order_id)
    # Locked, so that a note lands after the news that is being stored, as its reader saw it.
    order = Order.objects.select_for_update(no_key=True).get(pk=order_id)
    write_event(order, "noted", actor=actor, text=words)
