"""The person at the desk: decides what the rules leave to a person, and gives money back now and then."""

from __future__ import annotations

from datetime import datetime, timedelta

from comptoir.channels.models import Channel
from comptoir.flows.catalogue_guard import allow
from comptoir.flows.policy import run_flow
from comptoir.inventory.availability import covered_orders
from comptoir.journal.models import Issue
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
        _let_counts_pass()
        give_back(self._given_back)
        settle_credit_notes(now)


def _let_counts_pass() -> None:
    """The hub stops before an ERP empties much of its catalogue. Here it always tells the truth: its articles sold out.

    The flow is run at once, as it is when the button of the Issue is pressed: what is allowed is so for two hours.
    """
    for issue in Issue.objects.filter(state=Issue.State.OPEN, action="allow_count").order_by("id"):
        allow(Channel.objects.get(key=issue.channel), issue.subject, actor="rehearsal")
        run_flow(issue.flow, issue.channel, trigger="hand", actor="rehearsal")
