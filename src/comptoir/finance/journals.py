"""Accounting entries out of what the channels tell of our account: sales by day, payouts by day, each balanced.

Level-triggered: of each settlement entry, what is written already (`PostedSettlement`) is taken off what the
channel says now; the rest goes into the next entry. Told again nothing is written twice; corrected, the
difference is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from comptoir.channels.models import Channel
from comptoir.core import clock
from comptoir.core.bulk import execute, fetch
from comptoir.finance.accounts import Plan, plan_of
from comptoir.finance.entry_lines import Movement, Share, Sums, payout_sums, sales_sums
from comptoir.finance.models import AccountingEntry, AccountingRow, PostedSettlement
from comptoir.orders.models import OrderContact
from comptoir.sdk.money import ZERO
from comptoir.sdk.statuses import OrderStatus

Part = PostedSettlement.Part
LOCK = 7_351_204
"""One writer at a time: numbers are without a hole. A number of our own for pg_advisory_xact_lock."""
AT_ONCE = 20_000
HOME = ("FR", "MC")
_OPEN = """
SELECT e.id, e.kind, e.order_id, ({day})::date, round(e.amount, 2) - coalesce(sum(p.amount), 0)
FROM finance_settlemententry e
LEFT JOIN finance_postedsettlement p ON p.settlement_id = e.id AND p.part = %(part)s
WHERE e.channel_id = %(channel)s AND e.state = 'final' AND e.currency = 'EUR' AND {instant} IS NOT NULL
  AND ({day})::date >= %(since)s AND ({day})::date < %(until)s AND {kinds}
GROUP BY e.id HAVING round(e.amount, 2) <> coalesce(sum(p.amount), 0)
ORDER BY 4, e.id LIMIT %(most)s
"""
_ZONED = "{instant} AT TIME ZONE %(zone)s"
_PARTS = {
    Part.SALES: ("e.booked_at", "e.kind IN ('sale', 'refund')"),
    Part.PAYOUT: ("e.payout_at", "true"),
}
# What the buyer paid of each line and of its shipping, and at which rate.
_SHARES = """
SELECT o.id, line.amount - line.discount_amount + CASE WHEN o.prices_include_tax THEN 0 ELSE line.tax_amount END,
       line.shipping_amount, o.shipping_amount, coalesce(p.vat_rate, %(vat)s)
FROM orders_order o
JOIN orders_orderline line ON line.order_id = o.id
LEFT JOIN catalog_product p ON p.id = line.product_id
WHERE o.id = ANY(%(orders)s) AND o.status NOT IN (%(refused)s)
ORDER BY o.id, line.line_number
"""


@dataclass(frozen=True)
class _Open:
    settlement_id: int
    kind: str
    order_id: int | None
    day: date
    amount: Decimal


@transaction.atomic
def write_entries(channel: Channel) -> int:
    """Write what is not written yet, of days that are over: how many entries. 0 while no plan was set up."""
    plan = plan_of(channel)
    if plan is None:
        return 0
    execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    return sum(_write_part(channel, plan, part) for part in (Part.SALES, Part.PAYOUT))


def _write_part(channel: Channel, plan: Plan, part: Part) -> int:
    found = _open(channel, plan, part)
    shares = _shares({one.order_id for one in found if one.order_id}, plan) if part is Part.SALES else {}
    by_day: dict[date, list[_Open]] = defaultdict(list)
    for one in found:
        by_day[one.day].append(one)
    written = 0
    for day, group in by_day.items():
        movements = [Movement(one.kind, one.amount, shares.get(one.order_id or 0, ())) for one in group]
        sums = sales_sums(movements, plan) if part is Part.SALES else payout_sums(movements, plan)
        entry = _write(channel, plan, part, day, sums)
        PostedSettlement.objects.bulk_create(
            PostedSettlement(settlement_id=one.settlement_id, part=part, entry=entry, amount=one.amount)
            for one in group
        )
        written += 1
    return written


def _open(channel: Channel, plan: Plan, part: Part) -> list[_Open]:
    instant, kinds = _PARTS[part]
    day = _ZONED.format(instant=instant)
    values = {
        "part": part.value, "channel": channel.pk, "since": plan.since, "until": timezone.localdate(clock.now()),
        "zone": timezone.get_default_timezone_name(), "most": AT_ONCE,
    }  # fmt: skip
    rows = fetch(_OPEN.format(day=day, instant=instant, kinds=kinds), values)
    return [_Open(pk, kind, order, on, amount) for pk, kind, order, on, amount in rows]


def _shares(orders: Iterable[int], plan: Plan) -> dict[int, tuple[Share, ...]]:
    values = {"orders": list(orders), "vat": plan.default_vat, "refused": OrderStatus.REFUSED.value}
    found: dict[int, list[Share]] = defaultdict(list)
    fees: dict[int, tuple[Decimal, Decimal]] = {}
    for order, amount, shipping, order_shipping, rate in fetch(_SHARES, values):
        found[order].append(Share(amount, rate))
        if shipping:
            found[order].append(Share(shipping, rate, shipping=True))
        told, _ = fees.get(order, (ZERO, ZERO))
        fees[order] = (told + shipping, order_shipping)
    for order, (told, whole) in fees.items():
        if whole > told:  # no line carries it: at the rate of the first one
            found[order].append(Share(whole - told, found[order][0].rate, shipping=True))
    home = _at_home(found)
    return {order: tuple(s for s in shares if s.amount) for order, shares in found.items() if order in home}


def _at_home(orders: Iterable[int]) -> set[int]:
    """Sent to where the rates of France hold. Abroad another rate does, and of an address that was erased or never
    told nobody knows: those are to be sorted by a person."""
    contacts = OrderContact.objects.filter(order__in=list(orders)).iterator(chunk_size=2000)
    found = ((contact.order_id, contact.person.shipping) for contact in contacts)
    return {order for order, address in found if address is not None and address.country in HOME}


def _write(channel: Channel, plan: Plan, part: Part, day: date, sums: Sums) -> AccountingEntry:
    last = AccountingEntry.objects.filter(journal=plan.journal).aggregate(last=Max("number"))["last"] or 0
    prefix = f"{part.value}:{day:%Y-%m-%d}"
    times = AccountingEntry.objects.filter(channel=channel, source__startswith=prefix).count() + 1
    rows = [(role, amount) for role, amount in sums.items() if amount]
    if sum((amount for _, amount in rows), ZERO):
        raise ArithmeticError(f"{channel.key} {prefix}: debits and credits differ")
    label = f"{channel.name[:60]} {'ventes' if part is Part.SALES else 'versement'} {day:%d/%m/%Y}"
    entry = AccountingEntry.objects.create(
        channel=channel, journal=plan.journal, number=last + 1, source=f"{prefix}:{times}", entry_date=day,
        piece=f"{channel.key[:40]}-{day:%Y%m%d}-{times}", label=label, created_at=clock.now(),
        total=sum((amount for _, amount in rows if amount > 0), ZERO),
    )  # fmt: skip
    AccountingRow.objects.bulk_create(
        AccountingRow(
            entry=entry, place=place, account=plan.accounts[role], account_label=plan.labels[role][:100], label=label,
            auxiliary=channel.key[:20].upper().replace("-", "") if role == "buyers" else "",
            auxiliary_label=channel.name[:100] if role == "buyers" else "",
            debit=max(amount, ZERO), credit=max(-amount, ZERO),
        )
        for place, (role, amount) in enumerate(sorted(rows, key=lambda one: (one[1] < 0, one[0])), start=1)
    )  # fmt: skip
    return entry
