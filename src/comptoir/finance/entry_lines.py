"""Debits and credits of one entry: pure sums, exact to the cent. What cannot be split with certainty goes to the
account of what is to be sorted: nothing is guessed, and nothing is lost."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from comptoir.finance.accounts import Plan
from comptoir.sdk.money import ZERO

CENT = Decimal("0.01")
RATE_ROLES = {
    Decimal("20"): "vat_20",
    Decimal("10"): "vat_10",
    Decimal("5.5"): "vat_5_5",
    Decimal("2.1"): "vat_2_1",
}
COMMISSION_RATE = Decimal(20)


@dataclass(frozen=True)
class Share:
    """So much of an order's money, tax included, at one rate."""

    amount: Decimal
    rate: Decimal
    shipping: bool = False


@dataclass(frozen=True)
class Movement:
    """A settlement entry's part that is to be written: `shares` of its order, () where nothing is known of it."""

    kind: str
    amount: Decimal
    """Signed as the channel tells it: positive is owed to us."""
    shares: tuple[Share, ...] = ()


Sums = dict[str, Decimal]
"""Role → debit above zero, credit below."""


def sales_sums(movements: Iterable[Movement], plan: Plan) -> Sums:
    """D buyers, C sales, shipping and VAT by rate; refunds the other way round."""
    sums: Sums = defaultdict(lambda: ZERO)
    for movement in movements:
        sums["buyers"] += movement.amount
        for part in _spread(movement):
            role = RATE_ROLES.get(part.rate)
            if role is None and part.rate:
                sums["unmatched"] -= part.amount
                continue
            net = (part.amount / (1 + part.rate / 100)).quantize(CENT, ROUND_HALF_UP)
            sums["shipping" if part.shipping else "sales"] -= net
            if role is not None:
                sums[role] -= part.amount - net
        if not movement.shares:
            sums["unmatched"] -= movement.amount
    return sums


def payout_sums(movements: Iterable[Movement], plan: Plan) -> Sums:
    """D bank what is paid, D commissions and fees with their VAT, C buyers what they paid."""
    sums: Sums = defaultdict(lambda: ZERO)
    for movement in movements:
        sums["bank"] += movement.amount
        if movement.kind in ("sale", "refund"):
            sums["buyers"] -= movement.amount
        elif movement.kind in ("commission", "fee"):
            _expense(sums, movement, plan)
        else:
            sums["unmatched"] -= movement.amount
    return sums


def _expense(sums: Sums, movement: Movement, plan: Plan) -> None:
    cost = -movement.amount
    if plan.commission_vat == "domestic":
        net = (cost / (1 + COMMISSION_RATE / 100)).quantize(CENT, ROUND_HALF_UP)
        sums[movement.kind] += net
        sums["vat_paid"] += cost - net
        return
    sums[movement.kind] += cost
    if plan.commission_vat == "reverse":
        vat = (cost * COMMISSION_RATE / 100).quantize(CENT, ROUND_HALF_UP)
        sums["vat_reverse_paid"] += vat
        sums["vat_reverse_due"] -= vat


def _spread(movement: Movement) -> list[Share]:
    """The movement's amount over its order's shares, in proportion; the last cent to the largest."""
    whole = sum((share.amount for share in movement.shares), ZERO)
    if not whole:
        return []
    parts = [
        Share(
            (movement.amount * share.amount / whole).quantize(CENT, ROUND_HALF_UP), share.rate, share.shipping
        )
        for share in movement.shares
    ]
    rest = movement.amount - sum((part.amount for part in parts), ZERO)
    largest = max(range(len(parts)), key=lambda place: abs(parts[place].amount))
    first = parts[largest]
    parts[largest] = Share(first.amount + rest, first.rate, first.shipping)
    return parts
