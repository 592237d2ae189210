"""The person at the desk: decides what the rules leave to a person, and gives money back now and then."""

from __future__ import annotations

from datetime import datetime, timedelta

from comptoir.inventory.availability import covered_orders
from comptoir.orders.decisions import decide_order
from comptoir.orders.models import Order
from comptoir.rehearsal.refunds import give_back, settle_credit_notes
from comptoir.sdk.statuses import OrderStatus

LOOKS_EVERY = timedelta(minutes=30)
WAITS_FOR_STOCK = timedelta(hours=6)


class Person:
    def __init__(self) -> None:
        self._looked_at: datetime | None = None
        self._given_back: set[int] = set()

    def act(self, now: datetime) -> None:
        if self._looked_at is not None and now - self._looked_at < LOOKS_EVERY:
            return
        self._looked_at = now
        waiting = Order.objects.filter(status=OrderStatus.TO_ACCEPT, decision=Order.Decision.MANUAL)
        orders = list(waiting.order_by("placed_at", "id"))
        covered = covered_orders([order.pk for order in orders])
        for order in orders:
            if order.pk in covered:
                decide_order(order.pk, accept=True, actor="rehearsal")
            elif now - order.placed_at > WAITS_FOR_STOCK:
                decide_order(order.pk, accept=False, actor="rehearsal")
        give_back(self._given_back)
        settle_credit_notes(now)
