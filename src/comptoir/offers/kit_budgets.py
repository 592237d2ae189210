"""The budgets of articles and kits that share last units: from what their pools hold, for the statement that writes.

`HELD` and `BUDGETED` are that very statement (`desired`), read instead of written, and with budgets: products that
are in no kit keep their own, without either.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from comptoir.catalog.models import Product
from comptoir.core.bulk import fetch
from comptoir.inventory.availability import available
from comptoir.offers.kit_sharing import Member, divide, tightest
from comptoir.offers.sharers import Family, find_sharers

_FROM = "SELECT sellable.product_id, sellable.available::int AS available,"
_TO = "SELECT sellable.product_id, least(sellable.available, budget.units)::int AS available,"
_WHERE = "    WHERE sellable.available <="
_JOIN = """    LEFT JOIN unnest(%(budgeted)s::bigint[], %(budgets)s::int[]) AS budget (product_id, units)
        ON budget.product_id = sellable.product_id
    WHERE sellable.product_id = ANY(%(shared)s::bigint[]) OR sellable.available <="""
_WRITES = ",\nwanted AS ("
_HOLDS = "\nSELECT product_id, sum(exposed)::int, sum(cap)::int, sum(weight)::bigint FROM pool GROUP BY 1"


@dataclass(frozen=True)
class Held:
    """Of one product, over all its pools: see `kit_sharing.Member`."""

    product: int
    exposed: int
    cap: int
    weight: int


class Variant:
    """Another form of the statement that writes; made once of each."""

    def __init__(self, *, reads: bool) -> None:
        self._reads = reads

    @lru_cache(maxsize=4)  # noqa: B019 - two of them live as long as the program
    def of(self, statement: str) -> str:
        for part in (_FROM, _WHERE, _WRITES):
            if statement.count(part) != 1:
                raise ValueError(f"the statement has no place of its own for {part!r}")
        budgeted = statement.replace(_FROM, _TO).replace(_WHERE, _JOIN)
        return budgeted.partition(_WRITES)[0] + _HOLDS if self._reads else budgeted


HELD, BUDGETED = Variant(reads=True), Variant(reads=False)


def budgets_of(families: Mapping[int, Family], held: Sequence[Held]) -> dict[int, int]:
    """Of each product that shares a scarce article with another one: what all its pools together may have."""
    known = {one.product: one for one in held}
    units = available(list(families))
    shares = []
    for article, family in families.items():
        members = [
            Member(product, each, known[product].exposed, known[product].cap, known[product].weight)
            for product, each in family
            if product in known
        ]
        if len(members) > 1:
            shares.append(divide(units.get(article, 0), members))
    return tightest(shares)


_SHOWN = """
SELECT product_id, sum(quantity)::int FROM (
    SELECT o.product_id, max(o.desired_quantity) AS quantity
    FROM offers_offer o JOIN channels_channel channel ON channel.id = o.channel_id
    WHERE o.in_escrow AND o.product_id IS NOT NULL AND o.quantity_error = '' AND channel.state = 'active'
      AND channel.escrow AND NOT channel.stock_stopped
    GROUP BY o.product_id, channel.stock_pool
) pool GROUP BY product_id
"""


@dataclass(frozen=True)
class Overshown:
    sku: str
    shown: int
    """Units of it, alone and in kits, over all pools."""
    available: int


def find_overshown() -> list[Overshown]:
    """Last units of which more is wanted on the channels that can be told than there is; empty once all is settled."""
    shown = {product: int(units) for product, units in fetch(_SHOWN)}
    sharers = find_sharers(sorted(shown))
    families = {
        product: [(product, 1)] for product in shown.keys() - set(sharers.in_families)
    } | sharers.families
    there = available(list(families))
    wrong = {}
    for article, family in families.items():
        wanted = sum(each * shown.get(product, 0) for product, each in family)
        if wanted > there.get(article, 0):
            wrong[article] = wanted
    skus = Product.objects.in_bulk(list(wrong))
    return [Overshown(skus[one].sku, units, there.get(one, 0)) for one, units in sorted(wrong.items())]
