"""The history of an order."""

from __future__ import annotations

from typing import Any

from comptoir.core import clock
from comptoir.orders.models import Order, OrderEvent


def new_event(
    order: Order, kind: str, *, actor: str = "", run_id: int | None = None, **data: Any
) -> OrderEvent:
    """Not written yet: for who writes many at once."""
    return OrderEvent(order=order, at=clock.now(), kind=kind, data=data, actor=actor, run_id=run_id)


def write_event(order: Order, kind: str, *, actor: str = "", run_id: int | None = None, **data: Any) -> None:
    new_event(order, kind, actor=actor, run_id=run_id, **data).save(force_insert=True)
