"""The units of one article, shared between the article and the kits that take it: the rule, in plain Python.

Down to its last units an article and its kits are in escrow together. Each of them (a *member*) gets a budget, within
which `escrow` shares between pools as it does for any product. What all of them may still sell before we hear of it,
and what is about to be written, is never more than the article's units:

    Σ over members of (units in one of it × what it may sell at most)  ≤  units of the article
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Member:
    """The article itself (`each` is 1) or a kit."""

    product: int
    each: int
    """Units of the article in one of it."""
    exposed: int
    """What all its pools together may still sell before we hear of it, of its own units."""
    cap: int
    """What all its pools together may show by their rules; 0: nothing."""
    weight: int
    """Thousandths of units a day that it sells, plus one for each pool."""


def divide(units: int, members: Sequence[Member]) -> dict[int, int]:
    """How many of itself each member may have in the hands of its pools. `units` of the article are available.

    As long as nothing can be oversold as it is, what each has stays its own and only what is in nobody's hands is
    given out, to who has nothing first. Otherwise nobody gets more, and who is above its part comes down.
    """
    parts = fair_parts(units, members)
    slack = units - sum(member.each * member.exposed for member in members)
    if slack < 0:
        return {one.product: min(parts[one.product], one.exposed) for one in members}
    budgets = {one.product: one.exposed for one in members}
    for one in sorted(members, key=lambda m: (m.exposed > 0, *_rank(m))):
        more = max(0, min(parts[one.product] - one.exposed, slack // one.each))
        budgets[one.product] += more
        slack -= more * one.each
    starved = [one for one in members if parts[one.product] > 0 and budgets[one.product] == 0]
    if starved:
        _take_back(budgets, parts, members, units=min(one.each for one in starved) - slack)
    else:
        _leave_the_rest(budgets, members, slack)
    return budgets


def fair_parts(units: int, members: Sequence[Member]) -> dict[int, int]:
    """One of itself to each, best sellers first; the rest by share of demand; and what is left over in that order."""
    ranked = sorted((one for one in members if one.cap > 0), key=_rank)
    parts = dict.fromkeys((one.product for one in members), 0)
    left = units
    for one in ranked:
        if one.each <= left:
            parts[one.product] = 1
            left -= one.each
    rest, demand = left, sum(one.weight * one.each for one in ranked)
    for one in ranked:
        left -= _give(parts, one, rest * one.weight * one.each // demand)
    for one in ranked:
        left -= _give(parts, one, left)
    return parts


def _give(parts: dict[int, int], one: Member, units: int) -> int:
    """As many whole ones as `units` make and its cap has room for; the units that they take."""
    more = min(units // one.each, one.cap - parts[one.product])
    parts[one.product] += more
    return more * one.each


def _take_back(
    budgets: dict[int, int], parts: Mapping[int, int], members: Sequence[Member], *, units: int
) -> None:
    """From who is furthest above its part, for a member that has nothing to sell."""
    holders = [one for one in members if one.exposed > parts[one.product]]
    for one in sorted(holders, key=lambda m: (m.each * (parts[m.product] - m.exposed), *_rank(m)))[:1]:
        fewer = min(one.exposed - parts[one.product], -(-units // one.each))
        budgets[one.product] -= max(0, fewer)


def _leave_the_rest(budgets: dict[int, int], members: Sequence[Member], slack: int) -> None:
    """Units that nobody has room for yet: to who may need them when what it shows becomes certain."""
    for one in sorted(members, key=_rank):
        if one.cap > 0:
            budgets[one.product] += slack // one.each
            slack %= one.each


def _rank(one: Member) -> tuple[int, int]:
    return -one.weight, one.product


def tightest(budgets: Iterable[Mapping[int, int]]) -> dict[int, int]:
    """A kit of several scarce articles goes by the one that leaves it least."""
    found: dict[int, int] = {}
    for one in budgets:
        for product, units in one.items():
            found[product] = min(units, found.get(product, units))
    return found
