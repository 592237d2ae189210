"""What is left to do on an order, given how it stands. Pure functions.

A write looks first: lines where the thing is already done are left alone, so that doing it again is
harmless. Fnac acts on whole lines; a part of a line's units cannot be shipped, cancelled or refunded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from comptoir.sdk.records import (
    Cancellation,
    LineAmount,
    Order,
    OrderDecision,
    OrderLine,
    Outcome,
    Record,
    Refund,
    Shipment,
    Verdict,
)
from comptoir.sdk.statuses import OrderStatus

S = OrderStatus
_NOT_YET = frozenset({S.TO_ACCEPT, S.ACCEPTED, S.PENDING})
_GONE = frozenset({S.SHIPPED, S.DELIVERED})
_ENDED = frozenset({S.REFUSED, S.CANCELLED, S.REFUNDED})
_TRACKING_MAX = 32
"""`common.xsd`, string32."""


class LineAction(Record, frozen=True, kw_only=True):
    line_id: str
    action: str
    tracking_number: str = ""
    tracking_company: str = ""
    refund_reason: str = ""


class OrderAction(Record, frozen=True, kw_only=True):
    """One `order` element of orders_update. `key` names the item it answers for."""

    key: str
    order_id: str
    action: str
    lines: tuple[LineAction, ...]
    then: Outcome = Outcome.DONE
    """What a success means for the item: RETRY when a second step is needed."""


Plan = OrderAction | Verdict


def plan_decision(decision: OrderDecision, order: Order) -> Plan:
    key, lines = decision.order_id, _by_id(order)
    if unknown := sorted(decision.lines.keys() - lines.keys()):
        return _rejected(key, "line_not_found", f"No such line: {', '.join(unknown)}.")
    waiting = [line for line in order.lines if line.status is S.TO_ACCEPT]
    if missing := [line.external_id for line in waiting if line.external_id not in decision.lines]:
        return _rejected(key, "decision_missing", f"Lines without a decision: {', '.join(missing)}.")
    decided = [(line, decision.lines[i]) for i, line in lines.items() if i in decision.lines]
    if against := [line.external_id for line, yes in decided if not _agrees(line.status, accepted=yes)]:
        return _rejected(key, "already_decided", f"Already decided otherwise: {', '.join(against)}.")
    if not waiting:
        return _done(key)
    actions = ((line.external_id, decision.lines[line.external_id]) for line in waiting)
    return OrderAction(
        key=key,
        order_id=order.external_id,
        action="accept_order",
        lines=tuple(LineAction(line_id=i, action="Accepted" if yes else "Refused") for i, yes in actions),
    )


def _agrees(status: OrderStatus, *, accepted: bool) -> bool:
    if status is S.TO_ACCEPT:
        return True
    return status not in (S.REFUSED, S.CANCELLED) if accepted else status in (S.REFUSED, S.CANCELLED)


def plan_shipment(shipment: Shipment, order: Order, carrier: str) -> Plan:
    """A line leaves whole: with its first parcel, when its units travel in several."""
    key, lines, parcel = shipment.reference, _by_id(order), shipment.parcel
    if len(parcel.tracking_number) > _TRACKING_MAX:
        return _rejected(key, "tracking_number", f"A tracking number has at most {_TRACKING_MAX} characters.")
    wanted = list(dict.fromkeys(line.line_id for line in shipment.lines))
    if missing := [i for i in wanted if i not in lines]:
        return _rejected(key, "line_not_found", f"No such line: {', '.join(missing)}.")
    left = [lines[i] for i in wanted if lines[i].status not in _GONE]
    if ended := [line for line in left if line.status in _ENDED]:
        return _rejected(key, "state", f"Line {ended[0].external_id} is {ended[0].external_status}.")
    if early := [line for line in left if line.status in _NOT_YET]:
        return _retry(
            key, f"Line {early[0].external_id} is {early[0].external_status}: not to be shipped yet."
        )
    if not left:
        return _done(key)
    return OrderAction(
        key=key,
        order_id=order.external_id,
        action="confirm_to_send",
        lines=tuple(
            LineAction(
                line_id=line.external_id,
                action="Shipped",
                tracking_number=parcel.tracking_number,
                tracking_company=carrier,
            )
            for line in left
        ),
    )


def plan_refund(refund: Refund, order: Order, reason: str) -> Plan:
    chosen = _whole_lines(refund.reference, refund.lines, order)
    if isinstance(chosen, Verdict):
        return chosen
    left = [line for line in chosen if line.status is not S.REFUNDED]
    if wrong := [line for line in left if line.status not in _GONE | {S.TO_SHIP}]:
        words = f"Line {wrong[0].external_id} is {wrong[0].external_status}: it cannot be refunded."
        return _rejected(refund.reference, "state", words)
    return _refund_action(refund.reference, order, left, refund.reason or reason)


def plan_cancellation(cancellation: Cancellation, order: Order, reason: str) -> Plan:
    """Fnac knows no cancellation by the seller: refuse before acceptance, refund after payment."""
    key = cancellation.reference
    chosen = _whole_lines(key, cancellation.lines, order)
    if isinstance(chosen, Verdict):
        return chosen
    left = [line for line in chosen if line.status not in _ENDED]
    if gone := [line for line in left if line.status in _GONE]:
        return _rejected(
            key, "state", f"Line {gone[0].external_id} is {gone[0].external_status}: it has left."
        )
    if any(line.status is S.TO_ACCEPT for line in left):
        return _refusal(key, order, left)
    if any(line.status in _NOT_YET for line in left):
        return _retry(key, "The buyer's payment is being collected: it can be refunded once that is done.")
    return _refund_action(key, order, left, cancellation.reason or reason)


def _refusal(key: str, order: Order, left: Sequence[OrderLine]) -> OrderAction:
    refused = [line for line in left if line.status is S.TO_ACCEPT]
    return OrderAction(
        key=key,
        order_id=order.external_id,
        action="accept_order",
        lines=tuple(LineAction(line_id=line.external_id, action="Refused") for line in refused),
        then=Outcome.DONE if len(refused) == len(left) else Outcome.RETRY,
    )


def _refund_action(key: str, order: Order, lines: Sequence[OrderLine], reason: str) -> Plan:
    if not lines:
        return _done(key)
    return OrderAction(
        key=key,
        order_id=order.external_id,
        action="refund_order",
        lines=tuple(
            LineAction(line_id=line.external_id, action="Refunded", refund_reason=reason) for line in lines
        ),
    )


def _whole_lines(key: str, asked: Sequence[LineAmount], order: Order) -> list[OrderLine] | Verdict:
    lines = _by_id(order)
    if not asked:
        return list(order.lines)
    if missing := [item.line_id for item in asked if item.line_id not in lines]:
        return _rejected(key, "line_not_found", f"No such line: {', '.join(missing)}.")
    if part := [item.line_id for item in asked if not _is_whole(item, lines[item.line_id])]:
        words = f"Fnac takes back whole lines only; a part of line {part[0]} must be settled in its portal."
        return _rejected(key, "partial_line", words)
    return [lines[item.line_id] for item in asked]


def _is_whole(asked: LineAmount, line: OrderLine) -> bool:
    """No amount, or the amount of the line with or without its shipping, stands for the whole line."""
    amounts: tuple[Decimal, ...] = (Decimal(0), line.amount, line.amount + line.shipping_amount)
    return asked.quantity >= line.quantity and asked.amount in amounts


def _by_id(order: Order) -> Mapping[str, OrderLine]:
    return {line.external_id: line for line in order.lines}


def _done(key: str) -> Verdict:
    return Verdict(key=key, outcome=Outcome.DONE, message="Already done.")


def _retry(key: str, message: str) -> Verdict:
    return Verdict(key=key, outcome=Outcome.RETRY, message=message)


def _rejected(key: str, code: str, message: str) -> Verdict:
    return Verdict(key=key, outcome=Outcome.REJECTED, code=code, message=message)
