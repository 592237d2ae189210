"""The seller's money: operations shown from the day after acceptance, payouts and invoices by calendar.

Documented: data at D+1 after acceptance; invoices on the 9th, 19th and 29th; payouts on the 1st, 11th and
21st. Payouts and invoices are worked out from the operations when they are asked for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from decimal import Decimal

from bazaar.octopia.account import Account
from bazaar.octopia.money import ZERO, percent
from bazaar.octopia.order_records import Operation, Order

PAYOUT_DAYS = (1, 11, 21)
INVOICE_DAYS = (9, 19, 29)
VAT_RATE = Decimal(20)


def write_sale(account: Account, order: Order) -> None:
    """What the buyer pays, and the commission with its VAT that Octopia keeps of it."""
    total = sum((line.total for line in order.open_lines), ZERO)
    _write(account, order, "Sale", total)
    _write(account, order, "Commission", -commission(account, total))


def write_refund(account: Account, order: Order, amount: Decimal) -> None:
    _write(account, order, "Refund", -amount)
    _write(account, order, "Commission", commission(account, amount))


def commission(account: Account, amount: Decimal) -> Decimal:
    """With VAT, to the cent."""
    fee = percent(amount, account.settings.commission_rate)
    return fee + percent(fee, VAT_RATE)


def visible_operations(account: Account) -> list[Operation]:
    now = account.now()
    return [one for one in account.operations.values() if one.visible_at <= now]


def payouts(account: Account) -> list[tuple[datetime, Decimal, list[Operation]]]:
    """`(paid at, amount, operations)` of every payout until now."""
    return _by_calendar(account, visible_operations(account), PAYOUT_DAYS)


def invoices(account: Account) -> list[tuple[datetime, Decimal, list[Operation]]]:
    """Of the commissions, until now; the amount is what the seller owes."""
    fees = [one for one in visible_operations(account) if one.kind == "Commission"]
    return [(at, -amount, found) for at, amount, found in _by_calendar(account, fees, INVOICE_DAYS)]


def payment_state(account: Account, operation: Operation) -> str:
    return "Paid" if next_day(operation.visible_at, PAYOUT_DAYS) <= account.now() else "Estimated"


def next_day(instant: datetime, days: Sequence[int]) -> datetime:
    """The first of these days of a month after the instant, at midnight UTC."""
    day = datetime.combine(instant.date(), time(), instant.tzinfo) + timedelta(days=1)
    while day.day not in days:
        day += timedelta(days=1)
    return day


def _by_calendar(
    account: Account, operations: Iterable[Operation], days: Sequence[int]
) -> list[tuple[datetime, Decimal, list[Operation]]]:
    found: dict[datetime, list[Operation]] = defaultdict(list)
    for one in operations:
        found[next_day(one.visible_at, days)].append(one)
    now = account.now()
    return [
        (at, sum((one.amount for one in some), ZERO), some) for at, some in sorted(found.items()) if at <= now
    ]


def _write(account: Account, order: Order, kind: str, amount: Decimal) -> None:
    now = account.now()
    reference = f"OP{len(account.operations) + 1:010d}"
    account.operations[reference] = Operation(
        reference=reference,
        order_id=order.order_id,
        kind=kind,
        amount=amount,
        currency=order.currency,
        created_at=now,
        visible_at=datetime.combine(now.date(), time(), now.tzinfo) + timedelta(days=1),
    )
