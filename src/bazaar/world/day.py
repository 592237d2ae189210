"""A planned day: an exact number of buyers between two instants, and those who change their minds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

import msgspec

from bazaar.world.agenda import Agenda, Return, Visit
from bazaar.world.facts import Purchase, PurchaseLine
from bazaar.world.profiles import PROFILES
from bazaar.world.randomness import NamedRandom


class DayPlan(msgspec.Struct, frozen=True, kw_only=True):
    """`orders` buyers from `start` to `end`, on `parties` or on every marketplace by its share; the rates are
    parts of those whose order was placed."""

    orders: int
    start: datetime
    end: datetime
    key: str = "day"
    profile: str = "flat"
    parties: tuple[str, ...] = ()
    cancel_rate: float = 0.02  # the whole order, soon after buying
    partial_cancel_rate: float = 0.01  # one unit of one line, soon after buying
    refund_rate: float = 0.02  # one line, once it is shipped

    def __post_init__(self) -> None:
        if self.end <= self.start or self.orders < 0:
            raise ValueError("a day needs an end after its start and a number of orders")
        if self.profile not in PROFILES:
            raise ValueError(f"unknown profile {self.profile!r}: {', '.join(PROFILES)}")


def split_by_share(count: int, shares: Mapping[str, float]) -> dict[str, int]:
    """`count` split in proportion, by the largest remainder: the parts always add up to `count`."""
    total = sum(shares.values())
    if total <= 0:
        raise ValueError("no marketplace has a share of the demand")
    exact = {key: count * share / total for key, share in shares.items()}
    parts = {key: int(value) for key, value in exact.items()}
    by_remainder = sorted(exact, key=lambda key: (parts[key] - exact[key], key))
    for key in by_remainder[: count - sum(parts.values())]:
        parts[key] += 1
    return parts


def schedule_day(
    plan: DayPlan, shares: Mapping[str, float], rng: NamedRandom, agenda: Agenda
) -> dict[str, int]:
    """Put every buyer of the day into the agenda; how many go to each marketplace."""
    parts = split_by_share(plan.orders, shares)
    parties = [key for key, count in parts.items() for _ in range(count)]
    rng.shuffle(parties)
    for index, (at, party) in enumerate(zip(_instants(plan, rng), parties, strict=True), start=1):
        number = agenda.next_number()
        agenda.add(Visit(at=at, number=number, party=party, plan=plan.key, index=index))
    return parts


def _instants(plan: DayPlan, rng: NamedRandom) -> list[datetime]:
    """Sorted instants, drawn by rejection against the profile's hours."""
    weights, span = PROFILES[plan.profile], plan.end - plan.start
    peak = max(weights)
    found: list[datetime] = []
    while len(found) < plan.orders:
        at = plan.start + span * rng.random()
        if rng.random() * peak <= weights[at.hour]:
            found.append(at)
    return sorted(found)


def planned_return(
    plan: DayPlan, rng: NamedRandom, reference: str, bought: Purchase, at: datetime, number: int
) -> Return | None:
    """Whether this buyer changes his mind: he cancels, cancels one unit, or sends one line back."""
    draw = rng.random()
    soon, late = at + timedelta(minutes=rng.uniform(2, 60)), at + timedelta(hours=rng.uniform(2, 12))
    line = rng.choice(bought.lines)
    one = PurchaseLine(sku=line.sku, quantity=1)
    if draw < plan.cancel_rate:
        return Return(at=soon, number=number, reference=reference, lines=bought.lines, reason="changed mind")
    draw -= plan.cancel_rate
    if draw < plan.partial_cancel_rate:
        return Return(
            at=soon, number=number, reference=reference, lines=(one,), reason="ordered one too many"
        )
    draw -= plan.partial_cancel_rate
    if draw < plan.refund_rate:
        return Return(
            at=late,
            number=number,
            reference=reference,
            lines=(line,),
            reason="does not suit",
            only_shipped=True,
        )
    return None
