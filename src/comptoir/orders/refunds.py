"""Giving money back to a buyer: asked by a person, told to the channel by `refund_orders`.

What a line has given back is the greater of two figures: what the channel shows (`refunded_amount`) and
what our own refunds make of it (`given_back_amount`). Some channels show our refunds on the order, others
never do; the ERP is told the growth of the greater, so that nothing is told twice whichever way it came.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from comptoir.core import clock
from comptoir.journal.audit import record_change
from comptoir.orders.history import write_event
from comptoir.orders.models import Order, OrderLine, Refund
from comptoir.sdk import records
from comptoir.sdk.money import ZERO, to_cents
from comptoir.sdk.statuses import OrderStatus

State = Refund.State
OPEN = (State.REQUESTED, State.UNKNOWN)
_LEFT = frozenset({OrderStatus.SHIPPED, OrderStatus.DELIVERED, OrderStatus.REFUNDED})


class CannotRefund(ValueError):  # noqa: N818
    """The order or one of its lines cannot give that back; says why."""


@dataclass(frozen=True)
class Refundable:
    """What can still be given back of one line, open requests taken off."""

    line: OrderLine
    quantity: int
    amount: Decimal
    """Goods and shipping together."""


def refundable_lines(order: Order) -> dict[str, Refundable]:
    """By the line's external id: only what has left, and never more than was paid for it.

    Where no line carries shipping, the order's own counts for any of them: the bound of the whole order
    stands behind.
    """
    asked, lines = _asked(order), list(order.lines.all())
    loose = ZERO if any(line.shipping_amount for line in lines) else order.shipping_amount
    found = {}
    for line in lines:
        if line.fulfilled_by != "seller" or not _has_left(line):
            continue
        units, money = asked.get(line.external_id, (0, ZERO))
        quantity = line.quantity - line.cancelled_quantity - given_back_units(line) - units
        amount = _paid(order, line) + loose - given_back(line) - money
        found[line.external_id] = Refundable(line, max(0, quantity), max(ZERO, amount))
    return found


def given_back(line: OrderLine) -> Decimal:
    shown: Decimal = line.refunded_amount
    ours: Decimal = line.given_back_amount
    return max(shown, ours)


def given_back_units(line: OrderLine) -> int:
    return max(line.refunded_quantity, line.given_back_quantity)


@transaction.atomic
def request_refund(
    order_id: int,
    *,
    lines: Mapping[str, int],
    amounts: Mapping[str, Decimal],
    shipping: Mapping[str, Decimal] | None = None,
    reason: str = "",
    actor: str,
) -> Refund:
    """Ask the channel to give money back, at `refund_orders`' next turn.

    `lines`: line's external id → units that come back (0: money only); `amounts` → money for the goods,
    `shipping` → money for their shipping, both as the buyer paid them. `reason` is the channel's own code,
    "" its default. Raises CannotRefund.
    """
    order = Order.objects.select_for_update(no_key=True).get(pk=order_id)
    wanted = {
        key: (lines.get(key, 0), to_cents(amounts.get(key, ZERO)), to_cents((shipping or {}).get(key, ZERO)))
        for key in {**lines, **amounts, **(shipping or {})}
    }
    content = {
        key: {"quantity": units, "amount": str(amount), "shipping": str(fees)}
        for key, (units, amount, fees) in sorted(wanted.items())
        if amount or fees or units
    }
    _check(order, wanted, content)
    number = order.refunds.count() + 1
    refund = Refund.objects.create(
        order=order, reference=f"{order.reference}-R{number}", lines=content, reason=reason[:60],
        requested_by=actor, requested_at=clock.now(),
    )  # fmt: skip
    total = str(sum((amount + fees for _, amount, fees in wanted.values()), ZERO))
    write_event(order, "refund_requested", actor=actor, amount=total, currency=order.currency,
                reference=refund.reference)  # fmt: skip
    record_change(actor=actor, action="order.refund", subject_kind="order", subject=order.reference,
                  after={"reference": refund.reference, "lines": content, "reason": reason})  # fmt: skip
    return refund


def _check(
    order: Order, wanted: Mapping[str, tuple[int, Decimal, Decimal]], content: Mapping[str, object]
) -> None:
    possible = refundable_lines(order)
    if not content:
        raise CannotRefund(f"{order.reference}: nothing is asked for.")
    for key, (units, amount, fees) in wanted.items():
        left = possible.get(key)
        if left is None:
            raise CannotRefund(f"{order.reference}: line {key} has not left, or is not ours to refund.")
        if units < 0 or amount < 0 or fees < 0 or not amount + fees:
            raise CannotRefund(f"{order.reference}: line {key} gives back no amount.")
        if units > left.quantity:
            raise CannotRefund(
                f"{order.reference}: {units} units of line {key}, {left.quantity} are left to refund."
            )
        if amount + fees > left.amount:
            raise CannotRefund(
                f"{order.reference}: {amount + fees} {order.currency} of line {key}, "
                f"{to_cents(left.amount)} are left to refund."
            )
    gone = sum((given_back(line) for line in order.lines.all()), ZERO)
    asked = sum((money for _, money in _asked(order).values()), ZERO)
    total = sum((amount + fees for _, amount, fees in wanted.values()), ZERO)
    if total > order.total_amount - gone - asked:
        raise CannotRefund(f"{order.reference}: {total} {order.currency} is more than was paid and is left.")
    # A form that is sent twice must not give back twice.
    if order.refunds.filter(state__in=OPEN, lines=content).exists():
        raise CannotRefund(f"{order.reference}: this very refund is already asked for.")


def _asked(order: Order) -> dict[str, tuple[int, Decimal]]:
    """Units and money of the requests that the channel has not answered."""
    found: dict[str, tuple[int, Decimal]] = {}
    for refund in order.refunds.filter(state__in=OPEN):
        for key, line in refund.lines.items():
            units, money = found.get(key, (0, ZERO))
            found[key] = (
                units + line["quantity"],
                money + Decimal(line["amount"]) + Decimal(line["shipping"]),
            )
    return found


def _has_left(line: OrderLine) -> bool:
    return line.shipped_quantity > 0 or OrderStatus(line.status) in _LEFT


def _paid(order: Order, line: OrderLine) -> Decimal:
    """For the units that were not cancelled, their own shipping included."""
    paid: Decimal = line.amount + line.shipping_amount - line.discount_amount
    if not order.prices_include_tax:
        paid += line.tax_amount
    if line.quantity:
        paid = paid * (line.quantity - line.cancelled_quantity) / line.quantity
    return paid


# --- telling the channel --------------------------------------------------------------------------------


def refund_record(refund: Refund) -> records.Refund:
    return records.Refund(
        reference=refund.reference,
        order_id=refund.order.external_id,
        reason=refund.reason,
        lines=tuple(
            records.LineAmount(
                line_id=key,
                quantity=line["quantity"],
                amount=Decimal(line["amount"]),
                shipping_amount=Decimal(line["shipping"]),
                currency=refund.order.currency,
            )
            for key, line in refund.lines.items()
        ),
    )


@transaction.atomic
def begin_attempt(refund: Refund) -> None:
    """Committed before anything is sent: whatever happens then, it is looked up before it is repeated."""
    if not refund.before:
        refund.before = {
            line.external_id: {"amount": str(given_back(line)), "quantity": given_back_units(line)}
            for line in _lines(refund)
        }
    refund.state = State.UNKNOWN
    refund.save(update_fields=["state", "before"])


def is_shown(refund: Refund) -> bool:
    """Does the channel's own word of the order hold all of this refund?

    `given_back_amount` holds our earlier refunds: one that it counts is no proof of this one.
    """
    return all(line.refunded_amount >= _base(refund, line) + _money(refund, line) for line in _lines(refund))


@transaction.atomic
def settle(refund: Refund, state: str, *, message: str = "", external_id: str = "", run_id: int) -> None:
    """The channel's answer. What is given back counts at once, whether or not the channel ever shows it."""
    order = Order.objects.select_for_update(no_key=True).get(pk=refund.order_id)
    refund.state, refund.message, refund.answered_at = state, message, clock.now()
    refund.external_id = external_id[:200] or refund.external_id
    refund.save(update_fields=["state", "message", "external_id", "answered_at"])
    if state == State.DONE:
        for line in _lines(refund):
            line.given_back_amount = _base(refund, line) + _money(refund, line)
            line.given_back_quantity = _base_units(refund, line) + _units(refund, line)
            line.save(update_fields=["given_back_amount", "given_back_quantity"])
    kind = {State.DONE: "refunded", State.REJECTED: "refund_refused"}.get(State(state))
    if kind:
        total = sum((_money(refund, line) for line in _lines(refund)), ZERO)
        write_event(order, kind, run_id=run_id, amount=str(total), currency=order.currency,
                    reference=refund.reference, message=message)  # fmt: skip


def _lines(refund: Refund) -> list[OrderLine]:
    return list(OrderLine.objects.filter(order=refund.order_id, external_id__in=refund.lines))


def _base(refund: Refund, line: OrderLine) -> Decimal:
    """Given back of the line before this refund: as it stood at its first attempt, or since by another of ours."""
    before = refund.before.get(line.external_id)
    ours: Decimal = line.given_back_amount
    return max(ours, Decimal(before["amount"]) if before else ZERO)


def _base_units(refund: Refund, line: OrderLine) -> int:
    before = refund.before.get(line.external_id)
    return max(line.given_back_quantity, int(before["quantity"]) if before else 0)


def _money(refund: Refund, line: OrderLine) -> Decimal:
    asked = refund.lines[line.external_id]
    return Decimal(asked["amount"]) + Decimal(asked["shipping"])


def _units(refund: Refund, line: OrderLine) -> int:
    return int(refund.lines[line.external_id]["quantity"])
