"""OR21: accept or refuse the lines of an order; every line of it must be decided in one call."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from comptoir.connectors.mirakl.client import MiraklClient
from comptoir.connectors.mirakl.lookup import lines_of, look_at
from comptoir.connectors.mirakl.statuses import order_status
from comptoir.connectors.mirakl.verdicts import done, one_by_one
from comptoir.sdk.errors import RejectedRecord
from comptoir.sdk.records import OrderDecision, Verdict
from comptoir.sdk.statuses import OrderStatus

_UNDECIDED = frozenset({OrderStatus.PENDING, OrderStatus.TO_ACCEPT, OrderStatus.UNKNOWN})


def decide_orders(client: MiraklClient, decisions: Sequence[OrderDecision]) -> Iterator[Verdict]:
    return one_by_one(decisions, lambda one: one.order_id, lambda one: _decide(client, one))


def build_acceptance(decision: OrderDecision) -> dict[str, object]:
    lines = [{"id": line_id, "accepted": accepted} for line_id, accepted in decision.lines.items()]
    return {"order_lines": lines}


def _decide(client: MiraklClient, decision: OrderDecision) -> Verdict:
    try:
        client.send("OR21", build_acceptance(decision), order_id=decision.order_id)
    except RejectedRecord:
        # A second acceptance is refused as "wrong state": is it already as we want it?
        if not _is_decided(client, decision):
            raise
        return done(decision.order_id, message="It was already decided so.")
    return done(decision.order_id)


def _is_decided(client: MiraklClient, decision: OrderDecision) -> bool:
    lines = lines_of(look_at(client, decision.order_id))
    return bool(decision.lines) and all(
        line_id in lines and _agrees(lines[line_id].order_line_state or "", accepted)
        for line_id, accepted in decision.lines.items()
    )


def _agrees(state: str, accepted: bool) -> bool:
    """A line cancelled after we accepted it cannot be told from one cancelled before: it does not agree."""
    status = order_status(state)
    if not accepted:
        return status is OrderStatus.REFUSED
    return status not in _UNDECIDED | {OrderStatus.REFUSED, OrderStatus.CANCELLED}
